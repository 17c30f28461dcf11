namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>Applies an elementwise operator, the library's or your own.</summary>
    public Tensor Apply<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp> => Elementwise.Apply(op, this);

    /// <summary>Applies an elementwise operator to this tensor and another, with broadcasting.</summary>
    public Tensor Apply<TOp>(TOp op, Tensor other) where TOp : unmanaged, IBinaryOp<TOp>
    {
        ArgumentNullException.ThrowIfNull(other);
        return Elementwise.Apply(op, this, other);
    }

    /// <summary>Sum, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Elementwise.Apply(new Add(), a, b);
    /// <summary>Adds a number.</summary>
    public static Tensor operator +(Tensor a, Scalar b) => Elementwise.Apply(new Add(), a, b);
    /// <summary>Adds a number.</summary>
    public static Tensor operator +(Scalar a, Tensor b) => Elementwise.Apply(new Add(), b, a);

    /// <summary>Difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Elementwise.Apply(new Sub(), a, b);
    /// <summary>Subtracts a number.</summary>
    public static Tensor operator -(Tensor a, Scalar b) => Elementwise.Apply(new Sub(), a, b);
    /// <summary>Subtracts from a number.</summary>
    public static Tensor operator -(Scalar a, Tensor b) => Elementwise.Apply(new Sub(), a, b);

    /// <summary>Elementwise product, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Elementwise.Apply(new Mul(), a, b);
    /// <summary>Multiplies by a number.</summary>
    public static Tensor operator *(Tensor a, Scalar b) => Elementwise.Apply(new Mul(), a, b);
    /// <summary>Multiplies by a number.</summary>
    public static Tensor operator *(Scalar a, Tensor b) => Elementwise.Apply(new Mul(), b, a);

    /// <summary>Quotient, with broadcasting; of integers too it has a fraction.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Elementwise.Apply(new Div(), a, b);
    /// <summary>Divides by a number; the quotient of integers has a fraction.</summary>
    public static Tensor operator /(Tensor a, Scalar b) => Elementwise.Apply(new Div(), a, b);
    /// <summary>Divides a number.</summary>
    public static Tensor operator /(Scalar a, Tensor b) => Elementwise.Apply(new Div(), a, b);

    /// <summary>Remainder with the sign of the divisor, as in Python.</summary>
    public static Tensor operator %(Tensor a, Tensor b) => IntegerDivision.Apply(new Remainder(), a, b);
    /// <summary>Remainder with the sign of the divisor, as in Python.</summary>
    public static Tensor operator %(Tensor a, Scalar b) => IntegerDivision.Apply(new Remainder(), a, b);
    /// <summary>Remainder with the sign of the divisor, as in Python.</summary>
    public static Tensor operator %(Scalar a, Tensor b) => IntegerDivision.Apply(new Remainder(), a, b);

    /// <summary>Negation.</summary>
    public static Tensor operator -(Tensor a) => Elementwise.Apply(new Neg(), a);
    /// <summary>The tensor itself.</summary>
    public static Tensor operator +(Tensor a) => a;

    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Elementwise.Apply(new Greater(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Elementwise.Apply(new Less(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Elementwise.Apply(new GreaterEqual(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Elementwise.Apply(new LessEqual(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator >(Tensor a, Scalar b) => Elementwise.Apply(new Greater(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator <(Tensor a, Scalar b) => Elementwise.Apply(new Less(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator >=(Tensor a, Scalar b) => Elementwise.Apply(new GreaterEqual(), a, b);
    /// <summary>Elementwise comparison: a bool tensor.</summary>
    public static Tensor operator <=(Tensor a, Scalar b) => Elementwise.Apply(new LessEqual(), a, b);

    /// <summary>
    /// Compares two tensors elementwise: a bool tensor, true where they are equal. (<c>==</c> compares references, as C# does.)
    /// </summary>
    public Tensor Equal(Tensor other) => Apply(new Equal(), other);
    /// <summary>Compares the elements with a number: a bool tensor, true where they are equal.</summary>
    public Tensor Equal(Scalar other) => Elementwise.Apply(new Equal(), this, other);
    /// <summary>Compares two tensors elementwise: a bool tensor, true where they differ.</summary>
    public Tensor NotEqual(Tensor other) => Apply(new NotEqual(), other);
    /// <summary>Compares the elements with a number: a bool tensor, true where they differ.</summary>
    public Tensor NotEqual(Scalar other) => Elementwise.Apply(new NotEqual(), this, other);

    /// <summary>Logical and of two bool tensors.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => Elementwise.Apply(new And(), Bools("and", a, b), b);
    /// <summary>Logical or of two bool tensors.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => Elementwise.Apply(new Or(), Bools("or", a, b), b);
    /// <summary>Exclusive or of two bool tensors.</summary>
    public static Tensor operator ^(Tensor a, Tensor b) => Elementwise.Apply(new Xor(), Bools("xor", a, b), b);
    /// <summary>Logical negation of a bool tensor.</summary>
    public static Tensor operator !(Tensor a) => Elementwise.Apply(new Not(), Bools("not", a, a));

    private static Tensor Bools(string op, Tensor a, Tensor b)
        => a.DType == DType.Bool && b.DType == DType.Bool ? a : throw new ArgumentException(
            $"[{op}] logical operators take bool tensors, not {a.DType.Name()} and {b.DType.Name()}. Compare first: (x > 0) & (y > 0).");
}
