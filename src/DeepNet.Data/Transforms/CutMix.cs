namespace DeepNet.Data.Transforms;

/// <summary>
/// Puts a rectangle of another image of the batch into each, and mixes the targets by the areas. After Yun et al. (2019). The targets
/// become probabilities, which <c>Loss.CrossEntropy</c> takes.
/// </summary>
public sealed class CutMix : ITransform
{
    private readonly double alpha;
    private readonly int? classes;

    /// <summary>Keeps shares from Beta(alpha, alpha) of each image.</summary>
    /// <param name="alpha">1 makes all shares alike; small ones keep most images nearly pure.</param>
    /// <param name="classes">The number of classes, if targets are labels; they are made one-hot first.</param>
    public CutMix(double alpha = 1, int? classes = null)
        => (this.alpha, this.classes) = (SoftTargets.CheckedAlpha("cutmix", alpha), classes);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var y = SoftTargets.Of("cutmix", batch.Y, classes);
        var planes = Planes.Of("cutmix", batch.X);
        var source = Planes.Dense(batch.X);
        var result = Planes.Copy(batch.X);
        var shares = new float[keys.Length];
        var partners = new long[keys.Length];
        using (var reading = source.LeaseReadOnly<float>())
        using (var writing = result.Lease<float>())
            for (int i = 0; i < planes.Examples; i++)
            {
                var generator = keys[i].Generator();
                double side = Math.Sqrt(1 - SoftTargets.Share(generator, alpha));
                partners[i] = generator.Below(keys.Length);
                var (top, bottom) = Range(generator, planes.Height, side);
                var (left, right) = Range(generator, planes.Width, side);
                // What is cut off at the edge does not count.
                shares[i] = planes.PlaneSize == 0 ? 1 : 1 - (float)(bottom - top) * (right - left) / planes.PlaneSize;
                for (int c = 0; c < planes.Channels; c++)
                    for (int row = top; row < bottom; row++)
                    {
                        int at = (c * planes.Height + row) * planes.Width + left;
                        reading.Span.Slice((int)partners[i] * planes.ExampleSize + at, right - left)
                            .CopyTo(writing.Span[(i * planes.ExampleSize + at)..]);
                    }
            }
        return new Batch(result, SoftTargets.Mix(y, Tensor.From<long>(partners), shares));
    }

    // About a place that is anywhere in the image.
    private static (int Begin, int End) Range(Generator generator, int length, double side)
    {
        if (length == 0) return (0, 0);
        int cut = (int)(side * length), middle = generator.Below(length);
        return (Math.Clamp(middle - cut / 2, 0, length), Math.Clamp(middle - cut / 2 + cut, 0, length));
    }

    /// <inheritdoc/>
    public override string ToString() => $"CutMix({alpha})";
}
