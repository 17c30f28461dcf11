using System.Numerics.Tensors;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Formulas on dense half types: a chunk is widened, the float32 loop runs over it, and the result is rounded, all in the first cache.
/// No formula needs a loop of its own for it.
/// </summary>
internal static unsafe class HalfLoop
{
    private const int Chunk = 1024;
    private const nint Grain = 1 << 14;

    public static void Map<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var call = new MapCall<TOp>(op, x, y);
        Simd.Run(DType.Float32, ref call);
    }

    private readonly struct MapCall<TOp>(TOp op, Tensor x, Tensor y) : ISimdBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new MapBody<TOp, V, T> { Op = op, X = new(x), Y = new(y) };
            WorkerPool.For(y.Count, Grain, ref body);
        }
    }

    public static void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var call = new MapBackwardCall<TOp>(op, x, y, g, dx);
        Simd.Run(DType.Float32, ref call);
    }

    private readonly struct MapBackwardCall<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) : ISimdBody
        where TOp : unmanaged, IUnaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new MapBackwardBody<TOp, V, T> { Op = op, X = new(x), Y = new(y), G = new(g), Dx = new(dx) };
            WorkerPool.For(g.Count, Grain, ref body);
        }
    }

    public static void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var call = new ZipCall<TOp>(op, a, b, y);
        Simd.Run(DType.Float32, ref call);
    }

    private readonly struct ZipCall<TOp>(TOp op, Tensor a, Tensor b, Tensor y) : ISimdBody where TOp : unmanaged, IBinaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new ZipBody<TOp, V, T> { Op = op, A = new(a), B = new(b), Y = new(y) };
            WorkerPool.For(y.Count, Grain, ref body);
        }
    }

    public static void ZipBackward<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db)
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        var call = new ZipBackwardCall<TOp>(op, a, b, y, g, da, db);
        Simd.Run(DType.Float32, ref call);
    }

    private readonly struct ZipBackwardCall<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db) : ISimdBody
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new ZipBackwardBody<TOp, V, T>
            {
                Op = op, A = new(a), B = new(b), Y = new(y), G = new(g),
                Da = new(da ?? g), Db = new(db ?? g), WantsA = da is not null, WantsB = db is not null,
            };
            WorkerPool.For(g.Count, Grain, ref body);
        }
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

    private struct MapBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
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
                MapLoop.Forward<TOp, V, T, Cached>(Op, (T*)x, (T*)x, n);
                Y.Store(x, i, n);
            }
        }
    }

    private struct MapBackwardBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public Elements X, Y, G, Dx;

        public readonly void Run(nint from, nint to)
        {
            float* workspace = stackalloc float[3 * Chunk];
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                float* g = workspace, x = X.Load(i, workspace + Chunk, n, G, g), y = Y.Load(i, workspace + 2 * Chunk, n, G, g);
                G.Load(i, g, n);
                MapLoop.Backward<TOp, V, T>(Op, (T*)x, (T*)y, (T*)g, (T*)g, n);
                Dx.Store(g, i, n);
            }
        }
    }

    private struct ZipBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
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
                ZipLoop.Forward<TOp, V, T>(Op, (T*)a, n, false, (T*)b, n, false, (T*)a, n, 1, n);
                Y.Store(a, i, n);
            }
        }
    }

    private struct ZipBackwardBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public Elements A, B, Y, G, Da, Db;
        public bool WantsA, WantsB;

        public readonly void Run(nint from, nint to)
        {
            float* workspace = stackalloc float[6 * Chunk];
            for (nint i = from; i < to; i += Chunk)
            {
                int n = (int)Math.Min(Chunk, to - i);
                float* g = workspace, a = A.Load(i, workspace + Chunk, n, G, g), b = B.Load(i, workspace + 2 * Chunk, n, G, g);
                float* y = Y.Load(i, workspace + 3 * Chunk, n, G, g);
                float* da = WantsA ? workspace + 4 * Chunk : null, db = WantsB ? workspace + 5 * Chunk : null;
                G.Load(i, g, n);
                ZipLoop.Backward<TOp, V, T>(Op, (T*)a, (T*)b, (T*)y, (T*)g, (T*)da, (T*)db, n);
                if (WantsA) Da.Store(da, i, n);
                if (WantsB) Db.Store(db, i, n);
            }
        }
    }
}
