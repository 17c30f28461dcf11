using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

/// <summary>
/// Gamma distributed numbers of rate 1, or their logarithms. The gradient follows the quantile: as the concentration changes, a number
/// moves so that the part of the distribution below it stays the same (Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients",
/// 2018), whatever the way in which it was drawn.
/// </summary>
internal sealed class GammaSample(RandomSource stream, bool isLog) : Operator
{
    /// <summary>A number for each concentration, in float64 and on the processor.</summary>
    public static Tensor Of(Tensor concentration, bool isLog, Generator? generator)
    {
        var stream = (generator ?? Generator.Default).Reserve((ulong)concentration.Count);
        return new GammaSample(stream, isLog).Apply(GammaMoment.Host(concentration));
    }

    public override string Name => "gamma";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        if (Listener.IsOn) Listener.RefuseAll(Name, "is drawn by the processor beside the kernels");
        Tensor a = inputs[0].Contiguous(), y = Tensor.Allocate(a.Shape, DType.Float64, Device.Cpu);
        RejectionLoop.Gamma(a, stream, y, isLog);
        Save(0, inputs[0]);
        SaveResult(1, y);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        Tensor a = Saved(0), y = Saved(1);
        var ofLog = gradient * GammaMoment.Of(1, a, isLog ? y : y.Log());
        Give(0, isLog ? -ofLog : -ofLog * y);
    }
}
