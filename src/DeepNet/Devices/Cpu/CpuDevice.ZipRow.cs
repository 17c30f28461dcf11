using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    // Rows whose sums are taken together. Fixed, so that the order of addition is a matter of the shape alone.
    private const int RowBlock = 256;

    private static void ZipBackwardRow<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db)
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        var call = new ZipBackwardRowCall<TOp>(op, a, b, y, g, da, db);
        Simd.Run(g.DType, ref call);
    }

    private readonly struct ZipBackwardRowCall<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db) : ISimdBody
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            bool readsB = NeedsBinary<TOp>.For(da is not null, db is not null).Reads(Uses.B);
            nint n = db?.Count ?? (readsB ? b.Count : g.Shape[^1]);
            nint rows = g.Count / n, blocks = (rows + RowBlock - 1) / RowBlock;
            // Each block of rows has a partial sum of its own; one block writes the result itself.
            var partial = db is null || blocks == 1 ? null : Tensor.Allocate(new Shape((int)blocks, (int)n), g.DType, g.Device);
            var body = new ZipRowBody<TOp, V, T>
            {
                Op = op, A = a.Pointer<T>(), B = b.Pointer<T>(), Y = y.Pointer<T>(), G = g.Pointer<T>(),
                Da = Address<T>(da), Db = Address<T>(partial ?? db), Rows = rows, N = n,
            };
            if (g.Count <= Grain) body.Run(0, blocks);
            else WorkerPool.For(blocks, Math.Max(1, Grain / (RowBlock * n)), ref body);
            if (partial is null) return;
            T* sum = db!.Pointer<T>(), part = partial.Pointer<T>();
            new Span<T>(part, (int)n).CopyTo(new Span<T>(sum, (int)n));
            for (nint i = 1; i < blocks; i++) ZipLoop.Forward<Add, V, T>(default, sum, 0, false, part + i * n, 0, false, sum, 0, 1, n);
            partial.Storage.Release();
        }
    }

    private struct ZipRowBody<TOp, V, T> : IParallelBody
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        public TOp Op;
        public T* A, B, Y, G, Da, Db;
        public nint Rows, N;

        public readonly void Run(nint from, nint to)
        {
            for (nint block = from; block < to; block++)
            {
                nint row = block * RowBlock, count = Math.Min(RowBlock, Rows - row), at = row * N;
                ZipLoop.BackwardRow<TOp, V, T>(
                    Op, A + at, B, Y + at, G + at, Da == null ? null : Da + at, Db == null ? null : Db + block * N, count, N);
            }
        }
    }
}
