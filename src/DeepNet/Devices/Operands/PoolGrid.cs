namespace DeepNet.Devices;

/// <summary>The windows of a pooling over the last two axes of a tensor; the axes before them are just many images.</summary>
/// <param name="Image">The shape before pooling.</param>
/// <param name="Rows">The windows down the images.</param>
/// <param name="Columns">The windows across.</param>
public sealed record PoolGrid(Shape Image, PoolAxis Rows, PoolAxis Columns)
{
    /// <summary>The shape after pooling.</summary>
    public Shape Result { get; } = new([.. Image.Axes[..^2], Rows.Output, Columns.Output]);

    /// <summary>Gets the number of images.</summary>
    public nint Planes
    {
        get
        {
            nint count = 1;
            foreach (int length in Image.Axes[..^2]) count *= length;
            return count;
        }
    }
}
