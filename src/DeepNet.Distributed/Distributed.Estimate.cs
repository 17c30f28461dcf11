using DeepNet.Nn;

namespace DeepNet.Distributed;

public static partial class Distributed
{
    /// <summary>Estimates up to how many ranks it pays to train a model on a batch of one size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">The time of a step on one rank, measured: with all of the batch.</param>
    /// <param name="interconnect">What connects the ranks.</param>
    /// <param name="wire">The element type in which gradients travel; float32 if null.</param>
    /// <example><code>
    /// Console.WriteLine(Distributed.Estimate(model, TimeSpan.FromMilliseconds(420), Interconnect.Ethernet25G));
    /// </code></example>
    public static ScaleEstimate Estimate(Module model, TimeSpan step, Interconnect interconnect, DType? wire = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(interconnect);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        long bytes = model.Parameters().Where(p => p.RequiresGrad).Sum(p => (long)p.Shape.Count) * (wire ?? DType.Float32).Size();
        return new ScaleEstimate(step.TotalSeconds, bytes, interconnect);
    }
}
