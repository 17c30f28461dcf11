using DeepNet.Optim;

namespace DeepNet.Devices.Cpu;

/// <summary>The loop of an optimizer's rule over one tensor, or a piece of one. States that the rule has not are never touched.</summary>
internal static unsafe class UpdateLoop
{
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Run<TRule, V, T>(TRule rule, T* p, T* g, T* s0, T* s1, T* s2, nint n)
        where TRule : unmanaged, IUpdateRule<TRule>
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        var c = rule.Prepare().As<V>();
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) Step<TRule, V, T, AllLanes>(c, p + i, g + i, s0 + i, s1 + i, s2 + i, default);
        if (i < n) Step<TRule, V, T, FirstLanes>(c, p + i, g + i, s0 + i, s1 + i, s2 + i, new(n - i));
    }

    [MethodImpl(AggressiveInlining)]
    private static void Step<TRule, V, T, TPart>(in Coefficients<V> c, T* p, T* g, T* s0, T* s1, T* s2, TPart part)
        where TRule : unmanaged, IUpdateRule<TRule>
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where TPart : IPart
    {
        V x = part.Load<V, T>(p), a = default, b = default, d = default;
        if (TRule.StateCount > 0) a = part.Load<V, T>(s0);
        if (TRule.StateCount > 1) b = part.Load<V, T>(s1);
        if (TRule.StateCount > 2) d = part.Load<V, T>(s2);
        TRule.Apply(c, ref x, part.Load<V, T>(g), ref a, ref b, ref d);
        part.Store(x, p);
        if (TRule.StateCount > 0) part.Store(a, s0);
        if (TRule.StateCount > 1) part.Store(b, s1);
        if (TRule.StateCount > 2) part.Store(d, s2);
    }
}
