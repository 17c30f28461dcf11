namespace DeepNet.Data.Transforms;

/// <summary>The z-score: inputs of mean 0 and standard deviation 1. Fit it to the training part only, and apply it to all parts.</summary>
/// <example><code>
/// var zScore = Standardize.Fit(train);
/// var (trainSet, testSet) = (train.Map(zScore), test.Map(zScore));
/// </code></example>
public sealed class Standardize : ITransform
{
    /// <summary>Uses means and standard deviations that are known.</summary>
    /// <param name="mean">Broadcasts to an example.</param>
    /// <param name="std">The same; where it is 0 the feature is constant, and is only centred.</param>
    public Standardize(Tensor mean, Tensor std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (std.Count > 0 && !(std.Min().Item() >= 0))
            throw new ArgumentException("[standardize] a standard deviation is negative or NaN.");
        Mean = Memory.Keep(mean.Detach().Clone());
        Std = Memory.Keep(Tensor.Where(std.Detach() > 0, std.Detach(), 1).To(std.DType));
    }

    /// <summary>The means.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviations; 1 for what does not vary.</summary>
    public Tensor Std { get; }

    /// <summary>Measures each feature of a table (N, features), or each channel of images (N, channels, height, width).</summary>
    public static Standardize Fit(IDataset train)
    {
        var (mean, std, _, _) = Features.Measure("standardize", train);
        return new Standardize(mean, std);
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys) => batch with { X = Apply(batch.X) };

    /// <summary>Inputs, standardised.</summary>
    public Tensor Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (x - Mean) / Std;
    }

    /// <summary>Standardised inputs as they were.</summary>
    public Tensor Undo(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x * Std + Mean;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Standardize{Mean.Shape}";
}
