namespace DeepNet.Devices.Cpu;

/// <summary>
/// The layout of a block of the source (some rows of one image, or some images) in which every tap of every output is a valid
/// place: channel after channel, each with its zeros around it and its columns and rows dealt out to phases. From one channel
/// to the next it is always the same distance, so a tap is an offset, and a sum over channels walks with one stride.
/// </summary>
/// <remarks>
/// The zeros after a row serve as those before the next one. A source of very few channels is lowered instead: each tap gets a
/// plane of its own, shifted into place, and counts as a channel; then there are long sums again and nothing is read in vain.
/// </remarks>
internal readonly unsafe struct TapPlanes
{
    private readonly TapAxis rows, columns;
    private readonly bool isLowered;
    private readonly int planes, height, lead;
    private readonly nint planeStride;
    private readonly ulong readRows, readColumns;

    /// <param name="rows">The vertical axis.</param>
    /// <param name="columns">The horizontal axis.</param>
    /// <param name="isLowered">A plane for each tap.</param>
    /// <param name="places">Output rows in a block.</param>
    /// <param name="images">Images in a block.</param>
    /// <param name="lanes">The elements of a vector; a kernel may read so much beyond the end.</param>
    public TapPlanes(in TapAxis rows, in TapAxis columns, bool isLowered, int places, int images, int lanes)
    {
        this.rows = rows;
        this.columns = columns;
        this.isLowered = isLowered;
        int width = columns.Places;
        if (isLowered)
        {
            planes = rows.Kernel * columns.Kernel;
            (height, Pitch, lead) = (places, width, 0);
            ImageStride = height * Pitch;
            planeStride = OddLines(images * ImageStride + lanes);
            ChannelStride = planes * planeStride;
            return;
        }
        planes = rows.Phases * columns.Phases;
        height = places + rows.Reach;
        lead = Math.Max(0, columns.Before) / columns.Phases;
        int filled = Math.Min(width + columns.Reach, (Math.Max(0, columns.Before + columns.Source) + columns.Phases - 1) / columns.Phases);
        Pitch = Math.Max(filled, width + columns.Reach - lead);
        planeStride = height * Pitch;
        (readRows, readColumns) = (ReadPhases(rows), ReadPhases(columns));
        ImageStride = planes * planeStride;
        ChannelStride = OddLines(images * ImageStride + lead + lanes);
    }

    /// <summary>From one row to the next.</summary>
    public nint Pitch { get; }

    public nint ImageStride { get; }

    /// <summary>From a channel of the source to the next.</summary>
    public nint ChannelStride { get; }

    /// <summary>Gets the number of planes for each channel of the source: one, or its taps.</summary>
    public int ChannelsPerSource => isLowered ? planes : 1;

    /// <summary>From one of them to the next.</summary>
    public nint Step => isLowered ? planeStride : ChannelStride;

    /// <summary>Gets the offset of a tap for the first output.</summary>
    public nint Offset(int rowPhase, int rowShift, int columnPhase, int columnShift)
        => (rowPhase * columns.Phases + columnPhase) * planeStride + rowShift * Pitch + columnShift;

    /// <summary>
    /// An odd number of cache lines, so that the same place of many channels does not always fall into the same few sets.
    /// </summary>
    private static nint OddLines(nint elements) => (elements + 15) / 16 * 16 | 16;

    /// <summary>Lays out one channel of one image, from output row <paramref name="first"/> of each class on.</summary>
    public void Fill<T>(T* channel, T* to, int image, int first) where T : unmanaged
    {
        to += image * ImageStride;
        // The zeros after the image's last row; of a block that holds fewer images than it could, no other one brings them.
        new Span<T>(to + ImageStride, lead).Clear();
        for (int plane = 0; plane < planes; plane++, to += planeStride)
        {
            int side = isLowered ? columns.Kernel : columns.Phases, i = plane / side, j = plane % side;
            if (isLowered) FillPlane(
                channel, to, first * rows.Phases + i * rows.Dilation - rows.Before, j * columns.Dilation - columns.Before);
            else if ((readRows >> i & readColumns >> j & 1) != 0)
                FillPlane(channel, to, first * rows.Phases + i - rows.Before, j - columns.Before);
            else new Span<T>(to, lead).Clear(); // the zeros after the last row of the plane before
        }
    }

    /// <summary>A bit for each phase that some tap reads: a stride longer than the kernel leaves some out.</summary>
    private static ulong ReadPhases(in TapAxis axis)
    {
        // Shifts go by the number modulo 64; with more phases than that, some are filled for nothing.
        ulong read = 0;
        for (int k = 0; k < axis.Kernel; k++)
            if (axis.TryTap(0, k, out int phase, out _)) read |= 1UL << phase;
        return axis.Classes > 1 ? ulong.MaxValue : read;
    }

    /// <summary>Place (q, p) is source element (firstRow + q · row phases, firstColumn + p · column phases), or zero outside.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private void FillPlane<T>(T* channel, T* to, int firstRow, int firstColumn) where T : unmanaged
    {
        int pitch = (int)Pitch, step = columns.Phases, width = columns.Source;
        int left = Math.Clamp((step - 1 - firstColumn) / step, 0, pitch);
        int right = Math.Clamp((width - firstColumn + step - 1) / step, left, pitch);
        for (int q = 0, row = firstRow; q < height; q++, row += rows.Phases, to += pitch)
        {
            if (row < 0 || row >= rows.Source)
            {
                new Span<T>(to, pitch).Clear();
                continue;
            }
            for (int i = 0; i < left; i++) to[i] = default;
            ImageRow.Take(channel + (nint)row * width + firstColumn + (nint)left * step, step, to + left, right - left);
            for (int i = right; i < pitch; i++) to[i] = default;
        }
    }
}
