using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

/// <summary>Cells other than those of layers: with one gate, and with a memory beside products that are apart.</summary>
public class CellTests
{
    private static readonly Generator Random = new(4);

    [Theory]
    [MemberData(nameof(Fused.Sequences), MemberType = typeof(Fused))]
    public void A_cell_of_one_gate(int steps, int batch, int features, int units, bool hasBias, bool isReverse)
        => AssertIsComposed<Plain>(steps, batch, features, units, hasBias, isReverse);

    [Theory]
    [MemberData(nameof(Fused.Sequences), MemberType = typeof(Fused))]
    public void A_cell_of_two_gates_with_memory_and_products(int steps, int batch, int features, int units, bool hasBias, bool isReverse)
        => AssertIsComposed<Mixing>(steps, batch, features, units, hasBias, isReverse);

    private static void AssertIsComposed<TCell>(int steps, int batch, int features, int units, bool hasBias, bool isReverse)
        where TCell : unmanaged, ICell
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random) * 0.1;
        int gates = TCell.Gates * units;
        Tensor[] inputs = [Of(steps, batch, features), Of(batch, units)];
        if (TCell.HasMemory) inputs = [.. inputs, Of(batch, units)];
        inputs = [.. inputs, Of(gates, features), Of(gates, units)];
        if (hasBias) inputs = [.. inputs, Of(gates), Of(gates)];
        var upstream = Tensor.Ones(new Shape(TCell.HasMemory ? steps + 1 : steps, batch, units), DType.Float64) * 0.25;
        Fused.AssertIsComposed(inputs, upstream, x => FusedSequence<TCell>.Of(isReverse, x), x => CellStep<TCell>.Sequence(x, isReverse));
    }

    private readonly struct Plain : ICell
    {
        public static string Name => "plain";
        public static int Gates => 1;
        public static bool HasMemory => false;
        public static bool KeepsProducts => false;

        public static void Forward<V>(ref CellValues<V> cell) where V : INumber<V>
            => cell.Saved = cell.Hidden = cell.Gate0 = V.Tanh(cell.Gate0);

        public static void Backward<V>(in CellValues<V> cell, ref CellGradients<V> gradients) where V : INumber<V>
        {
            gradients.Gate0 = Tanh.Backward(default, cell.Gate0, cell.Gate0, gradients.Hidden);
            gradients.Before = V.Constant(0);
        }
    }

    /// <summary>A memory that a gate mixes with a candidate.</summary>
    private readonly struct Mixing : ICell
    {
        public static string Name => "mixing";
        public static int Gates => 2;
        public static bool HasMemory => true;
        public static bool KeepsProducts => true;

        public static void Forward<V>(ref CellValues<V> cell) where V : INumber<V>
        {
            V mix = V.Apply(default(Sigmoid), cell.Gate0 + cell.Product0), half = V.Constant(0.5);
            V candidate = V.Tanh(V.Fma(half, cell.Product1, cell.Gate1)), memory = V.Fma(mix, cell.Before - candidate, candidate);
            (cell.Gate0, cell.Gate1, cell.Saved, cell.Hidden) = (mix, candidate, memory, V.Tanh(memory));
        }

        public static void Backward<V>(in CellValues<V> cell, ref CellGradients<V> gradients) where V : INumber<V>
        {
            V mix = cell.Gate0, candidate = cell.Gate1, hidden = V.Tanh(cell.Saved);
            V memory = gradients.Memory + Tanh.Backward(default, hidden, hidden, gradients.Hidden);
            V dMix = Sigmoid.Backward(default, mix, mix, memory * (cell.Before - candidate));
            V dCandidate = Tanh.Backward(default, candidate, candidate, memory * (V.Constant(1) - mix));
            (gradients.Gate0, gradients.Gate1, gradients.Product0) = (dMix, dCandidate, dMix);
            gradients.Product1 = V.Constant(0.5) * dCandidate;
            gradients.Before = memory * mix;
        }
    }
}
