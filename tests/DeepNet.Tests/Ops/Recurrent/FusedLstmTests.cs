using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

public class FusedLstmTests
{
    private static readonly Generator Random = new(4);

    [Theory]
    [MemberData(nameof(Fused.Sequences), MemberType = typeof(Fused))]
    public void The_fused_form_is_the_composed_one(int steps, int batch, int features, int units, bool hasBias, bool isReverse)
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random) * 0.3;
        Tensor[] inputs = [Of(steps, batch, features), Of(batch, units), Of(batch, units), Of(4 * units, features), Of(4 * units, units)];
        if (hasBias) inputs = [.. inputs, Of(4 * units), Of(4 * units)];
        var upstream = Tensor.Ones(new Shape(steps + 1, batch, units), DType.Float64) * 0.25;
        Fused.AssertIsComposed(
            inputs, upstream, x => FusedSequence<Ops.LstmCell>.Of(isReverse, x), x => CellStep<Ops.LstmCell>.Sequence(x, isReverse));
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, true, 2)]
    public void A_layer_gives_the_same_with_lengths_that_say_nothing(bool batchFirst, bool bothWays, int layers)
    {
        var layer = new Lstm(6, 9, layers, batchFirst: batchFirst, bidirectional: bothWays, generator: new(5));
        var x = Tensor.Randn(new Shape(4, 4, 6), generator: Random).WithGrad();
        Tensor[] inputs = [x, .. layer.Parameters().Select(p => p.Value)];
        var upstream = Tensor.Randn(new Shape(4, 4, bothWays ? 18 : 9), generator: Random);
        double[][] Run(int[]? lengths) => Fused.Run(inputs, upstream, () =>
        {
            var (y, state) = layer.Forward(x, null, lengths);
            return y * (state.Hidden.Mean() + state.Cell.Sum());
        });
        Fused.AssertNear(Run([4, 4, 4, 4]), Run(null), 1e-6);
    }
}
