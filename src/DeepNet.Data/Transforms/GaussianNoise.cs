namespace DeepNet.Data.Transforms;

/// <summary>Adds normal noise to every element of the inputs.</summary>
public sealed class GaussianNoise : ITransform
{
    private readonly double std;

    /// <summary>Noise of a standard deviation, in the units of the inputs.</summary>
    public GaussianNoise(double std)
    {
        if (!(std >= 0 && double.IsFinite(std)))
            throw new ArgumentOutOfRangeException(
                nameof(std), $"[gaussian_noise] the standard deviation is {std}: it must be finite and not negative.");
        this.std = std;
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        if (!batch.X.DType.IsFloating())
            throw new ArgumentException(
                $"[gaussian_noise] the inputs are {batch.X.DType.Name()}: noise has fractions. Convert them first.");
        var result = batch.X.Detach().Clone();
        for (int i = 0; i < keys.Length; i++)
        {
            var example = result[i];
            example.AddInPlace(Tensor.Normal(example.Shape, 0, std, example.DType, example.Device, keys[i].Generator()));
        }
        return batch with { X = result };
    }

    /// <inheritdoc/>
    public override string ToString() => $"GaussianNoise({std})";
}
