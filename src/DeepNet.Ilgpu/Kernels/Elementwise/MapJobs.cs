namespace DeepNet.Ilgpu;

/// <summary>y = op(x).</summary>
internal struct MapJob<TOp, V, T> : IWideJob where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> X, Y;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.To(Op.Forward(V.From(X[i])));

    public void RunFour(int i)
    {
        var x = Fours.Read(X, i);
        Fours.Write(Y, i, new(V.To(Op.Forward(V.From(x.A))), V.To(Op.Forward(V.From(x.B))), V.To(Op.Forward(V.From(x.C))),
            V.To(Op.Forward(V.From(x.D)))));
    }
}

/// <summary>y = op(x) is not zero.</summary>
internal struct TestJob<TOp, V, T> : IJob where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> X;
    public ArrayView<byte> Y;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.IsTrue(Op.Forward(V.From(X[i])));
}

/// <summary>dx = Backward(x, y, g).</summary>
internal struct MapBackwardJob<TOp, V, T> : IWideJob where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T>
    where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> X, Y, G, Dx;

    public static string Name => TOp.Name + " backward";

    public void Run(long i) => Dx[i] = Slope(X[i], Y[i], G[i]);

    public void RunFour(int i)
    {
        Four<T> x = Fours.Read(X, i), y = Fours.Read(Y, i), g = Fours.Read(G, i);
        Fours.Write(Dx, i, new(Slope(x.A, y.A, g.A), Slope(x.B, y.B, g.B), Slope(x.C, y.C, g.C), Slope(x.D, y.D, g.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Slope(T x, T y, T g) => V.To(TOp.Backward(Op, V.From(x), V.From(y), V.From(g)));
}
