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
    {
        if (!(alpha > 0 && double.IsFinite(alpha)))
            throw new ArgumentOutOfRangeException(nameof(alpha), $"[mixup] alpha is {alpha}: it must be positive and finite.");
        (this.alpha, this.classes) = (alpha, classes);
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var y = batch.Y.Detach();
        if (!y.DType.IsFloating())
            y = y.OneHot(
                classes ?? throw new ArgumentException(
                    $"[mixup] the targets are labels ({y.DType.Name()} {y.Shape}), and those cannot be mixed. Say how many classes there "
                        + "are: new Mixup(alpha, classes: 10)."));
        var share = new float[keys.Length];
        var partner = new long[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            var generator = keys[i].Generator();
            double a = generator.Gamma(alpha), b = generator.Gamma(alpha);
            share[i] = a + b > 0 ? (float)(a / (a + b)) : 1;           // both underflow for a tiny alpha: nearly pure
            partner[i] = generator.Below(keys.Length);
        }
        var index = Tensor.From<long>(partner);
        return new Batch(Mix(batch.X.Detach(), index, share), Mix(y, index, share));
    }

    private static Tensor Mix(Tensor t, Tensor index, float[] share)
    {
        int[] column = [t.Shape[0], .. Enumerable.Repeat(1, t.Rank - 1)];
        var own = Tensor.From<float>(share, new Shape(column)).To(t.Device);
        var other = t.IndexSelect(0, index.To(t.Device));
        return other + (t - other) * own;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Mixup({alpha})";
}
