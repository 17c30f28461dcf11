namespace DeepNet.Optim;

// Rules that are no optimizer's: what is done to lists of tensors between steps, in the same kind of pass.

/// <summary>p ← share·p.</summary>
internal readonly struct ScaleRule(double share) : IUpdateRule<ScaleRule>
{
    private readonly double share = share;
    public static int StateCount => 0;

    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(share) };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = c.C0 * p;
}

/// <summary>p ← keep·p + add·g: copies, sums, differences and moves along a direction.</summary>
internal readonly struct CombineRule(double keep, double add) : IUpdateRule<CombineRule>
{
    private readonly double keep = keep, add = add;
    public static int StateCount => 0;

    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(keep), C1 = V.Constant(add) };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = V.Fma(c.C1, g, c.C0 * p);
}

/// <summary>p ← p + share·(g − p): a mean that moves towards g.</summary>
internal readonly struct ApproachRule(double share) : IUpdateRule<ApproachRule>
{
    private readonly double share = share;
    public static int StateCount => 0;

    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => new() { C0 = V.Constant(share) };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = V.Fma(c.C0, g - p, p);
}

/// <summary>p and its state change places.</summary>
internal readonly struct SwapRule : IUpdateRule<SwapRule>
{
    public static int StateCount => 1;

    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => default;

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => (p, s0) = (s0, p);
}

/// <summary>Leaves the parameter and hands out the gradient that regularization made: how penalties reach a line search.</summary>
internal readonly struct GradientRule : IUpdateRule<GradientRule>
{
    public static int StateCount => 1;

    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> Prepare<V>() where V : INumber<V> => default;

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V> => s0 = g;
}
