using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

/// <summary>
/// For a gamma distribution of concentration a, with density p, and ψ its mean logarithm: the integral of (ln t − ψ)ⁿ·p(t) below x, or
/// where x > max(a, 1) minus that above x, divided by x·p(x), as a function of a and ln x. The family is closed under derivatives.
/// </summary>
/// <remarks>
/// In u = ln(t/x) it is ∫ (L + u)ⁿ·exp(a·u − x·(eᵘ − 1)) du with L = ln x − ψ(a), over the negative or positive numbers: nothing overflows
/// and nothing cancels. Of order 0 it gives the distribution function, of order 1 minus the derivative of ln x by a where that function
/// stays as it is. Computed on the processor, in float64.
/// </remarks>
internal sealed class GammaMoment(int order) : Operator, ISampled
{
    /// <summary>The moment in the type and on the device of ln x.</summary>
    public static Tensor Of(int order, Tensor concentration, Tensor logX)
    {
        var shape = Axis.Broadcast("gamma_moment", concentration.Shape, logX.Shape);
        return new GammaMoment(order).Apply(Host(concentration).Expand(shape), Host(logX).Expand(shape)).To(logX.DType).To(logX.Device);
    }

    /// <summary>
    /// The distribution function P(a, x) for x ≥ 0, the regularised lower incomplete gamma function; in the type and on the device of x,
    /// and within 1e-15·(100 + a·ln a).
    /// </summary>
    public static Tensor LowerTail(Tensor concentration, Tensor x)
    {
        Tensor a = Host(concentration), place = Host(x), log = place.Log();
        var isUpper = (place > a.Maximum(1)).To(DType.Float64);
        var tail = Of(0, a, log) * (a * log - place - a.LogGamma()).Exp();
        return (tail + isUpper).To(x.DType).To(x.Device);
    }

    /// <summary>A tensor where such functions are computed: on the processor, in float64.</summary>
    public static Tensor Host(Tensor x)
    {
        if (Listener.IsOn) Listener.RefuseAll("gamma", "is computed by the processor beside the kernels");
        return x.To(Device.Cpu).To(DType.Float64);
    }

    public override string Name => "gamma_moment";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        if (Listener.IsOn) Listener.RefuseAll(Name, "is computed by the processor beside the kernels");
        Tensor a = inputs[0].Contiguous(), logX = inputs[1].Contiguous(), y = Tensor.Allocate(a.Shape, DType.Float64, Device.Cpu);
        GammaIntegral.Run(order, a, logX, y);
        Save(0, inputs[0]);
        Save(1, inputs[1]);
        SaveResult(2, y);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        Tensor a = Saved(0), logX = Saved(1), y = Saved(2), offset = logX - a.Digamma();
        if (Needs(0))
        {
            var slope = Of(order + 1, a, logX) - offset * y;
            if (order > 0) slope -= order * a.Trigamma() * Of(order - 1, a, logX);
            Give(0, gradient * slope);
        }
        if (Needs(1)) Give(1, gradient * (offset.Pow(order) - y * (a - logX.Exp())));
    }

    private static Tensor Concentrations => Tensor.From(0.4, 0.6, 1.3, 2.5, 40, 3, 0.4);

    private static Tensor Places => Tensor.From(-2.5, -0.4, -1.2, 0.7, 3.6, 2.5, 1.1);

    public static IEnumerable<Sample> Samples =>
    [
        new("order 0", x => Of(0, x[0], x[1]), Concentrations, Places),
        new("order 1", x => Of(1, x[0], x[1]), Concentrations, Places),
        new("order 2", x => Of(2, x[0], x[1]), Concentrations, Places),
        new("distribution function", x => LowerTail(x[0], x[1].Exp()), Concentrations, Places),
    ];
}
