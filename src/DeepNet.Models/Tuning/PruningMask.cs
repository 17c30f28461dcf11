using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>A weight of which a mask of ones and zeros leaves some: those that are left out get no gradient and stay 0.</summary>
internal sealed class PruningMask(Parameter holder) : Parametrization
{
    private StateBuffer? mask;
    [NotChild]
    private readonly Parameter holder = holder;

    public StateBuffer Mask => mask!;

    protected override bool KeepsName => true;

    public override string Description => "PruningMask()";

    protected override Tensor Inverse(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        mask = new StateBuffer(Tensor.OnesLike(value));
        return value;
    }

    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x * Mask.Value;
    }

    /// <summary>Makes the parameter a plain one of its present value.</summary>
    public void Remove() => holder.RemoveParametrization();
}
