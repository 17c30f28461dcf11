namespace DeepNet.Ops;

/// <summary>Powers with a known exponent: the common ones have formulas that are faster and exact.</summary>
internal static class Power
{
    public static Tensor Apply(Tensor x, Scalar exponent) => exponent.ToDouble() switch
    {
        1 => x,
        2 => x.Square(),
        0.5 => x.Sqrt(),
        -0.5 => x.Rsqrt(),
        -1 => x.Reciprocal(),
        3 => x.Square() * x,
        _ => Elementwise.Apply(new Pow(), x, exponent),
    };
}
