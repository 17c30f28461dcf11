namespace DeepNet.Ops;

/// <summary>Integral powers of square matrices, by repeated squaring.</summary>
internal sealed class MatrixPower : ISampled
{
    private MatrixPower() { }

    public static Tensor Of(Tensor a, int exponent)
    {
        a = Matrices.Square("matrix_power", a);
        using var exact = Autocast.Off();
        if (exponent == 0) return Matrices.Identity(a, a.Shape[^1]).Expand(a.Shape).Clone();
        if (exponent < 0) a = Solve.Inverse(a);
        Tensor? power = null;
        for (uint rest = (uint)Math.Abs((long)exponent); ; a = a.MatMul(a))
        {
            if ((rest & 1) != 0) power = power is null ? a : power.MatMul(a);
            if ((rest >>= 1) == 0) return power!;
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("a power", x => Of(x[0], 5), Sample.Values(2, 2) * 0.5),
        new("of the inverse of a batch", x => Of(x[0], -2), Sample.Values(2, 2, 2)),
    ];
}
