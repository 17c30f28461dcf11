namespace DeepNet.Data.Transforms;

/// <summary>
/// Turns, shifts and zooms images by random amounts, in one step of bilinear sampling. What comes in from outside is 0.
/// </summary>
public sealed class RandomAffine : ITransform
{
    private readonly double degrees, shift, lowZoom, highZoom;

    /// <summary>Limits of what happens.</summary>
    /// <param name="degrees">The largest turn to either side.</param>
    /// <param name="shift">The largest shift along each axis, as a fraction of the image.</param>
    /// <param name="lowZoom">The smallest factor of size.</param>
    /// <param name="highZoom">The largest factor of size.</param>
    public RandomAffine(double degrees = 0, double shift = 0, double lowZoom = 1, double highZoom = 1)
    {
        if (!(degrees >= 0 && double.IsFinite(degrees)))
            throw new ArgumentOutOfRangeException(
                nameof(degrees), $"[random_affine] a turn of up to {degrees} degrees to either side cannot be.");
        if (!(shift is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(shift), $"[random_affine] the shift is a fraction of the image, from 0 to 1, not {shift}.");
        if (!(lowZoom > 0 && lowZoom <= highZoom && double.IsFinite(highZoom)))
            throw new ArgumentOutOfRangeException(nameof(lowZoom), $"[random_affine] there is no zoom from {lowZoom} to {highZoom}.");
        (this.degrees, this.shift, this.lowZoom, this.highZoom) = (degrees, shift, lowZoom, highZoom);
    }

    /// <summary>Only turns.</summary>
    public static RandomAffine Rotate(double degrees) => new(degrees: degrees);

    /// <summary>Only shifts.</summary>
    public static RandomAffine Shift(double fraction) => new(shift: fraction);

    /// <summary>Only zooms.</summary>
    public static RandomAffine Zoom(double low, double high) => new(lowZoom: low, highZoom: high);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("random_affine", batch.X);
        var source = Planes.Dense(batch.X);
        var result = Tensor.Empty(batch.X.Shape);
        using var reading = source.LeaseReadOnly<float>();
        using var writing = result.Lease<float>();
        var from = reading.Span;
        var to = writing.Span;
        for (int i = 0; i < planes.Examples; i++)
        {
            var generator = keys[i].Generator();
            double angle = generator.Uniform(-degrees, degrees) * Math.PI / 180;
            double dx = generator.Uniform(-shift, shift) * planes.Width, dy = generator.Uniform(-shift, shift) * planes.Height;
            double zoom = Math.Exp(generator.Uniform(Math.Log(lowZoom), Math.Log(highZoom)));
            var map = new Warp(planes.Width, planes.Height, angle, zoom, dx, dy);
            for (int c = 0; c < planes.Channels; c++)
            {
                int at = i * planes.ExampleSize + c * planes.PlaneSize;
                map.Sample(from.Slice(at, planes.PlaneSize), to.Slice(at, planes.PlaneSize));
            }
        }
        return batch with { X = result };
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomAffine({degrees}°, shift {shift}, zoom {lowZoom}–{highZoom})";
}
