namespace DeepNet;

/// <summary>
/// The set of inputs that a formula reads. Autograd runs each Backward on it once and keeps exactly what it reads,
/// so nobody declares what to save and nobody can declare it wrongly.
/// </summary>
internal readonly struct Uses(int inputs) : INumber<Uses>
{
    /// <summary>The first argument (a unary operator's only one).</summary>
    public static readonly Uses A = new(1);

    /// <summary>The second argument.</summary>
    public static readonly Uses B = new(2);

    /// <summary>The result.</summary>
    public static readonly Uses Y = new(4);

    /// <summary>The gradient of the result.</summary>
    public static readonly Uses G = new(8);

    /// <summary>One bit for each input that was read.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>True if any of <paramref name="other"/>'s inputs is among these.</summary>
    public bool Reads(Uses other) => (Inputs & other.Inputs) != 0;

    private static Uses Both(Uses a, Uses b) => new(a.Inputs | b.Inputs);

    public static Uses Constant(double value) => default;

    public static Uses operator +(Uses a, Uses b) => Both(a, b);

    public static Uses operator -(Uses a, Uses b) => Both(a, b);

    public static Uses operator *(Uses a, Uses b) => Both(a, b);

    public static Uses operator /(Uses a, Uses b) => Both(a, b);

    public static Uses operator -(Uses a) => a;

    public static Uses Fma(Uses a, Uses b, Uses c) => Both(Both(a, b), c);

    public static Uses Exp(Uses x) => x;

    public static Uses Expm1(Uses x) => x;

    public static Uses Log(Uses x) => x;

    public static Uses Log1p(Uses x) => x;

    public static Uses Sin(Uses x) => x;

    public static Uses Cos(Uses x) => x;

    public static Uses Atan(Uses x) => x;

    public static Uses Tanh(Uses x) => x;

    public static Uses Erf(Uses x) => x;

    public static Uses Erfc(Uses x) => x;

    public static Uses Sqrt(Uses x) => x;

    public static Uses Abs(Uses x) => x;

    public static Uses Floor(Uses x) => x;

    public static Uses Ceil(Uses x) => x;

    public static Uses Round(Uses x) => x;

    public static Uses NormalCdf(Uses x) => x;

    public static Uses Pow(Uses a, Uses b) => Both(a, b);

    public static Uses Max(Uses a, Uses b) => Both(a, b);

    public static Uses Min(Uses a, Uses b) => Both(a, b);

    public static Uses IfGreater(Uses p, Uses q, Uses a, Uses b) => Both(Both(p, q), Both(a, b));

    public static Uses IfEqual(Uses p, Uses q, Uses a, Uses b) => Both(Both(p, q), Both(a, b));
}
