namespace DeepNet.Devices.Cpu;

/// <summary>
/// What a convolution reads and writes, whichever way it goes, and how it is cut into blocks: all a matter of the shapes alone.
/// </summary>
internal readonly struct ConvolutionPlan
{
    /// <summary>Elements of a block's source that stay in the second-level cache beside the weights.</summary>
    private const int BlockElements = 1 << 15;

    private const int LeastPlaces = 256, MostPlaces = 1024;

    /// <summary>With fewer channels the sums of one tap are too short to be worth their start.</summary>
    private const int LeastChannels = 4;

    /// <summary>Channels whose planes a block holds at once.</summary>
    private const int MostChannels = 128;

    private ConvolutionPlan(in ConvolutionGeometry geometry, in TapAxis rows, in TapAxis columns, int channels, int outputs, int mostPlaces)
    {
        (Batch, Groups, Channels, Outputs, Rows, Columns, Taps) =
            (geometry.Batch, geometry.Groups, channels, outputs, rows, columns, geometry.Kernel);
        IsLowered = Taps == 1 ? rows.Classes * columns.Classes == 1 : channels < LeastChannels && !rows.IsAdjoint;
        ChannelsPerChunk = Math.Clamp(channels, 1, IsLowered && Taps > 1 ? LeastChannels : MostChannels);
        long read = (long)ChannelsPerChunk * (IsLowered ? Taps : 1);
        long places = Math.Clamp(BlockElements / read, LeastPlaces, mostPlaces), ofImage = Math.Max(1, (long)rows.Places * columns.Places);
        (RowsPerBlock, RowBlocks) = Even(rows.Places, places / Math.Max(1, columns.Places));
        (ImagesPerBlock, ImageBlocks) = RowBlocks > 1 ? (1, Batch) : Even(Batch, places / ofImage);
    }

    /// <summary>From the image to the result.</summary>
    public static ConvolutionPlan Result(in ConvolutionGeometry geometry)
        => new(geometry, TapAxis.Result(geometry.Rows), TapAxis.Result(geometry.Columns), geometry.InPerGroup, geometry.OutPerGroup,
        MostPlaces);

    /// <summary>From the result's gradient to the image's.</summary>
    public static ConvolutionPlan Image(in ConvolutionGeometry geometry)
        => new(geometry, TapAxis.Image(geometry.Rows), TapAxis.Image(geometry.Columns), geometry.OutPerGroup, geometry.InPerGroup,
        MostPlaces);

    /// <summary>From the image and the result's gradient to the weight's: reads as the result does, but sums over places.</summary>
    public static ConvolutionPlan Weight(in ConvolutionGeometry geometry)
        => new(geometry, TapAxis.Result(geometry.Rows), TapAxis.Result(geometry.Columns), geometry.InPerGroup, geometry.OutPerGroup,
        LeastPlaces);

    public int Batch { get; }
    public int Groups { get; }

    /// <summary>Channels read and written, of one group.</summary>
    public int Channels { get; }

    /// <inheritdoc cref="Channels"/>
    public int Outputs { get; }

    public readonly TapAxis Rows, Columns;

    /// <summary>Taps of the kernel.</summary>
    public int Taps { get; }

    /// <inheritdoc cref="TapPlanes"/>
    public bool IsLowered { get; }

    public int ChannelsPerChunk { get; }
    public int RowsPerBlock { get; }
    public int RowBlocks { get; }
    public int ImagesPerBlock { get; }
    public int ImageBlocks { get; }

    /// <summary>Elements of one channel of the source and of the target.</summary>
    public nint SourcePlane => (nint)Rows.Source * Columns.Source;

    /// <inheritdoc cref="SourcePlane"/>
    public nint TargetPlane => (nint)Rows.Target * Columns.Target;

    /// <summary>Gets the number of terms of a sum: channels times taps.</summary>
    public nint Depth => (nint)Channels * Taps;

    public TapPlanes Planes(int lanes) => new(Rows, Columns, IsLowered, RowsPerBlock, ImagesPerBlock, lanes);

    /// <summary>
    /// Lists the taps that a class of outputs uses, and where its first output finds them. A lowered source has one for all.
    /// </summary>
    public unsafe int ListTaps(int rowClass, int columnClass, in TapPlanes planes, int* numbers, nint* offsets)
    {
        if (IsLowered)
        {
            (*numbers, *offsets) = (0, 0);
            return 1;
        }
        int count = 0;
        for (int i = 0; i < Rows.Kernel; i++)
        {
            if (!Rows.TryTap(rowClass, i, out int rowPhase, out int rowShift)) continue;
            for (int j = 0; j < Columns.Kernel; j++)
            {
                if (!Columns.TryTap(columnClass, j, out int columnPhase, out int columnShift)) continue;
                numbers[count] = i * Columns.Kernel + j;
                offsets[count++] = planes.Offset(rowPhase, rowShift, columnPhase, columnShift);
            }
        }
        return count;
    }

    /// <summary>Cuts so that parts have at most the wanted size (but one at least), and are about equally large.</summary>
    private static (int Each, int Parts) Even(int all, long wanted)
    {
        int most = (int)Math.Clamp(wanted, 1, Math.Max(1, all)), parts = Math.Max(1, (all + most - 1) / most);
        return (Math.Max(1, (all + parts - 1) / parts), parts);
    }
}
