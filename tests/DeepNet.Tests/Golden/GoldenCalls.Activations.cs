using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Activations => new()
    {
        ["relu6"] = One(c => c[0].Relu6()),
        ["hard_tanh"] = One(c => c[0].HardTanh(c.Case.Number("min"), c.Case.Number("max"))),
        ["celu"] = One(c => c[0].Celu(c.Case.Number("alpha"))),
        ["hard_shrink"] = One(c => c[0].HardShrink(c.Case.Number("by"))),
        ["soft_shrink"] = One(c => c[0].SoftShrink(c.Case.Number("by"))),
        ["tanh_shrink"] = One(c => c[0].TanhShrink()),
        ["threshold"] = One(c => c[0].Threshold(c.Case.Number("threshold"), c.Case.Number("value"))),
        ["glu"] = One(c => c[0].Glu(c.Axis)),
        ["swi_glu"] = One(c => c[0].SwiGlu(c.Axis)),

        ["weight_norm"] = c =>
        {
            var norm = new WeightNorm(c.Case.Has("axis") ? c.Axis : null);
            var weight = Parametrized(c, norm);
            norm.Magnitude!.Replace(c[1]);
            return [weight.Value];
        },
        ["spectral_norm"] = c =>
        {
            var norm = new SpectralNorm(c.Axis);
            var weight = Parametrized(c, norm);
            norm.Train(c.Case.Flag("train"));
            StateBuffer[] vectors = [.. norm.NamedBuffers().Select(b => b.Buffer)];
            for (int i = 0; i < 2; i++) vectors[i].Replace(c[i + 1] / c[i + 1].Norm());
            return [weight.Value, vectors[0].Value, vectors[1].Value];
        },
    };

    private static Parameter Parametrized(GoldenCall c, Parametrization parametrization)
    {
        var weight = new Parameter(c[0].Detach().Clone());
        weight.Parametrize(parametrization);
        parametrization.Original.Replace(c[0]);
        return weight;
    }
}
