using DeepNet.Ops;

namespace DeepNet.Distributed.Gradients;

/// <summary>The sum of a tensor over all ranks, whose gradient is the sum of theirs.</summary>
internal sealed class SumOverRanks(World world) : Operator
{
    public override string Name => "sum_over_ranks";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => Sum(inputs[0]);

    protected override void Vjp(Tensor g) => Give(0, Sum(g));

    private Tensor Sum(Tensor x)
    {
        var sum = x.Detach().Clone();
        world.AllReduce(sum);
        return sum;
    }
}
