namespace DeepNet.Nn;

/// <summary>
/// Weight normalisation: a weight as a direction and a magnitude, which are trained apart. The magnitude is the norm over all axes but one,
/// a number for each output.
/// </summary>
/// <param name="axis">The axis that has magnitudes of its own; null for one magnitude in all.</param>
/// <example><code>
/// var layer = new Linear(128, 64);
/// layer.Weight.Parametrize(new WeightNorm());
/// </code></example>
public sealed class WeightNorm(int? axis = 0) : Parametrization
{
    private Parameter? magnitude;

    /// <summary>Gets the magnitudes; null before the parametrization belongs to a parameter.</summary>
    public Parameter? Magnitude => magnitude;

    /// <inheritdoc/>
    protected override Tensor Inverse(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        magnitude = new Parameter(Norm(value));
        return value;
    }

    /// <summary>Computes the weight from its direction.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x * (magnitude!.Value / Norm(x));
    }

    private Tensor Norm(Tensor x)
    {
        int kept = axis is { } given ? Axis.Normalize("weight_norm", given, x.Shape) : -1;
        int[] others = [.. Enumerable.Range(0, x.Rank).Where(i => i != kept)];
        return others.Length == 0 ? x.Abs() : x.Norm(2, others, keepDim: true);
    }

    /// <inheritdoc/>
    public override string Description => $"WeightNorm({(axis is { } given ? $"axis: {given}" : "")})";
}
