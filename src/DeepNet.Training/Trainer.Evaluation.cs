using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training;

public partial class Trainer
{
    private const int EvaluationBatch = 256;

    /// <summary>Loss and metrics over a data set. Weights, modes, random keys and the loader stay as they are.</summary>
    /// <param name="data">The data to evaluate on.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    public Evaluation Evaluate(Loader<Batch> data, CancellationToken cancellation = default)
        => new Evaluator(this).Run(Data(data), cancellation);

    /// <summary>The same for a data set without a loader, in its order.</summary>
    public Evaluation Evaluate(IDataset data, int batchSize = EvaluationBatch, CancellationToken cancellation = default)
        => Evaluate(new DataLoader(data, batchSize), cancellation);

    /// <summary>Computes the model's output for many inputs, in batches.</summary>
    /// <param name="x">The inputs; the first axis counts them.</param>
    /// <param name="batchSize">The number of examples computed at once.</param>
    /// <returns>The outputs, without history, in the order of the inputs.</returns>
    public Tensor Predict(Tensor x, int batchSize = EvaluationBatch)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (x.Rank == 0 || x.Shape[0] == 0)
            throw new ArgumentException(
                $"[predict] x {x.Shape} has no first axis that counts inputs, or none along it. For a single one: x.Unsqueeze(0).");
        return Predict(Pieces(x, batchSize).Select(Inference), null, default);
    }

    /// <summary>Computes the model's output for a data set, in the order of its loader.</summary>
    public Tensor Predict(Loader<Batch> data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Predict(data.WithCancellation(cancellation).Select(batch => Inference(batch.X)), data, cancellation);
    }

    /// <summary>Computes the model's output for a data set, in its order.</summary>
    public Tensor Predict(IDataset data, int batchSize = EvaluationBatch, CancellationToken cancellation = default)
        => Predict(new DataLoader(data, batchSize), cancellation);

    private static IEnumerable<Tensor> Pieces(Tensor x, int size)
    {
        for (int at = 0; at < x.Shape[0]; at += size) yield return x.Narrow(0, at, Math.Min(size, x.Shape[0] - at));
    }

    private Func<Tensor> Inference(Tensor x) => () => InferCast(x.To(Parameters[0].Value.Device));

    /// <summary>Computes the outputs of the steps themselves.</summary>
    private protected Tensor PredictSteps(TrainingData data, CancellationToken cancellation)
    {
        return Predict(Steps(), data.Loader, cancellation);

        IEnumerable<Func<Tensor>> Steps()
        {
            using var batches = data.Begin(cancellation);
            while (batches.MoveNext())
            {
                var batch = batches.Current;
                yield return () => batch.Compute().Output
                    ?? throw new InvalidOperationException("[predict] the trainer's step gives no output: put one into its StepOutput.");
            }
        }
    }

    private Tensor Predict(IEnumerable<Func<Tensor>> steps, ILoader? data, CancellationToken cancellation)
    {
        var outputs = new List<Tensor>();
        using var mode = new EvaluationMode(this, data);
        using var noGrad = Autograd.NoGrad();
        using var source = steps.GetEnumerator();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = Memory.Scope();
            if (!source.MoveNext()) break;
            outputs.Add(scope.Keep(source.Current().Detach().Contiguous()));
        }
        if (outputs.Count == 0) throw new ArgumentException($"[predict] {data} has no examples.");
        return outputs.Count == 1 ? outputs[0] : Tensor.Cat([.. outputs]);
    }
}
