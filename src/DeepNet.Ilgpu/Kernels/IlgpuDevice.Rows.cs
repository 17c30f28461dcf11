using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Softmax(Tensor x, Tensor y, bool isLog)
    {
        if (x.DType == DType.Float32) Softmax<GpuFloat, float>(x, y, isLog);
        else Softmax<GpuDouble, double>(x, y, isLog);
        GC.KeepAlive((x, y));
    }

    private void Softmax<V, T>(Tensor x, Tensor y, bool isLog) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int n = x.Shape[^1];
        var share = ShareOf(x.Count / n, n, x, y);
        RunRows(new SoftmaxJob<V, T> { X = View<T>(x), Y = View<T>(y), Share = share, IsLog = isLog ? 1 : 0 }, share);
    }

    internal override void SoftmaxBackward(Tensor y, Tensor g, Tensor dx, bool isLog)
    {
        if (y.DType == DType.Float32) SoftmaxBackward<GpuFloat, float>(y, g, dx, isLog);
        else SoftmaxBackward<GpuDouble, double>(y, g, dx, isLog);
        GC.KeepAlive((y, g, dx));
    }

    private void SoftmaxBackward<V, T>(Tensor y, Tensor g, Tensor dx, bool isLog) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int n = y.Shape[^1];
        var share = ShareOf(y.Count / n, n, y, g, dx);
        RunRows(new SoftmaxBackwardJob<V, T> { Y = View<T>(y), G = View<T>(g), Dx = View<T>(dx), Share = share, IsLog = isLog ? 1 : 0 }, share);
    }

    internal override void LogSumExp(Tensor x, nint n, Tensor y)
    {
        var share = ShareOf(y.Count, n, x);
        if (x.DType == DType.Float32) RunRows(new LogSumExpJob<GpuFloat, float> { X = View<float>(x), Y = View<float>(y), Share = share }, share);
        else RunRows(new LogSumExpJob<GpuDouble, double> { X = View<double>(x), Y = View<double>(y), Share = share }, share);
        GC.KeepAlive((x, y));
    }

    internal override void Variance(Tensor x, nint n, double divisor, Tensor y)
    {
        var share = ShareOf(y.Count, n, x);
        if (x.DType == DType.Float32)
            RunRows(new VarianceJob<GpuFloat, float> { X = View<float>(x), Y = View<float>(y), Share = share, Count = n, Divisor = (float)divisor }, share);
        else
            RunRows(new VarianceJob<GpuDouble, double> { X = View<double>(x), Y = View<double>(y), Share = share, Count = n, Divisor = divisor }, share);
        GC.KeepAlive((x, y));
    }

    internal override void CrossEntropy(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor losses, Tensor sums)
    {
        int n = x.Shape[1], hasWeights = weights is null ? 0 : 1, isSmooth = rule.Smoothing != 0 ? 1 : 0;
        var share = ShareOf(x.Shape[0], n, x);
        if (x.DType == DType.Float32)
            RunRows(new CrossEntropyJob<GpuFloat, float>
            {
                X = View<float>(x), Weights = View<float>(weights ?? x), Losses = View<float>(losses), Sums = View<float>(sums), Labels = View<long>(labels), Share = share,
                Ignore = rule.IgnoreIndex, Smoothing = (float)rule.Smoothing, Total = (float)rule.WeightSum, Count = n, HasWeights = hasWeights, IsSmooth = isSmooth,
            }, share);
        else
            RunRows(new CrossEntropyJob<GpuDouble, double>
            {
                X = View<double>(x), Weights = View<double>(weights ?? x), Losses = View<double>(losses), Sums = View<double>(sums), Labels = View<long>(labels), Share = share,
                Ignore = rule.IgnoreIndex, Smoothing = rule.Smoothing, Total = rule.WeightSum, Count = n, HasWeights = hasWeights, IsSmooth = isSmooth,
            }, share);
        GC.KeepAlive((x, labels, weights, losses, sums));
    }

    internal override void CrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor g, Tensor dx)
        => CrossEntropyBackward(x, labels, weights, rule, sums, null, g, dx, isMean: false);

    internal override void MeanCrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor? counted, Tensor g, Tensor dx)
        => CrossEntropyBackward(x, labels, weights, rule, sums, counted, g, dx, isMean: true);

    private void CrossEntropyBackward(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor sums, Tensor? counted, Tensor g, Tensor dx, bool isMean)
    {
        int n = x.Shape[1], hasWeights = weights is null ? 0 : 1, hasCounted = counted is null ? 0 : 1, mean = isMean ? 1 : 0;
        double sharp = 1 - rule.Smoothing, even = n == 0 ? 0 : rule.Smoothing / n;
        if (x.DType == DType.Float32)
            Run(new CrossEntropyBackwardJob<GpuFloat, float>
            {
                X = View<float>(x), Weights = View<float>(weights ?? x), G = View<float>(g), Counted = View<float>(counted ?? g), Sums = View<float>(sums), Dx = View<float>(dx),
                Labels = View<long>(labels), N = n, Ignore = rule.IgnoreIndex, Sharp = (float)sharp, Even = (float)even, Total = (float)rule.WeightSum, Count = x.Shape[0],
                HasWeights = hasWeights, IsMean = mean, HasCounted = hasCounted,
            }, x.Count);
        else
            Run(new CrossEntropyBackwardJob<GpuDouble, double>
            {
                X = View<double>(x), Weights = View<double>(weights ?? x), G = View<double>(g), Counted = View<double>(counted ?? g), Sums = View<double>(sums), Dx = View<double>(dx),
                Labels = View<long>(labels), N = n, Ignore = rule.IgnoreIndex, Sharp = sharp, Even = even, Total = rule.WeightSum, Count = x.Shape[0],
                HasWeights = hasWeights, IsMean = mean, HasCounted = hasCounted,
            }, x.Count);
        GC.KeepAlive((x, labels, weights, sums, counted, g));
        GC.KeepAlive(dx);
    }
}
