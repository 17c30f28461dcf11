namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// y = (x − mean) / √(variance + ε) · weight + bias, with the mean and (biased) variance of each group, which are stored too; the
    /// mean is 0 where the layout does not center. All dense; x and y may both have their channels side by side where
    /// <see cref="KnowsChannelsLast"/> and groups are channels.
    /// </summary>
    protected internal abstract void Normalize(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance);

    /// <summary>
    /// The gradients of x, weight and bias, those that are not null, from the gradient g of the result; all dense, dx may be g. The layouts
    /// of x, g and dx are the same.
    /// </summary>
    protected internal abstract void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias);
}
