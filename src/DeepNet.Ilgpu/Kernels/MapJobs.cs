using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>y = op(x).</summary>
internal struct MapJob<TOp, V, T> : IJob where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> X, Y;

    public static string Name => TOp.Name;

    public void Run(long i) => Y[i] = V.To(Op.Forward(V.From(X[i])));
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
internal struct MapBackwardJob<TOp, V, T> : IJob where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> X, Y, G, Dx;

    public static string Name => TOp.Name + " backward";

    public void Run(long i) => Dx[i] = V.To(TOp.Backward(Op, V.From(X[i]), V.From(Y[i]), V.From(G[i])));
}
