using DeepNet.Devices.Cpu;

namespace DeepNet;

// Ranks, running extremes and places in rows that are sorted.
public sealed unsafe partial class CpuDevice : ISearcher
{
    void ISearcher.PlacesOfRanks(Tensor x, ReadOnlySpan<int> ranks, Tensor places)
    {
        if (places.Count == 0) return;
        SortKeys.Run("quantile", x.DType, new RankCall(x, ranks, places));
    }

    private readonly ref struct RankCall(Tensor x, ReadOnlySpan<int> ranks, Tensor places) : ISortKeysBody
    {
        private readonly ReadOnlySpan<int> ranks = ranks;

        public void Run<T, TKey, TKeys>()
            where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
        {
            int n = x.Shape[^1];
            fixed (int* p = ranks)
            {
                var body = new RankBody<T, TKey, TKeys>
                {
                    X = x.Pointer<T>(), Ranks = p, Places = places.Pointer<long>(), N = n, Wanted = ranks.Length,
                };
                WorkerPool.For(x.Count / n, Math.Max(1, Grain / 4 / n), ref body);
            }
        }
    }

    private struct RankBody<T, TKey, TKeys> : IParallelBody
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        public T* X;
        public int* Ranks;
        public long* Places;
        public int N, Wanted;

        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to; row++)
                RankLoop.Run<T, TKey, TKeys>(X + row * N, N, new ReadOnlySpan<int>(Ranks, Wanted), Places + row * Wanted);
        }
    }

    void ISearcher.RunningExtreme(Tensor x, Tensor places, int axis, bool isLargest)
    {
        if (x.Count == 0) return;
        var call = new RunningExtremeCall(x, places, AlongAxis.Of(x.Shape, axis), isLargest);
        Simd.RunAny("cum_max", x.DType, ref call);
    }

    private readonly struct RunningExtremeCall(Tensor x, Tensor places, AlongAxis split, bool isLargest) : INumberBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
        {
            var body = new RunningExtremeBody<T>
            {
                X = x.Pointer<T>(), Places = places.Pointer<long>(), Split = split, IsLargest = isLargest,
            };
            WorkerPool.For(split.Outer, Math.Max(1, Grain / 4 / (split.Length * split.Inner)), ref body);
        }
    }

    private struct RunningExtremeBody<T> : IParallelBody where T : unmanaged, IBinaryNumber<T>
    {
        public T* X;
        public long* Places;
        public AlongAxis Split;
        public bool IsLargest;

        public readonly void Run(nint from, nint to)
        {
            nint size = Split.Length * Split.Inner;
            for (nint i = from; i < to; i++) RunningExtremeLoop.Run(X + i * size, Places + i * size, Split.Length, Split.Inner, IsLargest);
        }
    }

    void ISearcher.SearchSorted(Tensor sorted, Tensor values, Tensor places, bool isRight)
    {
        var call = new SearchCall(sorted, values, places, isRight);
        Simd.RunAny("search_sorted", values.DType, ref call);
    }

    private readonly struct SearchCall(Tensor sorted, Tensor values, Tensor places, bool isRight) : INumberBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
        {
            var body = new SearchBody<T>
            {
                Sorted = sorted.Pointer<T>(), Values = values.Pointer<T>(), Places = places.Pointer<long>(), N = sorted.Shape[^1],
                Each = sorted.Rank == 1 ? nint.MaxValue : Math.Max(1, values.Shape[^1]), IsRight = isRight,
            };
            WorkerPool.For(values.Count, Grain / 16, ref body);
        }
    }

    private struct SearchBody<T> : IParallelBody where T : unmanaged, IBinaryNumber<T>
    {
        public T* Sorted, Values;
        public long* Places;
        public nint N, Each;
        public bool IsRight;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++) Places[i] = SearchLoop.Find(Sorted + i / Each * N, N, Values[i], IsRight);
        }
    }
}
