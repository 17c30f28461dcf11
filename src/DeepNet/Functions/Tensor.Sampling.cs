namespace DeepNet;

// Drawing categories. Distributions with densities and divergences are in DeepNet.Distributions.
public sealed partial class Tensor
{
    /// <summary>
    /// Draws categories, as int64, with probabilities in proportion to the weights of a vector, or of each row of a matrix. Drawn on the
    /// processor, so that they are the same on all devices.
    /// </summary>
    /// <param name="count">How many to draw from each row.</param>
    /// <param name="replacement">
    /// Whether a category can be drawn again. If not, they are in the order in which they are drawn one by one.
    /// </param>
    /// <param name="generator">The source of the random numbers; by default <see cref="Generator.Default"/>.</param>
    public Tensor Multinomial(int count, bool replacement = false, Generator? generator = null)
        => Ops.Multinomial.Of(this, count, replacement, generator);

    /// <summary>
    /// Draws from a relaxed categorical distribution with these logits: positive numbers that sum to 1 along an axis, nearly 0 and 1 at a
    /// low temperature, with a gradient.
    /// </summary>
    /// <param name="temperature">The temperature.</param>
    /// <param name="hard">Whether the result is exactly 0 and 1, with the gradient of the soft sample (straight-through).</param>
    /// <param name="axis">The axis of the categories.</param>
    /// <param name="generator">The source of the random numbers; by default <see cref="Generator.Default"/>.</param>
    public Tensor GumbelSoftmax(double temperature = 1, bool hard = false, int axis = -1, Generator? generator = null)
        => Ops.GumbelSoftmax.Of(this, temperature, hard, axis, generator);
}
