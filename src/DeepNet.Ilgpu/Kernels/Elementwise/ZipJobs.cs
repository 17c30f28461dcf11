namespace DeepNet.Ilgpu;

/// <summary>y = op(a, b), both dense and read again from the start when they end: equal shapes, numbers and rows.</summary>
internal struct ZipJob<TOp, V, T> : IWideJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B, Y;
    public Cycle InA, InB;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = Value(A[InA.At(i)], B[InB.At(i)]);

    public void RunFour(int i)
    {
        Four<T> a = InA.Read(A, i), b = InB.Read(B, i);
        Fours.Write(Y, i, new(Value(a.A, b.A), Value(a.B, b.B), Value(a.C, b.C), Value(a.D, b.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Value(T a, T b) => V.To(Op.Forward(V.From(a), V.From(b)));
}

/// <summary>Converts the value of an operator to the stored result.</summary>
internal interface IZipEnd<V, TResult>
{
    static abstract TResult Of(V value);
}

/// <summary>The value itself.</summary>
internal readonly struct AsElement<V, T> : IZipEnd<V, T> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    [MethodImpl(AggressiveInlining)]
    public static T Of(V value) => V.To(value);
}

/// <summary>Stores whether the value is not zero.</summary>
internal readonly struct AsTruth<V, T> : IZipEnd<V, byte> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    [MethodImpl(AggressiveInlining)]
    public static byte Of(V value) => V.IsTrue(value);
}

/// <summary>y = op(a, b) of any layout, or whether that is not zero.</summary>
internal struct ZipNestJob<TOp, TEnd, V, T, TResult> : IWideJob where TOp : unmanaged, IBinaryOp<TOp>
    where TEnd : unmanaged, IZipEnd<V, TResult>
    where V : unmanaged, IGpuNumber<V, T> where T : unmanaged where TResult : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B;
    public ArrayView<TResult> Y;
    public Nest Nest;

    public static string Name => TOp.Name;

    public void Run(long i)
    {
        var at = Nest.At(i);
        Y[i] = Value(A[at.A], B[at.B]);
    }

    public void RunFour(int i)
    {
        var at = Nest.At(4 * i);
        Four<T> a = Fours.Read(A, at.A, Nest.IsRowInA), b = Fours.Read(B, at.B, Nest.IsRowInB);
        Fours.Write(Y, i, new(Value(a.A, b.A), Value(a.B, b.B), Value(a.C, b.C), Value(a.D, b.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly TResult Value(T a, T b) => TEnd.Of(Op.Forward(V.From(a), V.From(b)));
}

/// <summary>Both gradients of op(a, b), those that are wanted.</summary>
internal struct ZipBackwardJob<TOp, V, T> : IWideJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B, Y, G, Da, Db;
    public Cycle InB;
    public int WantsA, WantsB;

    public static string Name => TOp.Name + " backward";

    public void Run(long i)
    {
        var (da, db) = TOp.Backward(Op, V.From(A[i]), V.From(B[InB.At(i)]), V.From(Y[i]), V.From(G[i]));
        if (WantsA != 0) Da[i] = V.To(da);
        if (WantsB != 0) Db[i] = V.To(db);
    }

    public void RunFour(int i)
    {
        Four<T> a = Fours.Read(A, i), b = InB.Read(B, i), y = Fours.Read(Y, i), g = Fours.Read(G, i), da = g, db = g;
        Gradients(a.A, b.A, y.A, g.A, ref da.A, ref db.A);
        Gradients(a.B, b.B, y.B, g.B, ref da.B, ref db.B);
        Gradients(a.C, b.C, y.C, g.C, ref da.C, ref db.C);
        Gradients(a.D, b.D, y.D, g.D, ref da.D, ref db.D);
        if (WantsA != 0) Fours.Write(Da, i, da);
        if (WantsB != 0) Fours.Write(Db, i, db);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Gradients(T a, T b, T y, T g, ref T da, ref T db)
    {
        var (left, right) = TOp.Backward(Op, V.From(a), V.From(b), V.From(y), V.From(g));
        (da, db) = (V.To(left), V.To(right));
    }
}

/// <summary>Which element of an operand that repeats belongs to element i of the result.</summary>
internal struct Cycle(long length, long count)
{
    // 0: every element its own; 1: one for all; else the length of a row.
    private readonly int kind = length == count ? 0 : length == 1 ? 1 : 2;
    private readonly Divisor period = length, fours = length >> 2;

    [MethodImpl(AggressiveInlining)]
    public readonly long At(long i) => kind == 0 ? i : kind == 1 ? 0 : i - period.Of(i) * period.Value;

    /// <summary>True if four neighbours of the result have four neighbours, or one number, in the operand.</summary>
    public readonly bool IsWide => kind != 2 || (period.Value & 3) == 0;

    [MethodImpl(AggressiveInlining)]
    public readonly Four<T> Read<T>(ArrayView<T> view, int four) where T : unmanaged
    {
        if (kind == 1) return Fours.Same(view[0]);
        return Fours.Read(view, kind == 0 ? four : (int)((uint)four - fours.Of((uint)four) * (uint)fours.Value));
    }
}
