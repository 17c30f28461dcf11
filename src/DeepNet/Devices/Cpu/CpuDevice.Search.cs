using System.Numerics;
using DeepNet.Devices;
using DeepNet.Devices.Cpu;

namespace DeepNet;

// Ranks, running extremes and places in rows that are sorted.
public sealed unsafe partial class CpuDevice : ISearcher
{
    void ISearcher.PlacesOfRanks(Tensor x, ReadOnlySpan<int> ranks, Tensor places)
    {
        if (places.Count == 0) return;
        switch (x.DType)
        {
            case DType.Float32: Ranks<float, uint, SingleKeys>(x, ranks, places); break;
            case DType.Float64: Ranks<double, ulong, DoubleKeys>(x, ranks, places); break;
            case DType.Int32: Ranks<int, uint, Int32Keys>(x, ranks, places); break;
            case DType.Int64: Ranks<long, ulong, Int64Keys>(x, ranks, places); break;
            case DType.Bool or DType.UInt8: Ranks<byte, uint, UInt8Keys>(x, ranks, places); break;
            case DType.Int8: Ranks<sbyte, uint, Int8Keys>(x, ranks, places); break;
            default: throw Unsupported("quantile", x.DType);
        }
    }

    private static void Ranks<T, TKey, TKeys>(Tensor x, ReadOnlySpan<int> ranks, Tensor places)
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
        GC.KeepAlive((x, places));
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
        var split = AlongAxis.Of(x.Shape, axis);
        switch (x.DType)
        {
            case DType.Float32: RunningExtreme<float>(x, places, split, isLargest); break;
            case DType.Float64: RunningExtreme<double>(x, places, split, isLargest); break;
            case DType.Int32: RunningExtreme<int>(x, places, split, isLargest); break;
            case DType.Int64: RunningExtreme<long>(x, places, split, isLargest); break;
            case DType.Bool or DType.UInt8: RunningExtreme<byte>(x, places, split, isLargest); break;
            case DType.Int8: RunningExtreme<sbyte>(x, places, split, isLargest); break;
            default: throw Unsupported("cum_max", x.DType);
        }
    }

    private static void RunningExtreme<T>(Tensor x, Tensor places, AlongAxis split, bool isLargest) where T : unmanaged, IBinaryNumber<T>
    {
        var body = new RunningExtremeBody<T> { X = x.Pointer<T>(), Places = places.Pointer<long>(), Split = split, IsLargest = isLargest };
        WorkerPool.For(split.Outer, Math.Max(1, Grain / 4 / (split.Length * split.Inner)), ref body);
        GC.KeepAlive((x, places));
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
        switch (values.DType)
        {
            case DType.Float32: SearchSorted<float>(sorted, values, places, isRight); break;
            case DType.Float64: SearchSorted<double>(sorted, values, places, isRight); break;
            case DType.Int32: SearchSorted<int>(sorted, values, places, isRight); break;
            case DType.Int64: SearchSorted<long>(sorted, values, places, isRight); break;
            default: throw Unsupported("search_sorted", values.DType);
        }
    }

    private static void SearchSorted<T>(Tensor sorted, Tensor values, Tensor places, bool isRight) where T : unmanaged, IBinaryNumber<T>
    {
        var body = new SearchBody<T>
        {
            Sorted = sorted.Pointer<T>(), Values = values.Pointer<T>(), Places = places.Pointer<long>(), N = sorted.Shape[^1],
            Each = sorted.Rank == 1 ? nint.MaxValue : Math.Max(1, values.Shape[^1]), IsRight = isRight,
        };
        WorkerPool.For(values.Count, Grain / 16, ref body);
        GC.KeepAlive((sorted, values, places));
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
