namespace DeepNet.Devices.Cpu;

/// <summary>Converts one element type to and from the two widest numbers.</summary>
internal interface IElement<T>
{
    static abstract bool IsWhole { get; }
    static abstract long ToInt64(T x);
    static abstract double ToDouble(T x);
    static abstract T From(long x);
    static abstract T From(double x);
}

internal readonly struct BoolElement : IElement<byte>
{
    public static bool IsWhole => true;
    public static long ToInt64(byte x) => x;
    public static double ToDouble(byte x) => x;
    public static byte From(long x) => x != 0 ? (byte)1 : (byte)0;
    public static byte From(double x) => x != 0 ? (byte)1 : (byte)0;
}

internal readonly struct UInt8Element : IElement<byte>
{
    public static bool IsWhole => true;
    public static long ToInt64(byte x) => x;
    public static double ToDouble(byte x) => x;
    public static byte From(long x) => byte.CreateSaturating(x);
    public static byte From(double x) => (byte)Math.Clamp((int)x, byte.MinValue, byte.MaxValue);
}

internal readonly struct Int8Element : IElement<sbyte>
{
    public static bool IsWhole => true;
    public static long ToInt64(sbyte x) => x;
    public static double ToDouble(sbyte x) => x;
    public static sbyte From(long x) => sbyte.CreateSaturating(x);
    public static sbyte From(double x) => (sbyte)Math.Clamp((int)x, sbyte.MinValue, sbyte.MaxValue);
}

internal readonly struct Int32Element : IElement<int>
{
    public static bool IsWhole => true;
    public static long ToInt64(int x) => x;
    public static double ToDouble(int x) => x;
    public static int From(long x) => int.CreateSaturating(x);
    public static int From(double x) => (int)x;
}

internal readonly struct Int64Element : IElement<long>
{
    public static bool IsWhole => true;
    public static long ToInt64(long x) => x;
    public static double ToDouble(long x) => x;
    public static long From(long x) => x;
    public static long From(double x) => (long)x;
}

internal readonly struct HalfElement : IElement<Half>
{
    public static bool IsWhole => false;
    public static long ToInt64(Half x) => (long)x;
    public static double ToDouble(Half x) => (double)x;
    public static Half From(long x) => (Half)x;
    public static Half From(double x) => (Half)x;
}

internal readonly struct BFloat16Element : IElement<BFloat16>
{
    public static bool IsWhole => false;
    public static long ToInt64(BFloat16 x) => (long)(float)x;
    public static double ToDouble(BFloat16 x) => (float)x;
    public static BFloat16 From(long x) => (BFloat16)(double)x;
    public static BFloat16 From(double x) => (BFloat16)x;
}

internal readonly struct SingleElement : IElement<float>
{
    public static bool IsWhole => false;
    public static long ToInt64(float x) => (long)x;
    public static double ToDouble(float x) => x;
    public static float From(long x) => x;
    public static float From(double x) => (float)x;
}

internal readonly struct DoubleElement : IElement<double>
{
    public static bool IsWhole => false;
    public static long ToInt64(double x) => (long)x;
    public static double ToDouble(double x) => x;
    public static double From(long x) => x;
    public static double From(double x) => x;
}
