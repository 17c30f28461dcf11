namespace DeepNet.Tests.RandomPrograms;

/// <summary>Operators with faults, which the checks of random programs must find.</summary>
public static class Planted
{
    /// <summary>Squares, with a derivative that is a thousandth too large.</summary>
    public static Tensor AlmostSquare(Tensor x) => new AlmostSquareOperator().Apply(x);

    /// <summary>Sums, with an error that depends on the number of threads.</summary>
    public static Tensor SumByThreads(Tensor x) => x.Sum() + 1e-3 * CpuDevice.Threads;

    private sealed class AlmostSquareOperator : Operator
    {
        public override string Name => "almost_square";

        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            Save(0, inputs[0]);
            return inputs[0] * inputs[0];
        }

        protected override void Vjp(Tensor gradient) => Give(0, gradient * 2.002 * Saved(0));
    }
}
