namespace DeepNet.Optim;

// Rules that are no optimizer's: what is done to lists of tensors between steps, in the same kind of pass.

/// <summary>p ← share·p.</summary>
internal readonly struct ScaleRule(double share) : IUpdateRule<ScaleRule>
{
    public static int StateCount => 0;

    public Coefficients Prepare() => new(share);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = c.C0 * p;
}

/// <summary>p ← keep·p + add·g: copies, sums, differences and moves along a direction.</summary>
internal readonly struct CombineRule(double keep, double add) : IUpdateRule<CombineRule>
{
    public static int StateCount => 0;

    public Coefficients Prepare() => new(keep, add);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = V.Fma(c.C1, g, c.C0 * p);
}

/// <summary>p ← p + share·(g − p): a mean that moves towards g.</summary>
internal readonly struct ApproachRule(double share) : IUpdateRule<ApproachRule>
{
    public static int StateCount => 0;

    public Coefficients Prepare() => new(share);

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => p = V.Fma(c.C0, g - p, p);
}

/// <summary>p and its state change places.</summary>
internal readonly struct SwapRule : IUpdateRule<SwapRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => default;

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
        => (p, s0) = (s0, p);
}

/// <summary>Leaves the parameter and hands out the gradient that regularization made: how penalties reach a line search.</summary>
internal readonly struct GradientRule : IUpdateRule<GradientRule>
{
    public static int StateCount => 1;

    public Coefficients Prepare() => default;

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V> => s0 = g;
}
