using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Sines and cosines of random directions (Rahimi and Recht 2007; Tancik et al. 2020): a network behind them learns detail that it would
/// smooth away, and a linear one is a Gaussian kernel machine.
/// </summary>
public sealed class FourierFeatures : Layer
{
    [StateName("direction")]
    private readonly StateBuffer direction;     // (features, count)

    /// <summary>Makes the layer.</summary>
    /// <param name="features">The length of the last axis of the input.</param>
    /// <param name="count">The number of directions; there are twice as many outputs.</param>
    /// <param name="scale">The standard deviation of frequencies, in oscillations for each unit of input: finer detail for larger
    /// ones.</param>
    /// <param name="generator">The source of the directions.</param>
    public FourierFeatures(int features, int count, double scale = 1, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        direction = new StateBuffer(Init.Normal(Tensor.Empty(new Shape(features, count)), 0, 2 * Math.PI * scale, generator));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        var angle = x.MatMul(direction);
        return Tensor.Cat([angle.Sin(), angle.Cos()], -1);
    }

    /// <inheritdoc/>
    public override string Description => $"FourierFeatures({direction.Value.Shape[0]}, {direction.Value.Shape[1]})";
}
