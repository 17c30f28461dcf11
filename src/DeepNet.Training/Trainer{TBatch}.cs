using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>
/// Trains a model on batches of any type: a tensor, a tuple or a dictionary of tensors, or a record that implements
/// <see cref="IBatch{TSelf}"/>. Everything else is as with <see cref="Trainer"/>.
/// </summary>
/// <typeparam name="TBatch">The type of a batch.</typeparam>
/// <example><code>
/// var trainer = new Trainer&lt;Reviews&gt;(model, optimizer, batch =>
/// {
///     var stars = model.Forward(batch.Tokens, batch.Mask);
///     return new StepOutput(Loss.CrossEntropy(stars, batch.Stars), stars, batch.Stars);
/// })
/// {
///     Metrics = [new Accuracy()],
/// };
/// trainer.Fit(train, validation, epochs: 5);
/// </code></example>
public class Trainer<TBatch> : Trainer
{
    private readonly Func<TBatch, StepOutput>? compute;

    /// <summary>A trainer of a model.</summary>
    /// <param name="model">The model whose parameters are saved; several models can be fields of one.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="compute">The whole way from a batch to its loss.</param>
    public Trainer(Module model, Optimizer optimizer, Func<TBatch, StepOutput> compute) : this(model, optimizer)
    {
        ArgumentNullException.ThrowIfNull(compute);
        this.compute = compute;
    }

    /// <summary>For a trainer that overrides <see cref="Compute(TBatch)"/>.</summary>
    protected Trainer(Module model, Optimizer optimizer) : base(model, optimizer) => BatchTensors.Require<TBatch>("trainer");

    /// <inheritdoc cref="Trainer.Fit"/>
    public History Fit(Loader<TBatch> train, Loader<TBatch>? validation = null, int epochs = 1, CancellationToken cancellation = default)
        => Run(Data(train), validation is null ? null : Data(validation), epochs, cancellation);

    /// <inheritdoc cref="Trainer.FitAsync"/>
    public Task<History> FitAsync(Loader<TBatch> train, Loader<TBatch>? validation = null, int epochs = 1,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        => RunAsync(Data(train), validation is null ? null : Data(validation), epochs, progress, cancellationToken);

    /// <inheritdoc cref="Trainer.Evaluate(Loader{Batch}, CancellationToken)"/>
    public Evaluation Evaluate(Loader<TBatch> data, CancellationToken cancellation = default)
        => new Evaluator(this).Run(Data(data), cancellation);

    /// <summary>Computes the outputs of the steps for a data set, in the order of its loader.</summary>
    /// <returns>The outputs along the first axis, without history.</returns>
    public Tensor Predict(Loader<TBatch> data, CancellationToken cancellation = default) => PredictSteps(Data(data), cancellation);

    /// <inheritdoc cref="Trainer.FindLearningRate(Loader{Batch}, CancellationToken)"/>
    public LearningRateSweep FindLearningRate(Loader<TBatch> data, CancellationToken cancellation = default)
        => new LearningRateFinder().Run(this, data, cancellation);

    /// <inheritdoc cref="Trainer.Compute"/>
    protected internal virtual StepOutput Compute(TBatch batch) => compute is not null
        ? compute(batch)
        : throw new InvalidOperationException($"[trainer] {GetType().Name} was made without a step, and does not override Compute.");

    /// <summary>Refuses batches of another type.</summary>
    protected internal sealed override StepOutput Compute(Batch batch) => batch is TBatch own
        ? Compute(own)
        : throw new InvalidOperationException(
            $"[trainer] the step of this trainer takes batches of type {typeof(TBatch).Name}, and the loader makes batches of x and y. "
                + $"Use a DataLoader<{typeof(TBatch).Name}>.");

    internal TrainingData Data(Loader<TBatch> loader)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return new TrainingData<TBatch>(this, loader, Compute);
    }
}
