namespace DeepNet;

/// <summary>
/// The set of inputs that a formula reads. Autograd runs each Backward on it once and keeps exactly what it reads,
/// so nobody declares what to save and nobody can declare it wrongly.
/// </summary>
/// <param name="inputs">One bit for each input.</param>
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

    /// <inheritdoc/>
    public static Uses Constant(double value) => default;

    /// <inheritdoc/>
    public static Uses operator +(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses operator -(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses operator *(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses operator /(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses operator -(Uses a) => a;

    /// <inheritdoc/>
    public static Uses Fma(Uses a, Uses b, Uses c) => Both(Both(a, b), c);

    /// <inheritdoc/>
    public static Uses Exp(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Expm1(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Log(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Log1p(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Sin(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Cos(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Atan(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Tanh(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Erf(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Erfc(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Sqrt(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Abs(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Floor(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Ceil(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Round(Uses x) => x;

    /// <inheritdoc/>
    public static Uses NormalCdf(Uses x) => x;

    /// <inheritdoc/>
    public static Uses Pow(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses Max(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses Min(Uses a, Uses b) => Both(a, b);

    /// <inheritdoc/>
    public static Uses IfGreater(Uses p, Uses q, Uses a, Uses b) => Both(Both(p, q), Both(a, b));

    /// <inheritdoc/>
    public static Uses IfEqual(Uses p, Uses q, Uses a, Uses b) => Both(Both(p, q), Both(a, b));
}
