using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="Lamb"/>.</summary>
public sealed record LambOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public LambOptions() : base(1e-3, weightDecay: 0.01) => Epsilon = 1e-6;
}

/// <summary>
/// LAMB (You et al. 2020), for large batches: each tensor goes along Adam's direction, its decay included, by the learning rate times its
/// own norm, so that all layers change at the same relative speed.
/// </summary>
/// <remarks>
/// A tensor that is zero, or whose direction is, goes by the learning rate itself. Biases and norms are usually left without decay, in a
/// group of their own.
/// </remarks>
public sealed class Lamb : DirectedOptimizer
{
    private readonly UpdateBatch<AdamDirection> batch = new();
    private readonly double beta2, epsilon;

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public Lamb(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new LambOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public Lamb(IEnumerable<Parameter> parameters, LambOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public Lamb(IEnumerable<ParameterGroup> groups, LambOptions options) : base(groups, options)
    {
        (beta2, epsilon) = options.OfSquares;
        DecoupledDecay = true;
    }

    /// <inheritdoc/>
    public override string Name => "lamb";

    internal override IReadOnlyList<string> StateNames => AdamDirection.StateNames;

    private protected override bool DecaysInDirection => true;

    private protected override void Direct(IReadOnlyList<Direction> directions)
    {
        foreach (var d in directions)
        {
            bool isDecoupled = d.Group.DecoupledDecay ?? DecoupledDecay;
            AdamDirection.Add(
                batch, d, d.Group.Momentum, beta2, epsilon, isDecoupled ? d.Group.WeightDecay ?? WeightDecay : 0);
        }
        batch.Run();
        foreach (var d in directions)
        {
            double own = Direction.Norm(d.Progress.Parameter.Value), along = Direction.Norm(d.Along!);
            d.Length = d.Group.LearningRate * (own > 0 && along > 0 ? own / along : 1);
        }
    }
}
