using DeepNet.Optim;

namespace DeepNet.Ilgpu;

/// <summary>One step of an optimizer's rule on each element of one tensor, in place.</summary>
internal struct UpdateJob<TRule, V, T> : IJob where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public Coefficients<V> Numbers;
    public ArrayView<T> P, G, S0, S1, S2, Scale;
    public int HasScale;

    public static string Name => "optimizer step";

    public void Run(long i)
    {
        V scale = V.Constant(1);
        if (HasScale != 0) scale = V.From(Scale[0]);
        if (V.IsNaN(scale)) return;
        T p = P[i], a = P[i], b = a, c = a;
        if (TRule.StateCount > 0) a = S0[i];
        if (TRule.StateCount > 1) b = S1[i];
        if (TRule.StateCount > 2) c = S2[i];
        UpdateStep.Take<TRule, V, T>(Numbers, scale, G[i], ref p, ref a, ref b, ref c);
        P[i] = p;
        if (TRule.StateCount > 0) S0[i] = a;
        if (TRule.StateCount > 1) S1[i] = b;
        if (TRule.StateCount > 2) S2[i] = c;
    }
}

/// <summary>
/// The same for all tensors at once, a group a piece of one. The table says where pieces lie and how long they are; places are counted from
/// the start of one tensor's memory on, which is right wherever addresses are numbers of one line.
/// </summary>
internal struct UpdateAllJob<TRule, V, T> : IGroupJob where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public Coefficients<V> Numbers;
    public ArrayView<T> All, Scale;
    public ArrayView<long> Table;
    public int HasScale, IsWide;

    public static string Name => "optimizer step";

    public void Run(long piece)
    {
        V scale = V.Constant(1);
        if (HasScale != 0) scale = V.From(Scale[0]);
        if (V.IsNaN(scale)) return;
        long at = piece * PieceTable.Columns, p = Table[at], g = Table[at + 1], s0 = Table[at + 2], s1 = Table[at + 3], s2 = Table[at + 4];
        int n = (int)Table[at + 5], wide = IsWide != 0 ? n & ~3 : 0;
        for (int i = 4 * Group.IdxX; i < wide; i += 4 * Group.DimX) Four(scale, p + i, g + i, s0 + i, s1 + i, s2 + i);
        for (int i = wide + Group.IdxX; i < n; i += Group.DimX) One(scale, p + i, g + i, s0 + i, s1 + i, s2 + i);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void One(V scale, long inP, long inG, long in0, long in1, long in2)
    {
        T p = All[inP], a = p, b = p, c = p;
        if (TRule.StateCount > 0) a = All[in0];
        if (TRule.StateCount > 1) b = All[in1];
        if (TRule.StateCount > 2) c = All[in2];
        UpdateStep.Take<TRule, V, T>(Numbers, scale, All[inG], ref p, ref a, ref b, ref c);
        All[inP] = p;
        if (TRule.StateCount > 0) All[in0] = a;
        if (TRule.StateCount > 1) All[in1] = b;
        if (TRule.StateCount > 2) All[in2] = c;
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Four(V scale, long inP, long inG, long in0, long in1, long in2)
    {
        var fours = All.AsAligned(Fours.Alignment).Cast<Four<T>>();
        Four<T> p = fours[inP >> 2], g = fours[inG >> 2], a = p, b = p, c = p;
        if (TRule.StateCount > 0) a = fours[in0 >> 2];
        if (TRule.StateCount > 1) b = fours[in1 >> 2];
        if (TRule.StateCount > 2) c = fours[in2 >> 2];
        UpdateStep.Take<TRule, V, T>(Numbers, scale, g.A, ref p.A, ref a.A, ref b.A, ref c.A);
        UpdateStep.Take<TRule, V, T>(Numbers, scale, g.B, ref p.B, ref a.B, ref b.B, ref c.B);
        UpdateStep.Take<TRule, V, T>(Numbers, scale, g.C, ref p.C, ref a.C, ref b.C, ref c.C);
        UpdateStep.Take<TRule, V, T>(Numbers, scale, g.D, ref p.D, ref a.D, ref b.D, ref c.D);
        fours[inP >> 2] = p;
        if (TRule.StateCount > 0) fours[in0 >> 2] = a;
        if (TRule.StateCount > 1) fours[in1 >> 2] = b;
        if (TRule.StateCount > 2) fours[in2 >> 2] = c;
    }
}

internal static class UpdateStep
{
    /// <summary>A rule's step on one element.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Take<TRule, V, T>(in Coefficients<V> numbers, V scale, T gradient, ref T p, ref T s0, ref T s1, ref T s2)
        where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        V x = V.From(p), a = V.From(s0), b = V.From(s1), c = V.From(s2);
        TRule.Apply(numbers, ref x, V.From(gradient) * scale, ref a, ref b, ref c);
        p = V.To(x);
        s0 = V.To(a);
        s1 = V.To(b);
        s2 = V.To(c);
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

/// <summary>
/// A measure over pieces of pairs of tensors: a group a piece, which the table names as in <see cref="UpdateAllJob{TRule, V, T}"/>.
/// </summary>
internal struct MeasureAllJob<TMeasure, V, T> : IGroupJob where TMeasure : unmanaged, IMeasure<TMeasure>
    where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> All, Y;
    public ArrayView<long> Table;

    public static string Name => "norm";

    public void Run(long piece)
    {
        long at = piece * PieceTable.Columns, a = Table[at], b = Table[at + 1];
        int n = (int)Table[at + 5];
        V sum = V.Constant(0);
        for (int i = Group.IdxX; i < n; i += Group.DimX) sum = TMeasure.Combine(sum, TMeasure.Map(V.From(All[a + i]), V.From(All[b + i])));
        sum = Folding.Fold<Combining<TMeasure>, V, T>(sum);
        if (Group.IdxX == 0) Y[piece] = V.To(sum);
    }
}

/// <summary>A measure over pieces of two tensors: a group a piece.</summary>
internal struct MeasureJob<TMeasure, V, T> : IGroupJob where TMeasure : unmanaged, IMeasure<TMeasure> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public ArrayView<T> A, B, Y;
    public long Count, Piece;

    public static string Name => "norm";

    public void Run(long group)
    {
        long end = (group + 1) * Piece < Count ? (group + 1) * Piece : Count;
        V sum = V.Constant(0);
        for (long i = group * Piece + Group.IdxX; i < end; i += Group.DimX)
            sum = TMeasure.Combine(sum, TMeasure.Map(V.From(A[i]), V.From(B[i])));
        sum = Folding.Fold<Combining<TMeasure>, V, T>(sum);
        if (Group.IdxX == 0) Y[group] = V.To(sum);
    }
}

/// <summary>
/// From sums of squares, the norm and the factor that brings it down to the largest allowed; NaN, and a word to whom it concerns, if it is
/// not finite.
/// </summary>
internal struct ClipJob<TElement, T> : IGroupJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<T> Parts, Scale;
    public ArrayView<double> Norm;
    public ArrayView<long> Found;
    public long Count;
    public double Most, Epsilon;

    public static string Name => "clip";

    public void Run(long group)
    {
        double sum = 0;
        for (long i = Group.IdxX; i < Count; i += Group.DimX) sum += TElement.ToDouble(Parts[i]);
        sum = GpuDouble.To(Folding.Sum<GpuDouble, double>(GpuDouble.From(sum)));
        if (Group.IdxX != 0) return;
        double norm = GpuDouble.To(GpuDouble.Sqrt(GpuDouble.From(sum))), scale = Most / (norm + Epsilon);
        bool isFinite = norm - norm == 0;
        Norm[0] = norm;
        Scale[0] = TElement.FromDouble(isFinite ? (scale < 1 ? scale : 1) : norm - norm);
        Found[0] = isFinite ? -1 : 0;
        Found[1] = (long)Interop.FloatAsInt(norm);
    }
}
