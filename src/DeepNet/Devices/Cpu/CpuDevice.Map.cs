using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Map<TOp>(TOp op, Tensor x, Tensor y) => MapHere(op, x, y);

    /// <summary>The kernel itself, without the price of a generic virtual call, which a small tensor would feel.</summary>
    internal static void MapHere<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var dense = x.IsDenseLike(y) ? x : y.IsContiguous ? x.Contiguous() : x.InLayoutOf(y);
        var call = new MapCall<TOp>(op, dense, y);
        if (x.DType.IsHalf()) HalfLoop.Map(op, dense, y);
        else Simd.RunAny(TOp.Name, x.DType, ref call);
        if (!ReferenceEquals(dense, x)) dense.Storage.Release();
    }

    /// <inheritdoc/>
    protected internal override void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) => MapBackwardHere(op, x, y, g, dx);

    /// <inheritdoc cref="MapHere"/>
    internal static void MapBackwardHere<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var call = new MapBackwardCall<TOp>(op, x, y, g, dx);
        if (g.DType.IsHalf()) HalfLoop.MapBackward(op, x, y, g, dx);
        else Simd.Run(g.DType, ref call);
    }

    internal static NotSupportedException Unsupported(string op, DType dtype)
        => new($"[{op}] is not defined on {dtype.Name()} tensors. Convert first: x.To(DType.Float32).");

    private readonly struct MapCall<TOp>(TOp op, Tensor x, Tensor y) : INumberBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
        {
            nint n = y.Count;
            if (TOp.IsPredicate)
            {
                MapLoop.Predicate<TOp, V, T>(op, x.Pointer<T>(), y.Pointer<byte>(), n);
            }
            else if (n <= Grain)
            {
                MapLoop.Forward<TOp, V, T, Cached>(op, x.Pointer<T>(), y.Pointer<T>(), n);
            }
            else
            {
                bool streams = Streamed.Pays<V, T>(n, 2, y.Pointer<T>());
                var body = new MapBody<TOp, V, T> { Op = op, X = x.Pointer<T>(), Y = y.Pointer<T>(), Streams = streams };
                WorkerPool.For(n, Grain, ref body);
            }
        }
    }

    private struct MapBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public T* X, Y;
        public bool Streams;

        public readonly void Run(nint from, nint to)
        {
            if (Streams) MapLoop.Forward<TOp, V, T, Streamed>(Op, X + from, Y + from, to - from);
            else MapLoop.Forward<TOp, V, T, Cached>(Op, X + from, Y + from, to - from);
        }
    }

    private readonly struct MapBackwardCall<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) : ISimdBody
        where TOp : unmanaged, IUnaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            nint n = g.Count;
            if (n <= Grain)
            {
                MapLoop.Backward<TOp, V, T>(op, x.Pointer<T>(), y.Pointer<T>(), g.Pointer<T>(), dx.Pointer<T>(), n);
            }
            else
            {
                var body = new MapBackwardBody<TOp, V, T>
                {
                    Op = op, X = x.Pointer<T>(), Y = y.Pointer<T>(), G = g.Pointer<T>(), Dx = dx.Pointer<T>(),
                };
                WorkerPool.For(n, Grain, ref body);
            }
        }
    }

    private struct MapBackwardBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public T* X, Y, G, Dx;

        public readonly void Run(nint from, nint to) => MapLoop.Backward<TOp, V, T>(Op, X + from, Y + from, G + from, Dx + from, to - from);
    }
}
