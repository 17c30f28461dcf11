using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void Map<TOp>(TOp op, Tensor x, Tensor y) => MapHere(op, x, y);

    /// <summary>The kernel itself, without the price of a generic virtual call, which a small tensor would feel.</summary>
    internal static void MapHere<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var dense = x.IsDenseLike(y) ? x : y.IsContiguous ? x.Contiguous() : x.InLayoutOf(y);
        switch (x.DType)
        {
            case DType.Float32:
                if (Vector512.IsHardwareAccelerated) Map<TOp, W512, float>(op, dense, y);
                else if (Vector256.IsHardwareAccelerated) Map<TOp, W256, float>(op, dense, y);
                else Map<TOp, W128, float>(op, dense, y);
                break;
            case DType.Float64:
                if (Vector256.IsHardwareAccelerated) Map<TOp, D256, double>(op, dense, y);
                else Map<TOp, F64, double>(op, dense, y);
                break;
            case DType.Int32: Map<TOp, Whole<int>, int>(op, dense, y); break;
            case DType.Int64: Map<TOp, Whole<long>, long>(op, dense, y); break;
            case DType.Bool: Map<TOp, Whole<byte>, byte>(op, dense, y); break;
            case DType.Float16 or DType.BFloat16: HalfLoop.Map(op, dense, y); break;
            default: throw Unsupported(TOp.Name, x.DType);
        }
        if (!ReferenceEquals(dense, x)) dense.Storage.Release();
    }

    private static void Map<TOp, V, T>(TOp op, Tensor x, Tensor y)
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
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
            var body = new MapBody<TOp, V, T> { Op = op, X = x.Pointer<T>(), Y = y.Pointer<T>(), Streams = Streamed.Pays<V, T>(n, 2, y.Pointer<T>()) };
            WorkerPool.For(n, Grain, ref body);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    internal override void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
    {
        if (g.DType.IsHalf())
        {
            HalfLoop.MapBackward(op, x, y, g, dx);
        }
        else if (g.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) MapBackward<TOp, W512, float>(op, x, y, g, dx);
            else if (Vector256.IsHardwareAccelerated) MapBackward<TOp, W256, float>(op, x, y, g, dx);
            else MapBackward<TOp, W128, float>(op, x, y, g, dx);
        }
        else if (Vector256.IsHardwareAccelerated) MapBackward<TOp, D256, double>(op, x, y, g, dx);
        else MapBackward<TOp, F64, double>(op, x, y, g, dx);
    }

    private static void MapBackward<TOp, V, T>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        nint n = g.Count;
        if (n <= Grain)
        {
            MapLoop.Backward<TOp, V, T>(op, x.Pointer<T>(), y.Pointer<T>(), g.Pointer<T>(), dx.Pointer<T>(), n);
        }
        else
        {
            var body = new MapBackwardBody<TOp, V, T> { Op = op, X = x.Pointer<T>(), Y = y.Pointer<T>(), G = g.Pointer<T>(), Dx = dx.Pointer<T>() };
            WorkerPool.For(n, Grain, ref body);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(g);
        GC.KeepAlive(dx);
    }

    private static NotSupportedException Unsupported(string op, DType dtype)
        => new($"[{op}] is not defined on {dtype.Name()} tensors. Convert first: x.To(DType.Float32).");

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

    private struct MapBackwardBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public T* X, Y, G, Dx;

        public readonly void Run(nint from, nint to) => MapLoop.Backward<TOp, V, T>(Op, X + from, Y + from, G + from, Dx + from, to - from);
    }
}
