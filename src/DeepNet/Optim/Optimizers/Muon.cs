using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Specifies how far <see cref="Muon"/> moves a matrix of m rows and n columns.</summary>
public enum MuonScale
{
    /// <summary>
    /// By 0.2·√max(m, n) learning rates: elements move as far as with Adam, whose rates and decays then fit (Liu et al. 2025).
    /// </summary>
    MatchAdam,

    /// <summary>By √max(1, m/n) learning rates, as first described; rates are about 0.02.</summary>
    Original,
}

/// <summary>The settings of <see cref="Muon"/>.</summary>
public sealed record MuonOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public MuonOptions() : base(1e-3, weightDecay: 0.1) { }

    /// <summary>Gets the part of the mean of gradients of a matrix that is kept from step to step.</summary>
    public double Momentum { get; init; } = 0.95;

    internal override double GroupMomentum => Momentum;

    /// <summary>Gets a value that is true if the momentum is looked ahead along.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Gets the number of steps of the Newton-Schulz iteration.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>Gets how far a matrix is moved.</summary>
    public MuonScale Scale { get; init; }

    /// <summary>Gets β₁ of the parameters that AdamW updates.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets β₂ of the parameters that AdamW updates.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets ε of the parameters that AdamW updates.</summary>
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>
/// Muon (Jordan et al. 2024): the momentum of a matrix is brought near the closest orthogonal matrix, so that it moves equally far in all
/// its directions. Parameters that are no matrices are updated as by <see cref="AdamW"/>.
/// </summary>
/// <remarks>
/// A parameter of two axes or more is a matrix, its second axis and all after it taken as one. Embeddings and the output layer are
/// matrices too, but usually do better with AdamW: give them as the second argument of the constructor that takes groups.
/// </remarks>
/// <example><code>
/// var optimizer = new Muon([new(model.Blocks.Parameters())], [new(model.Embedding.Parameters()), new(model.Head.Parameters())], new());
/// </code></example>
public sealed class Muon : DirectedOptimizer
{
    // The polynomial that drives singular values to about 1 fastest.
    private const double A = 3.4445, B = -4.7750, C = 2.0315;

    // As PyTorch: keeps the quotient finite where the momentum is 0.
    private const double Least = 1e-7;

    private readonly MuonOptions options;
    private readonly HashSet<ParameterGroup> others;
    private readonly UpdateBatch<AdamDirection> batch = new();
    private readonly UpdateBatch<ApproachRule> means = new();

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public Muon(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new MuonOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Muon(IEnumerable<Parameter> parameters, MuonOptions options) : this(One(parameters), [], options) { }

    /// <summary>Initializes an optimizer of groups of parameters.</summary>
    /// <param name="groups">The groups whose matrices are updated by Muon, and the rest of them by AdamW.</param>
    /// <param name="others">The groups of which all parameters are updated by AdamW.</param>
    /// <param name="options">The settings, where a group has none of its own.</param>
    public Muon(IEnumerable<ParameterGroup> groups, IEnumerable<ParameterGroup> others, MuonOptions options)
        : base([.. groups, .. others = [.. others]], options)
    {
        this.options = options;
        this.others = [.. others];
        Check.Steps(nameof(options.Iterations), options.Iterations);
        Check.Fraction(nameof(options.Beta1), options.Beta1);
        Check.Fraction(nameof(options.Beta2), options.Beta2);
        Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
        DecoupledDecay = true;
    }

    /// <inheritdoc/>
    public override string Name => "muon";

    internal override IReadOnlyList<string> StateNames => AdamDirection.StateNames;

    internal override IReadOnlyList<string> StatesOf(ParameterProgress progress)
        => Groups.Any(g => IsMatrix(g, progress) && g.Progress.Contains(progress)) ? ["momentum"] : StateNames;

    private bool IsMatrix(ParameterGroup group, ParameterProgress progress)
        => progress.Parameter.Shape.Rank >= 2 && !others.Contains(group);

    private protected override void Direct(IReadOnlyList<Direction> directions)
    {
        foreach (var d in directions)
        {
            d.Length = d.Group.LearningRate;
            if (IsMatrix(d.Group, d.Progress))
                means.Add(new ApproachRule(1 - d.Group.Momentum), d.Progress.Prepare(0, d.Progress.Parameter.Shape), d.Gradient);
            else AdamDirection.Add(batch, d, options.Beta1, options.Beta2, options.Epsilon);
        }
        if (!batch.IsEmpty) batch.Run();
        if (!means.IsEmpty) means.Run();
        foreach (var d in directions)
            if (IsMatrix(d.Group, d.Progress)) Matrix(d);
    }

    private void Matrix(Direction d)
    {
        double keep = d.Group.Momentum;
        Tensor gradient = d.Gradient, mean = d.Progress.State0!;
        var along = (options.Nesterov ? gradient * (1 - keep) + mean * keep : mean).Reshape(gradient.Shape[0], -1);
        int rows = along.Shape[0], columns = along.Shape[1];
        d.Along = Orthogonal(along).Reshape(gradient.Shape.Axes);
        d.Length *= options.Scale == MuonScale.MatchAdam
            ? 0.2 * Math.Sqrt(Math.Max(rows, columns))
            : Math.Sqrt(Math.Max(1, (double)rows / columns));
    }

    /// <summary>The Newton-Schulz iteration X ← aX + (b·XXᵀ + c·(XXᵀ)²)X, on the smaller side.</summary>
    private Tensor Orthogonal(Tensor x)
    {
        bool isTall = x.Shape[0] > x.Shape[1];
        if (isTall) x = x.T;
        x = x / Math.Max(Direction.Norm(x), Least);
        for (int i = 0; i < options.Iterations; i++)
        {
            var square = x.MatMul(x.T);
            x = A * x + (B * square + C * square.MatMul(square)).MatMul(x);
        }
        return isTall ? x.T : x;
    }
}
