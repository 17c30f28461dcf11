namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddInPlace()
    {
        foreach (string name in (string[])["Add", "Sub", "Mul"])
            Change($"Tensor.{name}InPlace(Tensor)", d => Target(d) is var x ? [x, Part(d, x)] : null);
        Change("Tensor.DivInPlace(Tensor)", d => Target(d) is var x ? [x, Part(d, x, 0.5)] : null);
        Change("Tensor.FillInPlace(Scalar)", d => [Target(d), d.Real(-2, 2)]);
        Change("Tensor.CopyFrom(Tensor)", d => d.Discrete() is { } chosen && d.Coin(0.6)
            ? [chosen, chosen.Tensor.DType == DType.Bool ? d.Mask([.. chosen.Shape]) : d.Indices([.. chosen.Shape], 1)]
            : Target(d) is var x ? [x, Part(d, x)] : null);
        Change("Tensor.set_Parts(ReadOnlySpan<TensorIndex>, Tensor)",
            d => Target(d, 1) is var x && x.Shape[0] > 0 ? Written(d, x) : null);
        Change("Tensor.FillNormal(double, double, Generator)", d => [Target(d), 0.0, 1.0, d.Seed()]);
        Change("Tensor.FillTruncatedNormal(double, double, double, double, Generator)", d => [Target(d), 0.0, 1.0, -2.0, 2.0, d.Seed()]);
        Change("Tensor.FillUniform(double, double, Generator)", d => [Target(d), -1.0, 1.0, d.Seed()]);
        Change("Init.Constant(Tensor, double)", d => [Target(d, 0, false), d.Real(-2, 2)]);
        Change("Init.Zeros(Tensor)", d => [Target(d, 0, false)]);
        Change("Init.Ones(Tensor)", d => [Target(d, 0, false)]);
        Change("Init.Normal(Tensor, double, double, Generator)", d => [Target(d, 0, false), 0.0, 1.0, d.Seed()]);
        Change("Init.Uniform(Tensor, double, double, Generator)", d => [Target(d, 0, false), -1.0, 1.0, d.Seed()]);
        Change("Init.TruncatedNormal(Tensor, double, double, double, double, Generator)",
            d => [Target(d, 0, false), 0.0, 1.0, -2.0, 2.0, d.Seed()]);
        foreach (string name in (string[])["XavierNormal", "XavierUniform"])
            Change($"Init.{name}(Tensor, double, Generator)", d => [Target(d, 2, false), 1.0, d.Seed()]);
        foreach (string name in (string[])["HeNormal", "HeUniform"])
            Change($"Init.{name}(Tensor, double, bool, Generator)", d => [Target(d, 2, false), 1.5, d.Coin(), d.Seed()]);
        foreach (string name in (string[])["LeCunNormal", "LeCunUniform"])
            Change($"Init.{name}(Tensor, Generator)", d => [Target(d, 2, false), d.Seed()]);
        Change("Init.Orthogonal(Tensor, double, Generator)", d => d.IsLarge ? null : [Target(d, 2, false), 1.0, d.Seed()]);
    }

    private void Change(string name, Func<Choices, object?[]?> choose) => Add(name, choose, isInPlace: true);

    // A range, some places, or a mask.
    private static object?[] Written(Choices d, Value x)
    {
        int[] rest = [.. x.Shape.Skip(1)];
        int from = d.Int(0, x.Shape[0] - 1), count = d.Int(1, 3);
        return d.Int(0, 3) switch
        {
            0 => [x, new object[] { d.Indices([count], x.Shape[0]) }, d.Leaf([count, .. rest], gradient: 0.5)],
            1 => [x, new object[] { d.Mask([.. x.Shape.Take(d.Int(1, x.Rank))]) }, d.Leaf([], gradient: 0.5)],
            2 => [x, new object[] { from }, d.Leaf(rest, gradient: 0.5)],
            _ => [x, new object[] { from..(from + 1) }, d.Leaf([1, .. rest], gradient: 0.5)],
        };
    }

    /// <summary>A tensor that is no leaf, often one that others see too, or a view of some of its elements.</summary>
    private static Value Target(Choices d, int rank = 0, bool isRecorded = true)
    {
        // Finite differences hold a detached tensor fixed, which a change of what it shares memory with would not.
        var x = !isRecorded || d.Coin(0.4) ? d.Constant(rank) : d.Float(rank: rank);
        bool isShared = x.IsLeaf || d.HasDetached;
        // An expanded one has several elements in one place.
        if (d.Coin(0.4) || !x.Tensor.IsContiguous || (x.Depends && isShared)) x = d.Emit("Tensor.Clone()", x);
        if (x.Rank < 2 || d.Coin()) return x;
        return d.Coin() ? d.Emit("Tensor.Transpose(int, int)", x, -2, -1)
            : d.Emit("Tensor.Slice(int, int?, int?, int)", x, d.Axis(x), null, null, d.Of(2, -1));
    }

    private static Value Part(Choices d, Value x, double low = -2)
        => d.Coin(0.3) ? d.Like(x.Shape, low)
            : d.Leaf([.. x.Shape.Skip(d.Coin() ? 0 : d.Int(0, x.Rank)).Select(n => d.Coin(0.8) ? n : 1)], low, gradient: 0.5);
}
