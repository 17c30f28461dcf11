namespace DeepNet.Training;

/// <summary>A metric that follows from how often each class was taken for each other.</summary>
public abstract class ClassMetric : Metric
{
    private readonly Averaging? averaging;
    private readonly string name;

    private protected ClassMetric(string name, Averaging? averaging, double threshold)
    {
        this.averaging = averaging;
        this.name = MetricValues.Named(name, averaging);
        Matrix = new ConfusionMatrix(null, threshold);
    }

    /// <inheritdoc/>
    public sealed override string Name => name;

    /// <summary>Gets the confusion matrix that the figure follows from.</summary>
    public ConfusionMatrix Matrix { get; }

    // Of two classes one asks for the second; of more, for all.
    private protected Averaging Kind => averaging ?? (Matrix.Classes == 2 ? Averaging.Binary : Averaging.Macro);

    /// <inheritdoc/>
    public sealed override void Reset() => Matrix.Reset();

    /// <inheritdoc/>
    public sealed override double[] State() => Matrix.State();

    /// <inheritdoc/>
    public sealed override void Merge(ReadOnlySpan<double> state) => Matrix.Merge(state);

    /// <inheritdoc/>
    public sealed override void Update(Tensor output, Tensor target) => Matrix.Update(output, target);
}
