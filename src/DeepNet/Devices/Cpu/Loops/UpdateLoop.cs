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
        var c = rule.Prepare<V>();
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V x = V.Load(p + i), a = default, b = default, d = default;
            if (TRule.StateCount > 0) a = V.Load(s0 + i);
            if (TRule.StateCount > 1) b = V.Load(s1 + i);
            if (TRule.StateCount > 2) d = V.Load(s2 + i);
            TRule.Apply(c, ref x, V.Load(g + i), ref a, ref b, ref d);
            x.Store(p + i);
            if (TRule.StateCount > 0) a.Store(s0 + i);
            if (TRule.StateCount > 1) b.Store(s1 + i);
            if (TRule.StateCount > 2) d.Store(s2 + i);
        }
        if (i < n)
        {
            int rest = (int)(n - i);
            V x = V.LoadPart(p + i, rest), a = default, b = default, d = default;
            if (TRule.StateCount > 0) a = V.LoadPart(s0 + i, rest);
            if (TRule.StateCount > 1) b = V.LoadPart(s1 + i, rest);
            if (TRule.StateCount > 2) d = V.LoadPart(s2 + i, rest);
            TRule.Apply(c, ref x, V.LoadPart(g + i, rest), ref a, ref b, ref d);
            x.StorePart(p + i, rest);
            if (TRule.StateCount > 0) a.StorePart(s0 + i, rest);
            if (TRule.StateCount > 1) b.StorePart(s1 + i, rest);
            if (TRule.StateCount > 2) d.StorePart(s2 + i, rest);
        }
    }
}
