using System.Runtime.InteropServices;
using ILGPU.Runtime.CPU;

namespace DeepNet.Ilgpu;

/// <summary>
/// Page-locked host memory through which copies go. The caller's bytes are taken over at once, so a copy to the device runs beside the
/// caller; the ring waits for the device only when it has gone all the way round since the last wait. Like its device it lives as long as
/// the process.
/// </summary>
internal sealed unsafe class Staging(IlgpuDevice device)
{
    private const int Piece = 4 << 20, Ring = 32 << 20, Return = 4 << 20;

    private PageLockedArray1D<byte>? memory;
    private long used;

    private int Size => device.Kind == DeviceKind.Emulated ? 1 << 16 : Ring;

    // Behind the ring, what comes back has a place of its own: so it need not wait for what is on its way up.
    private int Room => device.Kind == DeviceKind.Emulated ? 1 << 16 : Return;

    private PageLockedArray1D<byte> Memory => memory ??= device.Accelerator.AllocatePageLocked1D<byte>(Size + Room, uninitialized: true);

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

    /// <summary>Brings the bytes back, and with them some from elsewhere: one wait for both, where they are few.</summary>
    public void Download(ArrayView<byte> from, byte* to, ArrayView<byte> beside, byte* toBeside)
    {
        if (beside.Length > 0) Bring(beside, Room - beside.Length);
        for (long at = 0; at < from.Length;)
        {
            long n = Math.Min(Room - beside.Length, from.Length - at);
            Bring(from.SubView(at, n), 0);
            Wait();
            Copy(Address(Size), to + at, n);
            at += n;
        }
        if (beside.Length > 0) Copy(Address(Size + Room - beside.Length), toBeside, beside.Length);
    }

    private void Bring(ArrayView<byte> from, long place)
    {
        using var wrapper = Wrap(Size + place, from.Length);
        from.CopyTo(device.Stream, PieceOf(wrapper, Size + place, from.Length));
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
