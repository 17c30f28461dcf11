namespace DeepNet.Training;

/// <summary>A figure of merit over a data set, gathered batch by batch.</summary>
/// <remarks>
/// It sees outputs and targets without gradients, in any batch sizes; what it reports does not depend on where the batches were cut.
/// </remarks>
public abstract class Metric
{
    /// <summary>Its name in logs and reports, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets a value that is true if larger values are better; early stopping and "best" checkpoints go by it.</summary>
    public virtual bool HigherIsBetter => true;

    /// <summary>The value over everything seen since the last <see cref="Reset"/>; NaN before the first batch.</summary>
    public abstract double Value { get; }

    /// <summary>Adds a batch: what the model gave, and what it should have given.</summary>
    public abstract void Update(Tensor output, Tensor target);

    /// <summary>
    /// Returns all that was seen since the last <see cref="Reset"/>, for <see cref="Merge"/> in another process. Needed where the data are
    /// shared among processes.
    /// </summary>
    /// <exception cref="NotSupportedException">The metric does not override it.</exception>
    public virtual double[] State() => throw NotShared();

    /// <summary>
    /// Adds what another metric of this kind has seen. Where the same states are merged in the same order, the value has the same bits.
    /// </summary>
    /// <param name="state">Its <see cref="State"/>.</param>
    /// <exception cref="NotSupportedException">The metric does not override it.</exception>
    public virtual void Merge(ReadOnlySpan<double> state) => throw NotShared();

    private NotSupportedException NotShared() => new(
        $"[{Name}] {GetType().Name} cannot be computed by several processes together: it overrides neither State nor Merge.");

    /// <summary>Forgets everything seen.</summary>
    public abstract void Reset();
}
