using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

/// <summary>
/// For a beta distribution of concentrations a and b, with density p, and ψ and φ the means of ln t and ln(1 − t): the integral of
/// (ln t − ψ)ᵐ·(ln(1 − t) − φ)ⁿ·p(t) below x, or where x > a/(a + b) minus that above x. The family is closed under derivatives.
/// </summary>
/// <remarks>Of order (0, 0) it gives the distribution function. Computed on the processor, in float64.</remarks>
internal sealed class BetaMoment(int first, int second) : Operator, ISampled
{
    private static Tensor Of(int first, int second, Tensor a, Tensor b, Tensor x)
        => new BetaMoment(first, second).Apply(GammaMoment.Host(a), GammaMoment.Host(b), GammaMoment.Host(x)).To(x.DType).To(x.Device);

    /// <summary>
    /// The distribution function for 0 &lt; x &lt; 1, the regularised incomplete beta function; in the type and on the device of x, and
    /// within 1e-13.
    /// </summary>
    public static Tensor Cdf(Tensor concentration1, Tensor concentration0, Tensor x)
    {
        var shape = Axis.Broadcast("beta_moment", Axis.Broadcast("beta_moment", concentration1.Shape, concentration0.Shape), x.Shape);
        Tensor a = GammaMoment.Host(concentration1).Expand(shape), b = GammaMoment.Host(concentration0).Expand(shape),
            place = GammaMoment.Host(x).Expand(shape);
        var isUpper = (place.Detach() > a.Detach() / (a.Detach() + b.Detach())).To(DType.Float64);
        return (Of(0, 0, a, b, place) + isUpper).To(x.DType).To(x.Device);
    }

    public override string Name => "beta_moment";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Tensor a = inputs[0].Contiguous(), b = inputs[1].Contiguous(), x = inputs[2].Contiguous(),
            y = Tensor.Allocate(a.Shape, DType.Float64, Device.Cpu);
        BetaIntegral.Run(first, second, a, b, x, y);
        for (int i = 0; i < 3; i++) Save(i, inputs[i]);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        Tensor a = Saved(0), b = Saved(1), x = Saved(2), total = a + b;
        if (Needs(0)) Give(0, gradient * Slope(first + 1, second, a));
        if (Needs(1)) Give(1, gradient * Slope(first, second + 1, b));
        if (!Needs(2)) return;
        Tensor logX = x.Log(), logRest = (-x).Log1p(), mean = total.Digamma();
        var density = ((a - 1) * logX + (b - 1) * logRest + total.LogGamma() - a.LogGamma() - b.LogGamma()).Exp();
        Give(2, gradient * density * (logX - a.Digamma() + mean).Pow(first) * (logRest - b.Digamma() + mean).Pow(second));

        // The density's own derivative raises one order; those of the means ψ and φ come with lower ones.
        Tensor Slope(int m, int n, Tensor own)
        {
            var slope = Of(m, n, a, b, x);
            bool isA = ReferenceEquals(own, a);
            Tensor common = total.Trigamma(), ownMean = own.Trigamma() - common;
            if (first > 0) slope -= first * (isA ? ownMean : -common) * Of(first - 1, second, a, b, x);
            if (second > 0) slope -= second * (isA ? -common : ownMean) * Of(first, second - 1, a, b, x);
            return slope;
        }
    }

    private static Tensor Ones => Tensor.From(0.4, 0.6, 1.3, 2.5, 40, 3, 0.4);

    private static Tensor Zeros => Tensor.From(1.4, 0.5, 0.3, 4, 30, 0.8, 0.4);

    private static Tensor Places => Tensor.From(0.1, 0.9, 0.3, 0.45, 0.52, 0.75, 0.97);

    public static IEnumerable<Sample> Samples =>
    [
        new("order 0, 0", x => Of(0, 0, x[0], x[1], x[2]), Ones, Zeros, Places),
        new("order 1, 0", x => Of(1, 0, x[0], x[1], x[2]), Ones, Zeros, Places),
        new("order 1, 1", x => Of(1, 1, x[0], x[1], x[2]), Ones, Zeros, Places),
        new("distribution function", x => Cdf(x[0], x[1], x[2]), Ones, Zeros, Places),
    ];
}
