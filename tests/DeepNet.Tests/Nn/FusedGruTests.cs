using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Tests.Nn;

public class FusedGruTests
{
    private static readonly Generator Random = new(4);

    public static TheoryData<int, int, int, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, bool, bool> { { 1, 1, 1, 1, true, false }, { 1, 5, 3, 4, false, true }, { 7, 1, 2, 9, true, false }, { 9, 33, 17, 16, true, true } };
            var random = new Random(2);
            for (int i = 0; i < 8; i++)
                cases.Add(random.Next(1, 12), random.Next(1, 40), random.Next(1, 30), random.Next(1, 40), random.Next(2) == 0, random.Next(2) == 0);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fused_form_is_the_composed_one(int steps, int batch, int features, int units, bool hasBias, bool isReverse)
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random) * 0.3;
        Tensor[] inputs = [Of(steps, batch, features), Of(batch, units), Of(3 * units, features), Of(3 * units, units)];
        if (hasBias) inputs = [.. inputs, Of(3 * units), Of(3 * units)];
        // Exact in float32, so that both types start from the same numbers.
        inputs = [.. inputs.Select(x => x.To(DType.Float32).To(DType.Float64).WithGrad())];
        Tensor[] singles = [.. inputs.Select(x => x.Detach().To(DType.Float32).WithGrad())];
        var upstream = Tensor.Ones(new Shape(steps, batch, units), DType.Float64) * 0.25;
        double[][] Run(Tensor[] x) => Fused.Run(x, upstream.To(x[0].DType), () => FusedGru.Of(isReverse, x));
        double[][] Composed(Tensor[] x) => Fused.Run(x, upstream.To(x[0].DType), () => GruStep.Sequence(x, isReverse));

        var exact = Composed(inputs);
        Fused.AssertNear(exact, Run(inputs), 1e-12);
        Fused.AssertNear(exact[..1], Run(singles)[..1], 1e-6);
        // Sums over steps are taken in another order: no further from the truth than the composed form's, or what rounding is worth.
        Fused.AssertAsGood(exact, Composed(singles), Run(singles), 1e-6);
        Fused.AssertSameOnTwoThreads(() => Run(inputs));
        Fused.AssertSameOnTwoThreads(() => Run(singles));
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, true, 2)]
    public void A_layer_gives_the_same_with_lengths_that_say_nothing(bool batchFirst, bool bothWays, int layers)
    {
        var layer = new Gru(6, 9, layers, batchFirst: batchFirst, bidirectional: bothWays, generator: new(5));
        var x = Tensor.Randn(new Shape(4, 4, 6), generator: Random).WithGrad();
        Tensor[] inputs = [x, .. layer.Parameters().Select(p => p.Value)];
        var upstream = Tensor.Randn(new Shape(4, 4, bothWays ? 18 : 9), generator: Random);
        double[][] Run(int[]? lengths) => Fused.Run(inputs, upstream, () =>
        {
            var (y, state) = layer.Forward(x, null, lengths);
            return y * state.Mean();
        });
        Fused.AssertNear(Run([4, 4, 4, 4]), Run(null), 1e-6);
    }
}
