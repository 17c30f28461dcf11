namespace DeepNet;

/// <summary>
/// Constants of the float format. Adding <see cref="Shift"/> to a small integral float leaves the integer in the low bits of
/// the sum, which converts without a conversion instruction; a bias added with it is free.
/// </summary>
internal static class FloatBits
{
    /// <summary>1.5·2²³: the spacing of floats there is 1, and negative integers fit too.</summary>
    public const float Shift = 12582912f;

    /// <summary><see cref="Shift"/> and the exponent bias.</summary>
    public const float ShiftAndBias = Shift + 127;

    /// <summary><see cref="Shift"/> and twice the exponent bias, for an exponent that is applied in two halves.</summary>
    public const float ShiftAndTwoBiases = Shift + 254;

    /// <summary>The bits of √½.</summary>
    public const int SqrtHalf = 0x3F3504F3;
}
