namespace DeepNet.Ilgpu;

/// <summary>The range of an element of eight bits, and the number that its bits are.</summary>
internal interface IByteKind
{
    static abstract int Least { get; }
    static abstract int Most { get; }

    /// <summary>The number that the last eight bits are.</summary>
    static abstract int Wrap(int value);
}

/// <summary>From 0 to 255: uint8, and bool as 0 or 1.</summary>
internal readonly struct Unsigned : IByteKind
{
    public static int Least => 0;
    public static int Most => 255;
    public static int Wrap(int value) => value & 255;
}

/// <summary>From −128 to 127: int8.</summary>
internal readonly struct Signed : IByteKind
{
    public static int Least => -128;
    public static int Most => 127;
    public static int Wrap(int value) => value << 24 >> 24;
}

/// <summary>
/// The arithmetic of uint8, int8 and bool, by int32: not every GPU's compiler is told whether a byte has a sign, so the last eight bits of
/// each operand are read anew where a sign would matter.
/// </summary>
/// <typeparam name="TKind">With a sign or without.</typeparam>
internal readonly struct ByteArithmetic<TKind> : IWholeArithmetic<byte> where TKind : unmanaged, IByteKind
{
    [MethodImpl(AggressiveInlining)]
    public static byte Constant(double value) => Bits(value >= TKind.Most ? TKind.Most : value <= TKind.Least ? TKind.Least : (int)value);
    [MethodImpl(AggressiveInlining)]
    public static byte Constant(long value) => Bits(value >= TKind.Most ? TKind.Most : value <= TKind.Least ? TKind.Least : (int)value);
    [MethodImpl(AggressiveInlining)] public static byte Add(byte a, byte b) => Bits(TKind.Wrap(a) + TKind.Wrap(b));
    [MethodImpl(AggressiveInlining)] public static byte Subtract(byte a, byte b) => Bits(TKind.Wrap(a) - TKind.Wrap(b));
    [MethodImpl(AggressiveInlining)] public static byte Multiply(byte a, byte b) => Bits(TKind.Wrap(a) * TKind.Wrap(b));
    [MethodImpl(AggressiveInlining)]
    public static byte Divide(byte a, byte b) => Bits(Int32Arithmetic.Divide(TKind.Wrap(a), TKind.Wrap(b)));
    [MethodImpl(AggressiveInlining)] public static bool IsLess(byte a, byte b) => TKind.Wrap(a) < TKind.Wrap(b);
    [MethodImpl(AggressiveInlining)] public static bool AreEqual(byte a, byte b) => TKind.Wrap(a) == TKind.Wrap(b);

    [MethodImpl(AggressiveInlining)] private static byte Bits(int number) => unchecked((byte)number);
}
