using DeepNet.Optim;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// Applies each item's rule to each element of its tensors, in place: one pass over all of them. Dense; of an item all of
    /// one shape and element type (float32 or float64), and states that the rule does not have may be null. The gradient may be
    /// the parameter itself.
    /// </summary>
    internal abstract void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items) where TRule : unmanaged, IUpdateRule<TRule>;

    /// <summary>
    /// A measure over pairs of tensors, dense, of one shape and element type within a pair; combined in double precision, in an
    /// order that depends on the sizes alone.
    /// </summary>
    internal abstract double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b) where TMeasure : unmanaged, IMeasure<TMeasure>;
}
