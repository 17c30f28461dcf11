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
        nint block = (nint)(end - from) * lattice.Columns.Output;
        for (; channels > 0; channels--, image += lattice.ImagePlane)
        {
            for (int i = 0; i < lattice.Rows.Kernel; i++)
                for (int j = 0; j < lattice.Columns.Kernel; j++, to += block)
                    GatherTap(new TapRange(lattice, i, j, from, end), image, to);
        }
    }

    /// <summary>The adjoint: adds every element to the input it was read from.</summary>
    public static void Scatter<T>(in Lattice lattice, T* from, int channels, int fromRow, int end, T* image) where T : unmanaged, INumberBase<T>
    {
        nint block = (nint)(end - fromRow) * lattice.Columns.Output;
        for (; channels > 0; channels--, image += lattice.ImagePlane)
        {
            for (int i = 0; i < lattice.Rows.Kernel; i++)
                for (int j = 0; j < lattice.Columns.Kernel; j++, from += block)
                    ScatterTap(new TapRange(lattice, i, j, fromRow, end), from, image);
        }
    }

    /// <summary>The part of a block of outputs whose tap (i, j) is inside the image, and where it starts there.</summary>
    private readonly struct TapRange
    {
        public readonly int Above, Rows, Below, Width, Left, Columns, Step;
        public readonly nint Start, RowStep;

        public TapRange(in Lattice lattice, int i, int j, int from, int end)
        {
            int first = Math.Clamp(lattice.Rows.First(i), from, end), last = Math.Clamp(lattice.Rows.End(i), first, end);
            (Above, Rows, Below) = (first - from, last - first, end - last);
            Width = lattice.Columns.Output;
            Left = lattice.Columns.First(j);
            Columns = lattice.Columns.End(j) - Left;
            Step = lattice.Columns.Stride;
            Start = (nint)lattice.Rows.Position(first, i) * lattice.Columns.Input + lattice.Columns.Position(Left, j);
            RowStep = (nint)lattice.Rows.Stride * lattice.Columns.Input;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherTap<T>(in TapRange tap, T* image, T* to) where T : unmanaged
    {
        int width = tap.Width, left = tap.Left, columns = tap.Columns, step = tap.Step;
        new Span<T>(to, tap.Above * width).Clear();
        to += tap.Above * width;
        T* from = image + tap.Start;
        for (int row = 0; row < tap.Rows; row++, from += tap.RowStep, to += width)
        {
            for (int i = 0; i < left; i++) to[i] = default;
            if (step == 1) CopyRow(from, to + left, columns);
            else
                for (nint i = 0; i < columns; i++) to[left + i] = from[i * step];
            for (int i = left + columns; i < width; i++) to[i] = default;
        }
        new Span<T>(to, tap.Below * width).Clear();
    }

    /// <summary>Rows are short: a call that copies memory costs more than the few vectors it moves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow<T>(T* from, T* to, int n) where T : unmanaged
    {
        int lanes = Vector<T>.Count, i = 0;
        for (; i + lanes <= n; i += lanes) Vector.Load(from + i).Store(to + i);
        if (i < n && n >= lanes) Vector.Load(from + n - lanes).Store(to + n - lanes);
        else
            for (; i < n; i++) to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterTap<T>(in TapRange tap, T* from, T* image) where T : unmanaged, INumberBase<T>
    {
        int columns = tap.Columns, step = tap.Step, lanes = Vector<T>.Count;
        from += tap.Above * tap.Width + tap.Left;
        T* to = image + tap.Start;
        for (int row = 0; row < tap.Rows; row++, to += tap.RowStep, from += tap.Width)
        {
            nint i = 0;
            if (step == 1)
                for (; i + lanes <= columns; i += lanes) (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
            for (; i < columns; i++) to[i * step] += from[i];
        }
    }
}
