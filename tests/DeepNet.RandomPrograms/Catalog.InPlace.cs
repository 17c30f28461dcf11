namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddInPlace()
    {
        Change("Tensor.AddInPlace(Tensor)", d => Target(d) is var x ? [x, Part(d, x)] : null);
        Change("Tensor.CopyFrom(Tensor)", d => d.Discrete() is { } chosen && d.Coin(0.6)
            ? [chosen, chosen.Tensor.DType == DType.Bool ? d.Mask([.. chosen.Shape]) : d.Indices([.. chosen.Shape], 1)]
            : Target(d) is var x ? [x, Part(d, x)] : null);
        Change("Tensor.set_Parts(ReadOnlySpan<TensorIndex>, Tensor)",
            d => Target(d, 1) is var x && x.Shape[0] > 0 && d.Int(0, x.Shape[0] - 1) is var i
            ? [x, new object[] { i..(i + 1) }, d.Leaf([1, .. x.Shape.Skip(1)], gradient: 0)] : null);
        Change("Tensor.FillNormal(double, double, Generator)", d => [Target(d), 0.0, 1.0, d.Seed()]);
        Change("Tensor.FillTruncatedNormal(double, double, double, double, Generator)", d => [Target(d), 0.0, 1.0, -2.0, 2.0, d.Seed()]);
        Change("Tensor.FillUniform(double, double, Generator)", d => [Target(d), -1.0, 1.0, d.Seed()]);
        Change("Init.Constant(Tensor, double)", d => [Target(d), d.Real(-2, 2)]);
        Change("Init.Zeros(Tensor)", d => [Target(d)]);
        Change("Init.Ones(Tensor)", d => [Target(d)]);
        Change("Init.Normal(Tensor, double, double, Generator)", d => [Target(d), 0.0, 1.0, d.Seed()]);
        Change("Init.Uniform(Tensor, double, double, Generator)", d => [Target(d), -1.0, 1.0, d.Seed()]);
        Change("Init.TruncatedNormal(Tensor, double, double, double, double, Generator)", d => [Target(d), 0.0, 1.0, -2.0, 2.0, d.Seed()]);
        foreach (string name in (string[])["XavierNormal", "XavierUniform"])
            Change($"Init.{name}(Tensor, double, Generator)", d => [Target(d, 2), 1.0, d.Seed()]);
        foreach (string name in (string[])["HeNormal", "HeUniform"])
            Change($"Init.{name}(Tensor, double, bool, Generator)", d => [Target(d, 2), 1.5, d.Coin(), d.Seed()]);
        foreach (string name in (string[])["LeCunNormal", "LeCunUniform"])
            Change($"Init.{name}(Tensor, Generator)", d => [Target(d, 2), d.Seed()]);
        Change("Init.Orthogonal(Tensor, double, Generator)", d => d.IsLarge ? null : [Target(d, 2), 1.0, d.Seed()]);
    }

    private void Change(string name, Func<Choices, object?[]?> choose) => Add(name, choose, isInPlace: true);

    /// <summary>A tensor without history, often one that others see too, or a view of some of its elements.</summary>
    private static Value Target(Choices d, int rank = 0)
    {
        var x = d.Constant(rank);
        // An expanded one has several elements in one place.
        if (d.Coin() || !x.Tensor.IsContiguous) x = d.Emit("Tensor.Clone()", x);
        if (x.Rank < 2 || d.Coin()) return x;
        return d.Coin() ? d.Emit("Tensor.Transpose(int, int)", x, -2, -1)
            : d.Emit("Tensor.Slice(int, int?, int?, int)", x, d.Axis(x), null, null, d.Of(2, -1));
    }

    private static Value Part(Choices d, Value x)
        => d.Leaf([.. x.Shape.Skip(d.Coin() ? 0 : d.Int(0, x.Rank)).Select(n => d.Coin(0.8) ? n : 1)], gradient: 0);
}
