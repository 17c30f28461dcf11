namespace DeepNet.Data.Transforms;

/// <summary>
/// Sets a square at a random place of each image to 0; it may stick out over the edge. After DeVries and Taylor (2017).
/// </summary>
public sealed class Cutout : ITransform
{
    private readonly int size;

    /// <summary>A square of some pixels' side.</summary>
    public Cutout(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        this.size = size;
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("cutout", batch.X);
        var result = Planes.Copy(batch.X);
        using var lease = result.Lease<float>();
        var pixels = lease.Span;
        for (int i = 0; i < planes.Examples && planes.PlaneSize > 0; i++)
        {
            var generator = keys[i].Generator();
            int top = generator.Below(planes.Height) - size / 2, left = generator.Below(planes.Width) - size / 2;
            int begin = Math.Max(0, left), end = Math.Min(planes.Width, left + size);
            for (int c = 0; c < planes.Channels; c++)
                for (int y = Math.Max(0, top); y < Math.Min(planes.Height, top + size); y++)
                    pixels.Slice(((i * planes.Channels + c) * planes.Height + y) * planes.Width + begin, end - begin).Clear();
        }
        return batch with { X = result };
    }

    /// <inheritdoc/>
    public override string ToString() => $"Cutout({size})";
}
