using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Formulas on dense half types: a chunk is widened, the float32 loop runs over it, and the result is rounded, all in the first cache. No formula
/// needs a loop of its own for it.
/// </summary>
internal static unsafe class HalfLoop
{
    private const int Chunk = 1024;
    private const nint Grain = 1 << 14;

    public static void Map<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var body = new MapBody<TOp> { Op = op, X = new(x), Y = new(y) };
        WorkerPool.For(y.Count, Grain, ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    public static void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var body = new MapBackwardBody<TOp> { Op = op, X = new(x), Y = new(y), G = new(g), Dx = new(dx) };
        WorkerPool.For(g.Count, Grain, ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(g);
        GC.KeepAlive(dx);
    }

    public static void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var body = new ZipBody<TOp> { Op = op, A = new(a), B = new(b), Y = new(y) };
        WorkerPool.For(y.Count, Grain, ref body);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
    }

    public static void ZipBackward<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var body = new ZipBackwardBody<TOp> { Op = op, A = new(a), B = new(b), Y = new(y), G = new(g), Da = new(da ?? g), Db = new(db ?? g), WantsA = da is not null, WantsB = db is not null };
        WorkerPool.For(g.Count, Grain, ref body);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
        GC.KeepAlive(g);
        GC.KeepAlive(da);
        GC.KeepAlive(db);
    }

    /// <summary>The elements of a tensor of either type.</summary>
    private readonly struct Elements(Tensor tensor)
    {
        private readonly byte* start = tensor.RawPointer;
        private readonly bool isBrain = tensor.DType == DType.BFloat16;

        /// <summary>The same, but what a formula does not read is the gradient itself, and that is loaded anyway.</summary>
        public float* Load(nint at, float* to, int n, Elements gradient, float* g)
        {
            if (start == gradient.start) return g;
            Load(at, to, n);
            return to;
        }

        public void Load(nint at, float* to, int n)
        {
            if (!isBrain)
            {
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>((Half*)start + at, n), new Span<float>(to, n));
                return;
            }
            var from = (BFloat16*)start + at;
            for (nint i = VectorConvert.Run(from, to, n); i < n; i++) to[i] = from[i];
        }

        public void Store(float* from, nint at, int n)
        {
            if (!isBrain)
            {
                TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(from, n), new Span<Half>((Half*)start + at, n));
                return;
            }
            var to = (BFloat16*)start + at;
            for (nint i = VectorConvert.Run(from, to, n); i < n; i++) to[i] = (BFloat16)from[i];
        }
    }

    private struct MapBody<TOp> : IParallelBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public TOp Op;
        public Elements X, Y;

        public readonly void Run(nint from, nint to)
        {
            float* x = stackalloc float[Chunk];
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                X.Load(i, x, n);
                if (Vector512.IsHardwareAccelerated) MapLoop.Forward<TOp, W512, float, Cached>(Op, x, x, n);
                else if (Vector256.IsHardwareAccelerated) MapLoop.Forward<TOp, W256, float, Cached>(Op, x, x, n);
                else MapLoop.Forward<TOp, W128, float, Cached>(Op, x, x, n);
                Y.Store(x, i, n);
            }
        }
    }

    private struct MapBackwardBody<TOp> : IParallelBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public TOp Op;
        public Elements X, Y, G, Dx;

        public readonly void Run(nint from, nint to)
        {
            float* room = stackalloc float[3 * Chunk];
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                float* g = room, x = X.Load(i, room + Chunk, n, G, g), y = Y.Load(i, room + 2 * Chunk, n, G, g);
                G.Load(i, g, n);
                if (Vector512.IsHardwareAccelerated) MapLoop.Backward<TOp, W512, float>(Op, x, y, g, g, n);
                else if (Vector256.IsHardwareAccelerated) MapLoop.Backward<TOp, W256, float>(Op, x, y, g, g, n);
                else MapLoop.Backward<TOp, W128, float>(Op, x, y, g, g, n);
                Dx.Store(g, i, n);
            }
        }
    }

    private struct ZipBody<TOp> : IParallelBody where TOp : unmanaged, IBinaryOp<TOp>
    {
        public TOp Op;
        public Elements A, B, Y;

        public readonly void Run(nint from, nint to)
        {
            float* a = stackalloc float[2 * Chunk], b = a + Chunk;
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                A.Load(i, a, n);
                B.Load(i, b, n);
                if (Vector512.IsHardwareAccelerated) ZipLoop.Forward<TOp, W512, float>(Op, a, n, false, b, n, false, a, n, 1, n);
                else if (Vector256.IsHardwareAccelerated) ZipLoop.Forward<TOp, W256, float>(Op, a, n, false, b, n, false, a, n, 1, n);
                else ZipLoop.Forward<TOp, W128, float>(Op, a, n, false, b, n, false, a, n, 1, n);
                Y.Store(a, i, n);
            }
        }
    }

    private struct ZipBackwardBody<TOp> : IParallelBody where TOp : unmanaged, IBinaryOp<TOp>
    {
        public TOp Op;
        public Elements A, B, Y, G, Da, Db;
        public bool WantsA, WantsB;

        public readonly void Run(nint from, nint to)
        {
            float* room = stackalloc float[6 * Chunk];
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                float* g = room, a = A.Load(i, room + Chunk, n, G, g), b = B.Load(i, room + 2 * Chunk, n, G, g), y = Y.Load(i, room + 3 * Chunk, n, G, g);
                float* da = WantsA ? room + 4 * Chunk : null, db = WantsB ? room + 5 * Chunk : null;
                G.Load(i, g, n);
                if (Vector512.IsHardwareAccelerated) ZipLoop.Backward<TOp, W512, float>(Op, a, b, y, g, da, db, n);
                else if (Vector256.IsHardwareAccelerated) ZipLoop.Backward<TOp, W256, float>(Op, a, b, y, g, da, db, n);
                else ZipLoop.Backward<TOp, W128, float>(Op, a, b, y, g, da, db, n);
                if (WantsA) Da.Store(da, i, n);
                if (WantsB) Db.Store(db, i, n);
            }
        }
    }
}
