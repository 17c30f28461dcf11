namespace DeepNet.Nn;

/// <summary>Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts each element by learned numbers.</summary>
public sealed class LayerNorm : Layer
{
    private readonly Shape normalized;
    private readonly double epsilon;
    private readonly Parameter? weight, bias;

    /// <summary>Normalises the last axis.</summary>
    public LayerNorm(int features, double epsilon = 1e-5, bool affine = true, bool bias = true)
        : this(new Shape(features), epsilon, affine, bias) { }

    /// <summary>Normalises the last axes, which have the given lengths.</summary>
    public LayerNorm(Shape normalizedShape, double epsilon = 1e-5, bool affine = true, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        (normalized, this.epsilon) = (normalizedShape, epsilon);
        if (!affine) return;
        weight = new Parameter(Tensor.Ones(normalizedShape));
        if (bias) this.bias = new Parameter(Tensor.Zeros(normalizedShape));
    }

    /// <summary>The scales; null without them.</summary>
    public Parameter? Weight => weight;

    /// <summary>The shifts; null without them.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => RowNorm.Of("layer_norm", x, normalized, weight, bias, epsilon, isCentered: true);

    /// <inheritdoc/>
    public override string Description => $"LayerNorm{normalized}";
}

/// <summary>Divides the last axes of each sample by their root mean square, then scales each element by a learned number.</summary>
public sealed class RmsNorm : Layer
{
    private readonly Shape normalized;
    private readonly double epsilon;
    private readonly Parameter? weight;

    /// <summary>Normalises the last axis.</summary>
    public RmsNorm(int features, double epsilon = 1e-5, bool affine = true)
    {
        (normalized, this.epsilon) = (new Shape(features), epsilon);
        if (affine) weight = new Parameter(Tensor.Ones(normalized));
    }

    /// <summary>The scales; null without them.</summary>
    public Parameter? Weight => weight;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => RowNorm.Of("rms_norm", x, normalized, weight, null, epsilon, isCentered: false);

    /// <inheritdoc/>
    public override string Description => $"RmsNorm{normalized}";
}

/// <summary>Computes the norms of the last axes.</summary>
internal static class RowNorm
{
    public static Tensor Of(string op, Tensor x, Shape normalized, Parameter? weight, Parameter? bias, double epsilon, bool isCentered)
    {
        int from = x.Rank - normalized.Rank;
        if (from < 0 || !x.Shape.Axes[from..].SequenceEqual(normalized.Axes))
            throw new ArgumentException($"[{op}] expects (..., {string.Join(", ", normalized.Axes.ToArray())}), got {x.Shape}.");
        x = x.To(DTypes.ComputeFloating(x.DType));
        int inner = (int)normalized.Count, rows = inner == 0 ? 0 : (int)(x.Count / inner);
        return Ops.Normalize.Of(x, new(1, rows, inner, isCentered, true), Flat(weight), Flat(bias), epsilon);
    }

    private static Tensor? Flat(Parameter? parameter)
        => parameter is null ? null : parameter.Shape.Rank == 1 ? parameter.Value : parameter.Value.Reshape(-1);
}
