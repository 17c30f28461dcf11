using DeepNet.Ops;
using DeepNet.Optim;

namespace DeepNet.Ilgpu;

/// <summary>One step of an optimizer's rule on each element, in place.</summary>
internal struct UpdateJob<TRule, V, T> : IJob where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public Coefficients<V> Numbers;
    public ArrayView<T> P, G, S0, S1, S2;

    public static string Name => "optimizer step";

    public void Run(long i)
    {
        V p = V.From(P[i]), g = V.From(G[i]), a = V.Constant(0), b = a, c = a;
        if (TRule.StateCount > 0) a = V.From(S0[i]);
        if (TRule.StateCount > 1) b = V.From(S1[i]);
        if (TRule.StateCount > 2) c = V.From(S2[i]);
        TRule.Apply(Numbers, ref p, g, ref a, ref b, ref c);
        P[i] = V.To(p);
        if (TRule.StateCount > 0) S0[i] = V.To(a);
        if (TRule.StateCount > 1) S1[i] = V.To(b);
        if (TRule.StateCount > 2) S2[i] = V.To(c);
    }
}

/// <summary>A measure's way of combining, as a rule that groups fold by.</summary>
internal readonly struct Combining<TMeasure> : IReduceOp<Combining<TMeasure>> where TMeasure : unmanaged, IMeasure<TMeasure>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(0);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => TMeasure.Combine(a, b);
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.Sum(v);
}

/// <summary>A measure over pieces of two tensors: a group a piece.</summary>
internal struct MeasureJob<TMeasure, V, T> : IGroupJob where TMeasure : unmanaged, IMeasure<TMeasure> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> A, B, Y;
    public long Count, Piece;

    public static string Name => "norm";

    public void Run(long group)
    {
        long end = (group + 1) * Piece < Count ? (group + 1) * Piece : Count;
        V sum = V.Constant(0);
        for (long i = group * Piece + Group.IdxX; i < end; i += Group.DimX) sum = TMeasure.Combine(sum, TMeasure.Map(V.From(A[i]), V.From(B[i])));
        sum = Folding.Fold<Combining<TMeasure>, V, T>(sum);
        if (Group.IdxX == 0) Y[group] = V.To(sum);
    }
}
