using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>y = op(a, b), both dense and read again from the start when they end: equal shapes, numbers and rows.</summary>
internal struct ZipJob<TOp, V, T> : IJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B, Y;
    public Cycle InA, InB;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.To(Op.Forward(V.From(A[InA.At(i)]), V.From(B[InB.At(i)])));
}

/// <summary>y = op(a, b) of any layout.</summary>
internal struct ZipNestJob<TOp, V, T> : IJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B, Y;
    public Nest Nest;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.To(Op.Forward(V.From(A[Nest.InA(i)]), V.From(B[Nest.InB(i)])));
}

/// <summary>y = op(a, b) is not zero, of any layout.</summary>
internal struct ZipTestJob<TOp, V, T> : IJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> A, B;
    public ArrayView<byte> Y;
    public Nest Nest;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.IsTrue(Op.Forward(V.From(A[Nest.InA(i)]), V.From(B[Nest.InB(i)])));
}

/// <summary>Both gradients of op(a, b), those that are wanted.</summary>
internal struct ZipBackwardJob<TOp, V, T> : IJob where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
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
}

/// <summary>Which element of an operand that repeats belongs to element i of the result.</summary>
internal struct Cycle(long length, long count)
{
    // 0: every element its own; 1: one for all; else the length of a row.
    private readonly long period = length == count ? 0 : length;

    [MethodImpl(AggressiveInlining)]
    public readonly long At(long i) => period == 0 ? i : period == 1 ? 0 : i - Nest.Divide(i, period) * period;
}
