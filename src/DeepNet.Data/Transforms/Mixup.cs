namespace DeepNet.Data.Transforms;

/// <summary>
/// Mixes each example with another of its batch, inputs and targets alike, by a share drawn from a Beta distribution. After Zhang,
/// Cissé, Dauphin and Lopez-Paz (2018). The targets become probabilities, which <c>Loss.CrossEntropy</c> takes.
/// </summary>
public sealed class Mixup : ITransform
{
    private readonly double alpha;
    private readonly int? classes;

    /// <summary>Mixes by shares from Beta(alpha, alpha).</summary>
    /// <param name="alpha">Small keeps most examples nearly pure; 1 makes all shares alike.</param>
    /// <param name="classes">The number of classes, if targets are labels; they are made one-hot first.</param>
    public Mixup(double alpha = 0.2, int? classes = null)
        => (this.alpha, this.classes) = (SoftTargets.CheckedAlpha("mixup", alpha), classes);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var y = SoftTargets.Of("mixup", batch.Y, classes);
        var shares = new float[keys.Length];
        var partners = new long[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            var generator = keys[i].Generator();
            shares[i] = (float)SoftTargets.Share(generator, alpha);
            partners[i] = generator.Below(keys.Length);
        }
        var index = Tensor.From<long>(partners);
        return new Batch(SoftTargets.Mix(batch.X.Detach(), index, shares), SoftTargets.Mix(y, index, shares));
    }

    /// <inheritdoc/>
    public override string ToString() => $"Mixup({alpha})";
}
