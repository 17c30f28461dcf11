using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Sort(Tensor x, Tensor order, bool isDescending, bool nanFirst)
    {
        if (order.Count == 0) return;
        if (order.Shape[^1] == 1 && (isDescending || nanFirst))
        {
            ArgExtreme(x, order, isDescending);
            return;
        }
        SortKeys.Run("sort", x.DType, new ArgSortCall(x, order, isDescending));
    }

    private readonly struct ArgSortCall(Tensor x, Tensor order, bool isDescending) : ISortKeysBody
    {
        public void Run<T, TKey, TKeys>()
            where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
        {
            int n = x.Shape[^1];
            var body = new ArgSortBody<T, TKey, TKeys>
            {
                X = x.Pointer<T>(), Order = order.Pointer<long>(), N = n, K = order.Shape[^1], IsDescending = isDescending,
            };
            WorkerPool.For(x.Count / n, Math.Max(1, Grain / 16 / n), ref body);
        }
    }

    // The one place that a pass finds: of the largest or smallest element, or of NaN, the first of equals.
    private static void ArgExtreme(Tensor x, Tensor y, bool isLargest)
    {
        if (isLargest) ArgExtreme<Largest>(x, y);
        else ArgExtreme<Smallest>(x, y);
    }

    private static void ArgExtreme<TRule>(Tensor x, Tensor y) where TRule : unmanaged, IReduceOp<TRule>
    {
        var call = new ArgExtremeCall<TRule>(x, y);
        Simd.RunAny("arg_max", x.DType, ref call);
    }

    private readonly struct ArgExtremeCall<TRule>(Tensor x, Tensor y) : INumberBody where TRule : unmanaged, IReduceOp<TRule>
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
        {
            nint n = x.Count / y.Count;
            var body = new ArgExtremeBody<TRule, V, T> { X = x.Pointer<T>(), Y = y.Pointer<long>(), N = n };
            WorkerPool.For(y.Count, Math.Max(1, Grain / n), ref body);
        }
    }

    private struct ArgSortBody<T, TKey, TKeys> : IParallelBody
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        public T* X;
        public long* Order;
        public int N, K;
        public bool IsDescending;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            bool isFew = K <= N / 8;
            int workspace = isFew ? 2 * K : N;
            var entries = (SortLoop.Entry<TKey>*)Scratch.Get((nint)2 * workspace * sizeof(SortLoop.Entry<TKey>));
            for (nint row = from; row < to; row++)
            {
                T* x = X + row * N;
                var sorted = isFew
                    ? SortLoop.First<T, TKey, TKeys>(x, N, K, IsDescending, entries, entries + workspace)
                    : Whole(x, entries, entries + workspace);
                long* order = Order + row * K;
                for (int i = 0; i < K; i++) order[i] = sorted[i].Place;
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly SortLoop.Entry<TKey>* Whole(T* x, SortLoop.Entry<TKey>* entries, SortLoop.Entry<TKey>* spare)
        {
            for (int i = 0; i < N; i++)
            {
                // Turned around, keys fall where elements rise, and equal elements keep their order.
                TKey key = TKeys.Key(x[i]);
                entries[i] = new() { Key = IsDescending ? ~key : key, Place = i };
            }
            return SortLoop.Sort(entries, spare, N);
        }
    }

    private struct ArgExtremeBody<TRule, V, T> : IParallelBody
        where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
    {
        public T* X;
        public long* Y;
        public nint N;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to; row++)
                Y[row] = ArgExtremeLoop.Run<TRule, V, T>(X + row * N, N);
        }
    }
}
