namespace DeepNet.Models;

/// <summary>Penalties of functions that are not smooth, to be added to a loss with a weight.</summary>
public static class Smoothness
{
    /// <summary>
    /// The mean square of differences along an axis: of first order against slopes, of second order against bends, which leaves straight
    /// lines alone.
    /// </summary>
    /// <param name="values">Outputs at places of equal distance, such as a forecast for each hour.</param>
    /// <param name="axis">The axis of places.</param>
    /// <param name="order">The order of the differences.</param>
    public static Tensor Differences(Tensor values, int axis = -1, int order = 2)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Diff(order, axis).Square().Mean();
    }

    /// <summary>
    /// The mean squared difference of the outputs for inputs and for the same with a little noise. It needs no labels, so that examples
    /// without any can be learned from too.
    /// </summary>
    /// <param name="model">The function.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="scale">The standard deviation of the noise.</param>
    /// <param name="generator">The source of the noise.</param>
    public static Tensor Nearby(Func<Tensor, Tensor> model, Tensor x, double scale, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        return (model(x + scale * Tensor.RandnLike(x, generator: generator)) - model(x)).Square().Mean();
    }
}
