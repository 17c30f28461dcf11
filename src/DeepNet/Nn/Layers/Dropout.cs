namespace DeepNet.Nn;

/// <summary>
/// While training, sets each element to 0 with a probability and scales the others so that the mean stays; while evaluating,
/// nothing. The mask is not stored: it is drawn again for the gradient.
/// </summary>
/// <param name="p">The probability of 0.</param>
/// <param name="generator">The source of masks; <see cref="Generator.Default"/> if none is given.</param>
public sealed class Dropout(double p = 0.5, Generator? generator = null) : Layer
{
    private readonly double p = Check.Probability("dropout", p);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => IsTraining ? Apply(x, p, generator) : x;

    internal static Tensor Apply(Tensor x, double p, Generator? generator)
        => p == 0 ? x : Ops.Dropout.Of(x, p, p == 1 ? 0 : 1 / (1 - p), generator);

    /// <summary>The same for parts as a whole, for which the first axes stand.</summary>
    internal static Tensor ApplyToParts(Tensor x, int axes, double p, Generator? generator)
    {
        int[] lengths = new int[x.Rank];
        Array.Fill(lengths, 1);
        x.Shape.Axes[..axes].CopyTo(lengths);
        return x * Apply(Tensor.Ones(new Shape(lengths), DTypes.ComputeFloating(x.DType), x.Device), p, generator);
    }

    /// <inheritdoc/>
    public override string Description => $"Dropout({p})";
}

/// <summary>The same for whole channels: of (N, C, H, W), or of anything with at least two axes.</summary>
/// <inheritdoc cref="Dropout" path="/param"/>
public sealed class Dropout2d(double p = 0.5, Generator? generator = null) : Layer
{
    private readonly double p = Check.Probability("dropout2d", p);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 2) throw new ArgumentException($"[dropout2d] {x.Shape} has no axis of channels: the input must be (N, C, ...).");
        if (!IsTraining || p == 0) return x;
        return Dropout.ApplyToParts(x, 2, p, generator);
    }

    /// <inheritdoc/>
    public override string Description => $"Dropout2d({p})";
}

/// <summary>
/// Dropout that keeps mean and variance for networks of <see cref="Selu"/>: elements go to its lower limit instead of 0, and all
/// are scaled and shifted.
/// </summary>
/// <inheritdoc cref="Dropout" path="/param"/>
public sealed class AlphaDropout(double p = 0.5, Generator? generator = null) : Layer
{
    // −λα of SELU.
    private const double Limit = -1.7580993408473766;

    private readonly double p = Check.Probability("alpha_dropout", p);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (!IsTraining || p == 0) return x;
        double scale = p == 1 ? 0 : 1 / Math.Sqrt((1 - p) * (1 + p * Limit * Limit));
        // scale·(x·m + Limit·(1 − m)) and a shift: with y = x − Limit it is y·m·scale and a constant.
        return Ops.Dropout.Of(x - Limit, p, scale, generator) + scale * Limit * (1 - p);
    }

    /// <inheritdoc/>
    public override string Description => $"AlphaDropout({p})";
}

/// <summary>
/// The same for whole samples: of (N, …). As the last layer of a residual branch it leaves the branch out, which is known as stochastic
/// depth.
/// </summary>
/// <inheritdoc cref="Dropout" path="/param"/>
public sealed class DropPath(double p = 0.1, Generator? generator = null) : Layer
{
    private readonly double p = Check.Probability("drop_path", p);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 1) throw new ArgumentException("[drop_path] a single number has no axis of samples: the input must be (N, ...).");
        return !IsTraining || p == 0 ? x : Dropout.ApplyToParts(x, 1, p, generator);
    }

    /// <inheritdoc/>
    public override string Description => $"DropPath({p})";
}
