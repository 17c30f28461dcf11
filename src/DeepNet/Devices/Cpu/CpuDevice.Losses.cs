using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void CrossEntropy(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor losses, Tensor sums)
    {
        if (x.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) CrossEntropy<W512, float>(x, labels, weights, rule, losses, sums, null);
            else if (Vector256.IsHardwareAccelerated) CrossEntropy<W256, float>(x, labels, weights, rule, losses, sums, null);
            else CrossEntropy<W128, float>(x, labels, weights, rule, losses, sums, null);
        }
        else if (Vector256.IsHardwareAccelerated) CrossEntropy<D256, double>(x, labels, weights, rule, losses, sums, null);
        else CrossEntropy<F64, double>(x, labels, weights, rule, losses, sums, null);
    }

    internal override void Mean(Tensor x, Tensor? counted, Tensor number)
    {
        if (counted is not null)
        {
            base.Mean(x, counted, number);
            return;
        }
        Reduce(new Identity(), new AddUp(), x, number);
        if (x.DType == DType.Float32) *number.Pointer<float>() /= x.Count;
        else *number.Pointer<double>() /= x.Count;
        GC.KeepAlive(number);
    }

    internal override void MeanCrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor? counted, Tensor g, Tensor dx)
    {
        if (counted is null) CrossEntropyBackward(x, labels, weights, rule, sums, g, dx, isMean: true);
        else base.MeanCrossEntropyBackward(x, labels, weights, rule, sums, counted, g, dx);
    }

    internal override void CrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor g, Tensor dx)
        => CrossEntropyBackward(x, labels, weights, rule, sums, g, dx, isMean: false);

    private static void CrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor g, Tensor dx, bool isMean)
    {
        if (x.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) CrossEntropy<W512, float>(x, labels, weights, rule, g, sums, dx, isMean);
            else if (Vector256.IsHardwareAccelerated) CrossEntropy<W256, float>(x, labels, weights, rule, g, sums, dx, isMean);
            else CrossEntropy<W128, float>(x, labels, weights, rule, g, sums, dx, isMean);
        }
        else if (Vector256.IsHardwareAccelerated) CrossEntropy<D256, double>(x, labels, weights, rule, g, sums, dx, isMean);
        else CrossEntropy<F64, double>(x, labels, weights, rule, g, sums, dx, isMean);
    }

    // One number for each row: its loss on the way forward (dx is null), its gradient on the way back, or one gradient for their mean.
    private static void CrossEntropy<V, T>(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor rows, Tensor sums, Tensor? dx, bool isMean = false)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint n = x.Shape[1];
        var body = new CrossEntropyBody<V, T>
        {
            X = x.Pointer<T>(), Labels = labels.Pointer<long>(), Weights = weights is null ? null : weights.Pointer<T>(), Rule = rule,
            Rows = rows.Pointer<T>(), Sums = sums.Pointer<T>(), Dx = dx is null ? null : dx.Pointer<T>(), N = n, IsMean = isMean,
        };
        if (isMean) body.Share = *body.Rows / T.CreateTruncating(x.Shape[0]);
        WorkerPool.For(x.Shape[0], Math.Max(1, Grain / 4 / Math.Max(1, n)), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(labels);
        GC.KeepAlive(weights);
        GC.KeepAlive(rows);
        GC.KeepAlive(sums);
        GC.KeepAlive(dx);
    }

    private struct CrossEntropyBody<V, T> : IParallelBody
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Weights, Rows, Sums, Dx;
        public long* Labels;
        public CrossEntropyRule Rule;
        public nint N;
        public bool IsMean;
        public T Share;

        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to; row++)
            {
                bool counts = Labels[row] != Rule.IgnoreIndex;
                if (Dx == null) Rows[row] = Loss(X + row * N, Sums + 2 * row, counts ? (nint)Labels[row] : -1);
                else if (counts) Slope(X + row * N, Sums + 2 * row, (nint)Labels[row], IsMean ? Share : Rows[row], Dx + row * N);
                else new Span<T>(Dx + row * N, (int)N).Clear();
            }
        }

        private readonly T Loss(T* x, T* sums, nint label)
        {
            T max = RowLoop.Max<V, T>(x, N), log = T.Log(RowLoop.SumExp<V, T>(x, max, null, N));
            (sums[0], sums[1]) = (max, log);
            if (label < 0) return T.Zero;
            T loss = max - x[label] + log;
            if (Weights != null) loss *= Weights[label];
            if (Rule.Smoothing == 0) return loss;
            T total = T.CreateTruncating(Rule.WeightSum), dot = Weights == null ? RowLoop.Sum<V, T>(x, N) : RowLoop.Dot<V, T>(x, Weights, N);
            T even = (max * total - dot + log * total) / T.CreateTruncating(N);
            return loss + (even - loss) * T.CreateTruncating(Rule.Smoothing);
        }

        private readonly void Slope(T* x, T* sums, nint label, T g, T* dx)
        {
            T sharp = T.CreateTruncating(1 - Rule.Smoothing), even = T.CreateTruncating(Rule.Smoothing / N);
            T own = g * sharp * (Weights == null ? T.One : Weights[label]);
            T target = own + g * even * T.CreateTruncating(Rule.WeightSum);
            CrossEntropyLoop.Slope<V, T>(x, sums[0], sums[1], target, dx, N);
            if (Rule.Smoothing != 0)
                for (nint i = 0; i < N; i++) dx[i] -= g * even * (Weights == null ? T.One : Weights[i]);
            dx[label] -= own;
        }
    }
}
