using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

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
        switch (x.DType)
        {
            case DType.Float32: ArgSort<float, uint, SingleKeys>(x, order, isDescending); break;
            case DType.Float64: ArgSort<double, ulong, DoubleKeys>(x, order, isDescending); break;
            case DType.Int32: ArgSort<int, uint, Int32Keys>(x, order, isDescending); break;
            case DType.Int64: ArgSort<long, ulong, Int64Keys>(x, order, isDescending); break;
            case DType.Bool or DType.UInt8: ArgSort<byte, uint, UInt8Keys>(x, order, isDescending); break;
            case DType.Int8: ArgSort<sbyte, uint, Int8Keys>(x, order, isDescending); break;
            default: throw Unsupported("sort", x.DType);
        }
    }

    private static void ArgSort<T, TKey, TKeys>(Tensor x, Tensor order, bool isDescending)
        where T : unmanaged where TKey : unmanaged, IBinaryInteger<TKey> where TKeys : struct, ISortKeys<T, TKey>
    {
        int n = x.Shape[^1];
        var body = new ArgSortBody<T, TKey, TKeys>
        {
            X = x.Pointer<T>(), Order = order.Pointer<long>(), N = n, K = order.Shape[^1],
            IsDescending = isDescending
        };
        WorkerPool.For(x.Count / n, Math.Max(1, Grain / 16 / n), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(order);
    }

    // The one place that a pass finds: of the largest or smallest element, or of NaN, the first of equals.
    private static void ArgExtreme(Tensor x, Tensor y, bool isLargest)
    {
        if (isLargest) ArgExtreme<Largest>(x, y);
        else ArgExtreme<Smallest>(x, y);
    }

    private static void ArgExtreme<TRule>(Tensor x, Tensor y) where TRule : unmanaged, IReduceOp<TRule>
    {
        switch (x.DType)
        {
            case DType.Float32:
                if (Vector512.IsHardwareAccelerated) ArgExtreme<TRule, W512, float>(x, y);
                else if (Vector256.IsHardwareAccelerated) ArgExtreme<TRule, W256, float>(x, y);
                else ArgExtreme<TRule, W128, float>(x, y);
                break;
            case DType.Float64:
                if (Vector256.IsHardwareAccelerated) ArgExtreme<TRule, D256, double>(x, y);
                else ArgExtreme<TRule, F64, double>(x, y);
                break;
            case DType.Int32: ArgExtreme<TRule, Whole<int>, int>(x, y); break;
            case DType.Int64: ArgExtreme<TRule, Whole<long>, long>(x, y); break;
            case DType.Bool or DType.UInt8: ArgExtreme<TRule, Whole<byte>, byte>(x, y); break;
            case DType.Int8: ArgExtreme<TRule, Whole<sbyte>, sbyte>(x, y); break;
            default: throw Unsupported("arg_max", x.DType);
        }
    }

    private static void ArgExtreme<TRule, V, T>(Tensor x, Tensor y)
        where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryNumber<T>
    {
        nint n = x.Count / y.Count;
        var body = new ArgExtremeBody<TRule, V, T> { X = x.Pointer<T>(), Y = y.Pointer<long>(), N = n };
        WorkerPool.For(y.Count, Math.Max(1, Grain / n), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
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
