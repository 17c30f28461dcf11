using System.Numerics;
using System.Runtime.CompilerServices;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Turns a convolution into a matrix product: a row for each channel and tap, with the input that each output reads. Only a
/// block of output rows at a time, small enough to stay in the cache until it is multiplied.
/// </summary>
internal static unsafe class Lowering
{
    /// <summary>Copies what the taps of <paramref name="channels"/> channels read for output rows [from, end).</summary>
    public static void Gather<T>(in Lattice lattice, T* image, int channels, int from, int end, T* to) where T : unmanaged
    {
        int width = lattice.Columns.Output;
        for (; channels > 0; channels--, image += lattice.ImagePlane)
        {
            for (int i = 0; i < lattice.Rows.Kernel; i++)
            {
                for (int j = 0; j < lattice.Columns.Kernel; j++)
                {
                    int first = lattice.Rows.First(i), last = lattice.Rows.End(i);
                    for (int row = from; row < end; row++, to += width)
                    {
                        if (row < first || row >= last) new Span<T>(to, width).Clear();
                        else GatherRow(lattice.Columns, j, image + (nint)lattice.Rows.Position(row, i) * lattice.Columns.Input, to);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherRow<T>(in Taps taps, int tap, T* line, T* to) where T : unmanaged
    {
        int first = taps.First(tap), end = taps.End(tap), step = taps.Stride;
        for (int i = 0; i < first; i++) to[i] = default;
        T* from = line + taps.Position(first, tap);
        if (step == 1) new Span<T>(from, end - first).CopyTo(new Span<T>(to + first, end - first));
        else
            for (int i = first; i < end; i++, from += step) to[i] = *from;
        for (int i = end; i < taps.Output; i++) to[i] = default;
    }

    /// <summary>The adjoint: adds every element to the input it was read from.</summary>
    public static void Scatter<T>(in Lattice lattice, T* from, int channels, int fromRow, int end, T* image) where T : unmanaged, INumberBase<T>
    {
        int width = lattice.Columns.Output;
        for (; channels > 0; channels--, image += lattice.ImagePlane)
        {
            for (int i = 0; i < lattice.Rows.Kernel; i++)
            {
                for (int j = 0; j < lattice.Columns.Kernel; j++)
                {
                    int first = lattice.Rows.First(i), last = lattice.Rows.End(i);
                    for (int row = fromRow; row < end; row++, from += width)
                        if (row >= first && row < last)
                            ScatterRow(lattice.Columns, j, from, image + (nint)lattice.Rows.Position(row, i) * lattice.Columns.Input);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterRow<T>(in Taps taps, int tap, T* from, T* line) where T : unmanaged, INumberBase<T>
    {
        int i = taps.First(tap), end = taps.End(tap), step = taps.Stride;
        T* to = line + taps.Position(i, tap);
        if (step == 1)
        {
            for (int lanes = Vector<T>.Count; i + lanes <= end; i += lanes, to += lanes)
                (Vector.Load(to) + Vector.Load(from + i)).Store(to);
        }
        for (; i < end; i++, to += step) *to += from[i];
    }
}
