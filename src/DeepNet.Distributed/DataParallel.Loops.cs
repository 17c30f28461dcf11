using DeepNet.Nn;

namespace DeepNet.Distributed;

// Loops without a trainer.
public sealed partial class DataParallel
{
    /// <summary>
    /// Gives all ranks the weights of rank 0, and prepares the reduction of gradients, for a loop without a <see cref="Training.Trainer"/>.
    /// The loader gets the strategy's <see cref="Shard"/>, and <see cref="Backward"/> takes the place of the loss's own.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <example><code>
    /// parallel.Attach(model);
    /// loader.Shard = parallel.Shard;
    /// foreach (var (x, y) in loader)
    /// {
    ///     optimizer.ZeroGrad();
    ///     parallel.Backward(Loss.CrossEntropy(model.Forward(x), y), x.Shape[0]);
    ///     optimizer.Step();
    /// }
    /// </code></example>
    public void Attach(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Shard.Count > 1)
            throw new InvalidOperationException(
                $"[data_parallel] {Shards} shards on {Size} ranks are {Shard.Count} parts a rank, which a Trainer goes through. In a "
                    + $"loop of your own "
                + "there is one part a rank.");
        Attach(model, model.Parameters());
    }

    /// <summary>Computes the gradients of a loss, and makes them those of the mean over the examples of all ranks.</summary>
    /// <param name="loss">The mean over this rank's part of the batch.</param>
    /// <param name="examples">The number of examples in it.</param>
    /// <returns>The loss over all ranks.</returns>
    public double Backward(Tensor loss, int examples)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (gradients is null && !IsAlone) throw new InvalidOperationException("[data_parallel] call Attach before the first step.");
        double value = loss.Detach().To(DType.Float64).Item<double>();
        double[][] all = Gather([value, examples]);
        double total = all.Sum(a => a[1]);
        BeginStep(1);
        BeginPart(0, 0);
        BeginBackward();
        (examples == total ? loss : loss * (examples / total)).Backward();
        EndPart(examples / total);
        EndStep();
        isReduced = false;
        Next = Training.Meeting.None;
        return all.Sum(a => a[0] * (a[1] / total));
    }
}
