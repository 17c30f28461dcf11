namespace DeepNet;

/// <summary>
/// A number that a formula is made with: a slope, a limit, a factor. It is kept as the float and the integer too that it rounds to, so that
/// devices without double precision can run the formula.
/// </summary>
/// <param name="value">The number.</param>
public readonly struct Setting(double value) : IEquatable<Setting>
{
    private readonly long bits = BitConverter.DoubleToInt64Bits(value);

    // What a kernel computes with; it never touches the double.
    internal readonly long Whole = value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
    internal readonly float Single = (float)value;

    /// <summary>The number.</summary>
    public double Value => BitConverter.Int64BitsToDouble(bits);

    internal long Bits => bits;

    /// <inheritdoc/>
    public bool Equals(Setting other) => bits == other.bits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Setting other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => bits.GetHashCode();

    /// <summary>True if both are the same number, bit by bit.</summary>
    public static bool operator ==(Setting a, Setting b) => a.Equals(b);

    /// <summary>True if they differ in a bit.</summary>
    public static bool operator !=(Setting a, Setting b) => !a.Equals(b);
}
