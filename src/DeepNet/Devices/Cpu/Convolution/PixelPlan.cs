namespace DeepNet.Devices.Cpu;

/// <summary>One axis of a convolution over pixels: where outputs of a class (see <see cref="TapAxis"/>) find their taps.</summary>
internal readonly struct PixelAxis
{
    private readonly TapAxis axis;
    private readonly Taps taps;

    public PixelAxis(in Taps taps, bool isAdjoint)
    {
        this.taps = taps;
        axis = isAdjoint ? TapAxis.Image(taps) : TapAxis.Result(taps);
        Step = isAdjoint ? 1 : taps.Stride;
        int least = 0, most = 0, last = 0;
        for (int @class = 0; @class < Classes; @class++)
        {
            for (int k = 0; k < taps.Kernel; k++)
            {
                if (!TryTap(@class, k, out int shift)) continue;
                (least, last) = (Math.Min(least, shift), Math.Max(last, shift));
                most = Math.Max(most, shift + (axis.Count(@class) - 1) * Step - axis.Source + 1);
            }
        }
        (Before, After, Reach) = (-least, most, last - least + 1);
    }

    /// <summary>Zeros that are read before the source and after it.</summary>
    public int Before { get; }

    /// <inheritdoc cref="Before"/>
    public int After { get; }

    /// <summary>Gets the number of source elements from the first to the last that one output reads.</summary>
    public int Reach { get; }

    public int Source => axis.Source;
    public int Target => axis.Target;
    public int Classes => axis.Classes;
    public int Kernel => taps.Kernel;

    /// <summary>From what one output reads to what the next of its class does.</summary>
    public int Step { get; }

    /// <summary>Outputs of a class; number m is target element m · Classes + class.</summary>
    public int Count(int @class) => axis.Count(@class);

    /// <summary>The source element that output 0 of a class reads with a tap; false if the class does not use it.</summary>
    public bool TryTap(int @class, int k, out int shift)
    {
        if (!axis.IsAdjoint)
        {
            shift = k * taps.Dilation - taps.Before;
            return true;
        }
        bool uses = axis.TryTap(@class, k, out _, out shift);
        shift -= axis.Before;
        return uses;
    }
}

/// <summary>A convolution over pixels, forward or back, and how it is cut into blocks of rows: a matter of the shapes alone.</summary>
internal readonly struct PixelPlan
{
    /// <summary>Outputs of a block, which is a task.</summary>
    private const int BlockPlaces = 256;

    public PixelPlan(in ConvolutionGeometry geometry, bool isAdjoint)
    {
        (Rows, Columns, Batch) = (new(geometry.Rows, isAdjoint), new(geometry.Columns, isAdjoint), geometry.Batch);
        (Channels, Outputs) = isAdjoint ? (geometry.Out, geometry.In) : (geometry.In, geometry.Out);
        (OutputStride, ChannelStride) = isAdjoint ? ((nint)geometry.Kernel, (nint)geometry.In * geometry.Kernel)
            : ((nint)geometry.In * geometry.Kernel, (nint)geometry.Kernel);
        int most = Rows.Count(0), rows = Math.Clamp(BlockPlaces / Math.Max(1, Columns.Count(0)), 1, most);
        RowBlocks = (most - 1) / rows + 1;
        RowsPerBlock = (most - 1) / RowBlocks + 1;
    }

    public readonly PixelAxis Rows, Columns;

    public int Batch { get; }
    public int Channels { get; }
    public int Outputs { get; }
    public int Taps => Rows.Kernel * Columns.Kernel;

    /// <summary>Distances in the weight; its taps lie side by side.</summary>
    public nint OutputStride { get; }

    /// <inheritdoc cref="OutputStride"/>
    public nint ChannelStride { get; }

    /// <summary>Rows of each class in a block.</summary>
    public int RowsPerBlock { get; }

    public int RowBlocks { get; }

    /// <summary>Lists the taps of a class: their numbers, and where its first output finds them in padded lines.</summary>
    public unsafe int ListTaps(int rowClass, int columnClass, nint line, int* numbers, nint* offsets)
    {
        int count = 0;
        for (int i = 0; i < Rows.Kernel; i++)
        {
            if (!Rows.TryTap(rowClass, i, out int row)) continue;
            for (int j = 0; j < Columns.Kernel; j++)
            {
                if (!Columns.TryTap(columnClass, j, out int column)) continue;
                numbers[count] = i * Columns.Kernel + j;
                offsets[count++] = (row + Rows.Before) * line + (nint)(column + Columns.Before) * Channels;
            }
        }
        return count;
    }
}
