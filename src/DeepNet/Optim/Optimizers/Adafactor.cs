using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Adafactor"/>.</summary>
public sealed record AdafactorOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdafactorOptions() : base(1e-2) { }

    /// <summary>
    /// Gets a value that is true if a tensor moves by min(learning rate, 1/√step) times the root of its mean square; false for the learning
    /// rate as it is.
    /// </summary>
    public bool ScaleByParameter { get; init; } = true;

    /// <summary>Gets the power by which the mean of squares grows longer: at step t it keeps 1 − t^−decay.</summary>
    public double Decay { get; init; } = 0.8;

    /// <summary>Gets the number added to the squares of gradients.</summary>
    public double Epsilon { get; init; } = 1e-30;

    /// <summary>Gets the root of a tensor's mean square that counts at least.</summary>
    public double LeastScale { get; init; } = 1e-3;

    /// <summary>Gets the root of the mean square of a step, in learning rates, beyond which the step is scaled down.</summary>
    public double ClipThreshold { get; init; } = 1;
}

/// <summary>
/// Adafactor (Shazeer and Stern 2018): Adam without a mean of gradients, and of the mean of squares only sums over rows and over columns,
/// so that a matrix of m × n needs m + n numbers.
/// </summary>
/// <remarks>Tensors of more than two axes are stacks of matrices; those of one axis or none keep the whole mean.</remarks>
public sealed class Adafactor : DirectedOptimizer
{
    private static readonly string[] Factored = ["exp_avg_sq_row", "exp_avg_sq_column"], Whole = ["exp_avg_sq"];

    private readonly AdafactorOptions options;
    private readonly UpdateBatch<ApproachRule> means = new();

    /// <summary>Initializes an optimizer of parameters that are all updated alike.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">The largest relative step.</param>
    public Adafactor(IEnumerable<Parameter> parameters, double learningRate = 1e-2)
        : this(parameters, new AdafactorOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Adafactor(IEnumerable<Parameter> parameters, AdafactorOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public Adafactor(IEnumerable<ParameterGroup> groups, AdafactorOptions options) : base(groups, options)
    {
        this.options = options;
        Check.Positive(nameof(options.Decay), options.Decay);
        Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
        Check.NotNegative(nameof(options.LeastScale), options.LeastScale);
        Check.Positive(nameof(options.ClipThreshold), options.ClipThreshold);
        DecoupledDecay = true;
    }

    /// <inheritdoc/>
    public override string Name => "adafactor";

    internal override IReadOnlyList<string> StatesOf(ParameterProgress progress)
        => progress.Parameter.Shape.Rank >= 2 ? Factored : Whole;

    internal override Shape StateShape(ParameterProgress progress, int state)
    {
        int[] axes = [.. progress.Parameter.Shape];
        if (axes.Length >= 2) axes[axes.Length - 1 - state] = 1;
        return new Shape(axes);
    }

    private protected override void Direct(IReadOnlyList<Direction> directions)
    {
        foreach (var d in directions)
        {
            double root = Math.Sqrt(d.Gradient.Count), rate = d.Group.LearningRate;
            d.Along = Scaled(d.Progress, d.Gradient);
            double size = Direction.Norm(d.Along) / root;
            if (options.ScaleByParameter)
                rate = Math.Max(options.LeastScale, Direction.Norm(d.Progress.Parameter.Value) / root)
                    * Math.Min(rate, 1 / Math.Sqrt(d.Progress.Step));
            d.Length = rate / Math.Max(1, size / options.ClipThreshold);
        }
    }

    /// <summary>The gradient over the root of the mean of squares.</summary>
    private Tensor Scaled(ParameterProgress progress, Tensor gradient)
    {
        double share = Math.Pow(progress.Step, -options.Decay);
        var squares = gradient.Square() + options.Epsilon;
        if (gradient.Rank < 2) return gradient * Approach(0, squares).Rsqrt();
        Tensor rows = Approach(0, squares.Mean(-1, keepDim: true)), columns = Approach(1, squares.Mean(-2, keepDim: true));
        return gradient * (rows / rows.Mean(-2, keepDim: true)).Rsqrt() * columns.Rsqrt();

        Tensor Approach(int state, Tensor value)
        {
            var mean = progress.Prepare(state, StateShape(progress, state));
            means.Add(new ApproachRule(share), mean, value);
            means.Run();
            return mean;
        }
    }
}
