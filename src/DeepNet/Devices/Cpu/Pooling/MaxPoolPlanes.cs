using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Max pooling of row-major float32 planes without dilation, a vector of neighbouring results at a time. Rows are first copied into a
/// padded band in which every stride-th column stands side by side, so that each element of a window is one load at a fixed distance.
/// A task is a plane. Results are those of <see cref="PoolLoops{T}"/>, bit by bit.
/// </summary>
internal unsafe struct MaxPoolPlanes : IPoolBody
{
    /// <summary>The elements that a band has at most, unless a window is higher: it stays in the first cache.</summary>
    private const int BandSize = 1 << 13;

    /// <summary>The columns that are split into even and odd ones at a time.</summary>
    private const int Pairs = 8;

    /// <summary>The rows that are copied together: few, so that large planes are read nearly in order.</summary>
    private const int RowsAtOnce = 16;

    public PoolLine Rows { readonly get; set; }
    public PoolLine Columns { readonly get; set; }
    public float* X, Y;
    public int* Places;
    public nint XPlane, YPlane;

    /// <summary>True if windows lie at even steps along the rows, and both axes are without dilation.</summary>
    public static bool Takes(PoolGrid grid)
        => grid.Columns is { Reach: > 0, Step: 1, Output: > 1 } && grid.Rows.Step == 1 && Vector.IsHardwareAccelerated;

    public readonly void Run(nint from, nint to)
    {
        int stride = Columns.Stride, highest = 1;
        for (int row = 0; row < Rows.Output; row++) highest = Math.Max(highest, Rows.End[row] - Rows.From[row]);
        int line = Math.Max(Columns.Output + (Columns.Reach - 1) / stride, (Columns.Input + Columns.Padding - 1) / stride + 1);
        int height = Math.Max(highest, Math.Min(Rows.Input, BandSize / (line * stride))), area = height * line;
        // A vector may read beyond the end of the last line.
        int size = area * stride + Vector<float>.Count;
        float* band = (float*)Scratch.Get((nint)size * sizeof(float) + (nint)highest * Columns.Reach * sizeof(Tap));
        var taps = (Tap*)(band + size);
        for (int i = 0; i < highest; i++)
        {
            for (int j = 0; j < Columns.Reach; j++)
                taps[i * Columns.Reach + j] = new Tap(j % stride * area + i * line + j / stride, i * Columns.Input + j);
        }
        // The padding stays as it is from plane to plane.
        new Span<float>(band, size).Fill(float.NegativeInfinity);
        for (nint plane = from; plane < to; plane++)
        {
            for (int first = 0, end; first < Rows.Output; first = end)
            {
                int top = Rows.From[first];
                for (end = first + 1; end < Rows.Output && Rows.End[end] - top <= height;) end++;
                float* x = X + plane * XPlane + (nint)top * Columns.Input;
                int rows = Rows.End[end - 1] - top;
                for (int row = 0; row < rows; row += RowsAtOnce)
                    Spread(x + row * Columns.Input, band + row * line, area, line, Math.Min(RowsAtOnce, rows - row));
                FindLargest(band - top * line, line, taps, plane, first, end, (to - plane) * YPlane);
            }
        }
    }

    /// <summary>Copies rows to lines, each remainder of the columns by the stride to an area of its own.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Spread(float* x, float* to, int area, int line, int rows)
    {
        int width = Columns.Input, stride = Columns.Stride, padding = Columns.Padding, done = 0;
        if (stride == 1)
        {
            for (int row = 0; row < rows; row++) CopyRow.Run(x + row * width, to + row * line + padding, width);
            return;
        }
        while (stride == 2 && width >= Pairs && done < width - 1)
        {
            // The last ones may copy some elements again.
            done = Math.Min(done, (width - Pairs) & ~1);
            float* from = x + done;
            float* even = to + padding % 2 * area + (done + padding) / 2, odd = to + (padding + 1) % 2 * area + (done + padding + 1) / 2;
            for (int row = 0; row < rows; row++, from += width, even += line, odd += line)
            {
                Vector256<float> pairs = Vector256.Shuffle(Vector256.Load(from), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
                pairs.GetLower().Store(even);
                pairs.GetUpper().Store(odd);
            }
            done += Pairs;
        }
        for (; done < width; done++)
        {
            float* from = x + done, column = to + (done + padding) % stride * area + (done + padding) / stride;
            for (int row = 0; row < rows; row++, from += width, column += line) *column = *from;
        }
    }

    /// <summary>Computes rows of results of a plane.</summary>
    /// <param name="band">The address that the first row of the plane has in the band, or would have.</param>
    /// <param name="line">The length of a line.</param>
    /// <param name="taps">The elements of a window.</param>
    /// <param name="plane">The index of the plane.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row behind the last.</param>
    /// <param name="room">The number of results, from the first of the plane on, that this task writes.</param>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void FindLargest(float* band, int line, Tap* taps, nint plane, int first, int end, nint room)
    {
        int lanes = Vector<float>.Count, width = Columns.Output;
        Vector<int> steps = Vector<int>.Indices * Columns.Stride - new Vector<int>(Columns.Padding);
        for (int row = first; row < end; row++)
        {
            int top = Rows.From[row];
            nint begin = plane * YPlane + (nint)row * width;
            float* window = band + top * line;
            Tap* behind = taps + (Rows.End[row] - top) * Columns.Reach;
            for (int column = 0; column < width; column += lanes)
            {
                var best = new Vector<float>(float.NegativeInfinity);
                var found = new Vector<int>(-1);
                for (var tap = taps; tap < behind; tap++)
                {
                    Vector<float> next = Vector.Load(window + column + tap->Distance);
                    // The first of equal ones, and NaN before all.
                    Vector<int> isLarger = Vector.GreaterThan(next, best) | ~Vector.Equals(next, next);
                    best = Vector.ConditionalSelect(isLarger, next, best);
                    found = Vector.ConditionalSelect(isLarger, new Vector<int>(tap->Place), found);
                }
                // A whole vector may be stored where what is too much is overwritten later.
                bool isWhole = (nint)row * width + column + lanes <= room;
                Store(best, Y + begin + column, width - column, isWhole);
                if (Places == null) continue;
                Vector<int> places = found + steps + new Vector<int>(top * Columns.Input + column * Columns.Stride);
                Store(places, Places + begin + column, width - column, isWhole);
                if (!Vector.LessThanAny(found, Vector<int>.Zero)) continue;
                // Nothing is larger than -∞: the place is the first in the window, which may begin in the padding.
                for (int i = column; i < Math.Min(column + lanes, width); i++)
                    if (found[i - column] < 0) Places[begin + i] = top * Columns.Input + Columns.From[i];
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static void Store<T>(Vector<T> values, T* to, int count, bool isWhole) where T : unmanaged
    {
        if (isWhole) values.Store(to);
        else
            for (int i = 0; i < Math.Min(count, Vector<T>.Count); i++) to[i] = values[i];
    }

    /// <summary>An element of a window: the distances from the first one to it, between their copies and in the plane.</summary>
    private readonly record struct Tap(int Distance, int Place);
}
