using System.Globalization;

namespace DeepNet;

/// <summary>
/// The upper 16 bits of a float: its whole range at 8 bits of precision. A storage format; convert to compute.
/// Conversion rounds to nearest, halves to even, and keeps NaN a NaN.
/// </summary>
/// <param name="bits">The 16 bits.</param>
public readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>
{
    /// <summary>The 16 bits.</summary>
    public ushort Bits { get; } = bits;

    /// <summary>Rounds a float.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new((ushort)((bits >> 16) | 0x40));
        return new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Rounds a double, in one step.</summary>
    public static explicit operator BFloat16(double value)
    {
        // Rounding to float with the last bit made sticky ("round to odd") loses nothing that the second rounding needs.
        float near = (float)value;
        if (near != value && !double.IsNaN(value) && !float.IsInfinity(near))
        {
            uint bits = BitConverter.SingleToUInt32Bits(near);
            bool away = Math.Abs((double)near) > Math.Abs(value);
            if (away) bits--;
            near = BitConverter.UInt32BitsToSingle(bits | 1);
        }
        return (BFloat16)near;
    }

    /// <summary>Exact.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);
    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();
    /// <summary>Equality of value; NaN equals nothing.</summary>
    public static bool operator ==(BFloat16 a, BFloat16 b) => (float)a == b;
    /// <summary>Inequality of value.</summary>
    public static bool operator !=(BFloat16 a, BFloat16 b) => (float)a != b;
    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
}
