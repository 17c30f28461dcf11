namespace DeepNet.Devices.Cpu;

/// <summary>
/// The layout of one channel with its zeros around it, in which every tap of every output is a valid place, and the outputs of
/// a row read neighbours: with stride s the columns are dealt out to s runs.
/// </summary>
internal readonly unsafe struct PaddedPlane
{
    private readonly Taps rows, columns;
    private readonly int height, run;

    public PaddedPlane(in ConvolutionGeometry geometry)
    {
        (rows, columns) = (geometry.Rows, geometry.Columns);
        height = (rows.Output - 1) * rows.Stride + (rows.Kernel - 1) * rows.Dilation + 1;
        run = columns.Output + (columns.Kernel - 1) * columns.Dilation / columns.Stride;
    }

    private nint RowLength => (nint)run * columns.Stride;

    /// <summary>Gets the number of elements to provide.</summary>
    public nint Size => height * RowLength;

    /// <summary>From one output row to the next.</summary>
    public nint RowStep => rows.Stride * RowLength;

    /// <summary>Gets the offset of tap (i, j) for the first output of a row.</summary>
    public nint Offset(int i, int j)
    {
        int column = j * columns.Dilation;
        return i * rows.Dilation * RowLength + (nint)(column % columns.Stride) * run + column / columns.Stride;
    }

    /// <summary>Lays a channel out.</summary>
    public void Fill<T>(T* channel, T* plane) where T : unmanaged
    {
        new Span<T>(plane, (int)Size).Clear();
        Move(channel, plane, toPlane: true);
    }

    /// <summary>Takes a channel back out of the plane; what no tap reads is zero.</summary>
    public void Extract<T>(T* plane, T* channel) where T : unmanaged
    {
        new Span<T>(channel, rows.Input * columns.Input).Clear();
        Move(channel, plane, toPlane: false);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private void Move<T>(T* channel, T* plane, bool toPlane) where T : unmanaged
    {
        int stride = columns.Stride;
        for (int i = Math.Max(0, rows.Before); i < Math.Min(height, rows.Before + rows.Input); i++)
        {
            T* line = channel + (nint)(i - rows.Before) * columns.Input, row = plane + i * RowLength;
            for (int phase = 0; phase < stride; phase++, row += run)
            {
                // Place q of this run is column q · stride + phase − Before.
                int shift = phase - columns.Before;
                int first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
                int end = Math.Min(run, columns.Input - shift <= 0 ? 0 : (columns.Input - shift + stride - 1) / stride);
                if (end <= first) continue;
                T* at = line + first * stride + shift;
                if (toPlane) ImageRow.Take(at, stride, row + first, end - first);
                else ImageRow.Put(row + first, at, stride, end - first);
            }
        }
    }
}
