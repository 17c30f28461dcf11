using System.Runtime.InteropServices;
using ILGPU.Runtime.CPU;

namespace DeepNet.Ilgpu;

/// <summary>
/// Page-locked host memory through which copies go. The caller's bytes are taken over at once, so a copy to the device runs beside the caller;
/// the ring waits for the device only when it has gone all the way round since the last wait. Like its device it lives as long as the process.
/// </summary>
internal sealed unsafe class Staging(IlgpuDevice device)
{
    private const int Piece = 4 << 20, Ring = 32 << 20;

    private PageLockedArray1D<byte>? memory;
    private long used;

    private int Size => device.Kind == DeviceKind.Emulated ? 1 << 16 : Ring;

    private PageLockedArray1D<byte> Memory => memory ??= device.Accelerator.AllocatePageLocked1D<byte>(Size, uninitialized: true);

    public void Upload(byte* from, ArrayView<byte> to)
    {
        for (long at = 0; at < to.Length;)
        {
            long n = Math.Min(Math.Min(Piece, Size), to.Length - at);
            if (used + n > Size) Wait();
            Copy(from + at, Address(used), n);
            using (var wrapper = Wrap(used, n)) to.SubView(at, n).CopyFrom(device.Stream, PieceOf(wrapper, used, n));
            used += (n + 63) & ~63L;
            at += n;
        }
    }

    public void Download(ArrayView<byte> from, byte* to)
    {
        // What is on its way up may lie in the ring still: it is waited for in any case.
        for (long at = 0; at < from.Length;)
        {
            Wait();
            long n = Math.Min(Size, from.Length - at);
            using (var wrapper = Wrap(0, n)) from.SubView(at, n).CopyTo(device.Stream, PieceOf(wrapper, 0, n));
            used = n;
            Wait();
            Copy(Address(0), to + at, n);
            at += n;
        }
    }

    // ILGPU's OpenCL copies take the length of the whole buffer on the host's side, so there a piece must be a buffer of its own.
    private CPUMemoryBuffer? Wrap(long at, long n)
        => device.Kind == DeviceKind.OpenCL ? CPUMemoryBuffer.Create(device.Accelerator, (nint)Address(at), n, 1) : null;

    private ArrayView<byte> PieceOf(CPUMemoryBuffer? wrapper, long at, long n)
        => wrapper is null ? Memory.ArrayView.SubView(at, n) : new ArrayView<byte>(wrapper, 0, n);

    private void Wait()
    {
        device.Wait();
        used = 0;
    }

    private byte* Address(long at) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Memory.Span)) + at;

    private static void Copy(byte* from, byte* to, long n) => Buffer.MemoryCopy(from, to, n, n);
}
