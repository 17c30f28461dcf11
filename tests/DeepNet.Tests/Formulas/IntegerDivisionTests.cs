namespace DeepNet.Tests.Formulas;

/// <summary>Integers divided by 0.</summary>
public class IntegerDivisionTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(100_000)]
    public void A_quotient_and_a_remainder_by_0_name_the_operator_and_what_to_do(int n)
    {
        var a = Tensor.Arange(n);
        var b = Tensor.Ones(new Shape(n), DType.Int64);
        b[n - 1] = 0;
        var nothing = Tensor.Zeros(new Shape(0), DType.Int64);
        foreach (var (op, act) in new (string, Func<Tensor>)[]
        {
            ("floor_divide", () => a.FloorDivide(0)),
            ("floor_divide", () => a.FloorDivide(b)),
            ("floor_divide", () => a.To(DType.Int32).FloorDivide(b.To(DType.Int32))),
            ("floor_divide", () => nothing.FloorDivide(0)),
            ("remainder", () => a % 0),
            ("remainder", () => a % b),
            ("remainder", () => 5 % b),
        })
        {
            var error = Assert.Throws<DivideByZeroException>(act);
            Assert.StartsWith($"[{op}] ", error.Message);
            Assert.Contains("x.To(DType.Float32)", error.Message, StringComparison.Ordinal);
        }
        Assert.Contains(
            $"a divisor of shape ({n},) has a 0", Assert.Throws<DivideByZeroException>(() => a % b).Message, StringComparison.Ordinal);
        Assert.Equal(float.NaN, (a.To(DType.Float32) % 0)[0].Item());
        Assert.Equal(0, a.FloorDivide(0.0).DType.IsFloating() ? 0 : 1);
        Assert.Equal(a.ToArray<long>(), a.FloorDivide(1).ToArray<long>());
        Assert.Equal(0, nothing.FloorDivide(nothing).Count);
    }
}
