using System.Globalization;

namespace DeepNet;

internal enum ScalarKind : byte { Bool, Integer, Floating }

/// <summary>
/// A C# number beside a tensor: <c>x * 2</c>, <c>x + 0.5</c>, <c>Full(shape, true)</c>. It remembers whether it was a bool, an
/// integer or a fraction, because that decides the element type of the result, and it never widens a tensor to float64.
/// </summary>
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly double real;
    private readonly long whole;

    private Scalar(double real, long whole, ScalarKind kind)
    {
        this.real = real;
        this.whole = whole;
        Kind = kind;
    }

    internal ScalarKind Kind { get; }

    /// <summary>The value as a double.</summary>
    public double ToDouble() => real;

    /// <summary>The value as a long; a fraction is cut off.</summary>
    public long ToInt64() => whole;

    /// <summary>A bool.</summary>
    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, value ? 1 : 0, ScalarKind.Bool);
    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(value, value, ScalarKind.Integer);
    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(value, value, ScalarKind.Integer);
    /// <summary>A fraction.</summary>
    public static implicit operator Scalar(float value) => new(value, Saturate(value), ScalarKind.Floating);
    /// <summary>A fraction.</summary>
    public static implicit operator Scalar(double value) => new(value, Saturate(value), ScalarKind.Floating);

    private static long Saturate(double value)
        => double.IsNaN(value) ? 0 : (long)Math.Clamp(value, -9.2233720368547748e18, 9.2233720368547748e18);

    /// <inheritdoc/>
    public bool Equals(Scalar other) => Kind == other.Kind && real.Equals(other.real) && whole == other.whole;
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, real, whole);
    /// <summary>Equality of kind and value.</summary>
    public static bool operator ==(Scalar a, Scalar b) => a.Equals(b);
    /// <summary>Inequality of kind or value.</summary>
    public static bool operator !=(Scalar a, Scalar b) => !a.Equals(b);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ScalarKind.Bool => whole != 0 ? "true" : "false",
        ScalarKind.Integer => whole.ToString(CultureInfo.InvariantCulture),
        _ => real.ToString(CultureInfo.InvariantCulture),
    };
}
