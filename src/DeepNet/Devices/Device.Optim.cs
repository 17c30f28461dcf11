using DeepNet.Optim;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// Applies each item's rule to each element of its tensors, in place: one pass over all of them. Dense; of an item all of
    /// one shape and element type (float32 or float64), and states that the rule does not have may be null. The gradient may be
    /// the parameter itself.
    /// </summary>
    /// <param name="items">The tensors.</param>
    /// <param name="scale">What <see cref="TryClipLater"/> made: a factor for all gradients.</param>
    protected internal abstract void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale = null)
        where TRule : unmanaged, IUpdateRule<TRule>;

    /// <summary>
    /// The factor that scales gradients, all of one type, down to a joint 2-norm of at most <paramref name="most"/>, and that norm
    /// (float64), both left on the device: nobody waits. An update with such a factor leaves everything as it is if the norm is not finite,
    /// and the error is thrown when somebody next waits. Null on devices that have nothing to gain by it: the caller asks for the norm.
    /// </summary>
    protected internal virtual (Tensor Norm, Tensor Scale)? TryClipLater(ReadOnlySpan<Tensor> gradients, double most) => null;

    /// <summary>
    /// A measure over pairs of tensors, dense, of one shape and element type within a pair; combined in double precision, in an
    /// order that depends on the sizes alone.
    /// </summary>
    protected internal abstract double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
        where TMeasure : unmanaged, IMeasure<TMeasure>;
}
