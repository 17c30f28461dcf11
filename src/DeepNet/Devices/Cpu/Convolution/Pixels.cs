using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Images in memory, plane after plane or with the channels of a pixel side by side: kernels that work on pixels read and write
/// both, the second without a copy.
/// </summary>
internal readonly unsafe struct Pixels<T> where T : unmanaged
{
    public readonly T* First;
    public readonly nint Image, Channel, Row, Column;

    /// <param name="tensor">(N, C, H, W), of any layout; the caller keeps it alive.</param>
    public Pixels(Tensor tensor)
    {
        First = tensor.Pointer<T>();
        (Image, Channel, Row, Column) = (tensor.StrideArray[0], tensor.StrideArray[1], tensor.StrideArray[2], tensor.StrideArray[3]);
    }

    /// <summary>True if the channels of a pixel are neighbours, and so are the pixels of a row: a row can be read as it lies.</summary>
    public bool IsDenseInRows(int channels) => Channel == 1 && Column == channels;

    /// <summary>Gets the address of a row.</summary>
    public T* At(int image, int row) => First + image * Image + row * Row;

    /// <summary>
    /// Brings a row of pixels together, each <paramref name="pitch"/> elements long: channels that there are not become zero.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public void Take(int image, int row, int columns, int channels, T* to, int pitch)
        => Packing.Panel(At(image, row), Channel, Column, channels, columns, to, pitch);

    /// <summary>Puts a row of pixels where it belongs.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public void Put(T* from, int pitch, int image, int row, int columns, int channels)
    {
        T* to = At(image, row);
        if (Channel == 1)
        {
            for (int x = 0; x < columns; x++, from += pitch, to += Column) new Span<T>(from, channels).CopyTo(new Span<T>(to, channels));
            return;
        }
        int channel = 0;
        if (sizeof(T) == 4 && Column == 1 && columns >= 4 && Packing.CanTranspose)
            for (; channel + 4 <= channels; channel += 4)
                PutFour((float*)(from + channel), pitch, (float*)(to + channel * Channel), columns);
        for (; channel < channels; channel++)
            for (int x = 0; x < columns; x++) to[channel * Channel + x * Column] = from[(nint)x * pitch + channel];
    }

    private void PutFour(float* from, nint pitch, float* to, int columns)
    {
        for (int i = 0; i < columns; i += 4)
        {
            // The last four columns overlap those before them.
            int x = Math.Min(i, columns - 4);
            float* at = from + x * pitch, put = to + x;
            Vector128<float> r0 = Vector128.Load(at), r1 = Vector128.Load(at + pitch), r2 = Vector128.Load(at + 2 * pitch),
                r3 = Vector128.Load(at + 3 * pitch);
            Packing.Turn(ref r0, ref r1, ref r2, ref r3);
            r0.Store(put);
            r1.Store(put + Channel);
            r2.Store(put + 2 * Channel);
            r3.Store(put + 3 * Channel);
        }
    }
}
