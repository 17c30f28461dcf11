using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override void Softmax(Tensor x, Tensor y, bool isLog)
    {
        int n = x.Shape[^1], log = isLog ? 1 : 0;
        if (x.DType == DType.Float32) RunRows(new SoftmaxJob<GpuFloat, float> { X = View<float>(x), Y = View<float>(y), N = n, IsLog = log }, x.Count / n, n);
        else RunRows(new SoftmaxJob<GpuDouble, double> { X = View<double>(x), Y = View<double>(y), N = n, IsLog = log }, x.Count / n, n);
        GC.KeepAlive((x, y));
    }

    internal override void SoftmaxBackward(Tensor y, Tensor g, Tensor dx, bool isLog)
    {
        int n = y.Shape[^1], log = isLog ? 1 : 0;
        if (y.DType == DType.Float32)
            RunRows(new SoftmaxBackwardJob<GpuFloat, float> { Y = View<float>(y), G = View<float>(g), Dx = View<float>(dx), N = n, IsLog = log }, y.Count / n, n);
        else
            RunRows(new SoftmaxBackwardJob<GpuDouble, double> { Y = View<double>(y), G = View<double>(g), Dx = View<double>(dx), N = n, IsLog = log }, y.Count / n, n);
        GC.KeepAlive((y, g, dx));
    }

    internal override void LogSumExp(Tensor x, nint n, Tensor y)
    {
        if (x.DType == DType.Float32) RunRows(new LogSumExpJob<GpuFloat, float> { X = View<float>(x), Y = View<float>(y), N = n }, y.Count, n);
        else RunRows(new LogSumExpJob<GpuDouble, double> { X = View<double>(x), Y = View<double>(y), N = n }, y.Count, n);
        GC.KeepAlive((x, y));
    }

    internal override void Variance(Tensor x, nint n, double divisor, Tensor y)
    {
        if (x.DType == DType.Float32)
            RunRows(new VarianceJob<GpuFloat, float> { X = View<float>(x), Y = View<float>(y), N = n, Count = n, Divisor = (float)divisor }, y.Count, n);
        else
            RunRows(new VarianceJob<GpuDouble, double> { X = View<double>(x), Y = View<double>(y), N = n, Count = n, Divisor = divisor }, y.Count, n);
        GC.KeepAlive((x, y));
    }

    internal override void CrossEntropy(Tensor x, Tensor labels, Tensor? weights, CrossEntropyRule rule, Tensor losses, Tensor sums)
    {
        int n = x.Shape[1], hasWeights = weights is null ? 0 : 1, isSmooth = rule.Smoothing != 0 ? 1 : 0;
        if (x.DType == DType.Float32)
            RunRows(new CrossEntropyJob<GpuFloat, float>
            {
                X = View<float>(x), Weights = View<float>(weights ?? x), Losses = View<float>(losses), Sums = View<float>(sums), Labels = View<long>(labels), N = n,
                Ignore = rule.IgnoreIndex, Smoothing = (float)rule.Smoothing, Total = (float)rule.WeightSum, Count = n, HasWeights = hasWeights, IsSmooth = isSmooth,
            }, x.Shape[0], n);
        else
            RunRows(new CrossEntropyJob<GpuDouble, double>
            {
                X = View<double>(x), Weights = View<double>(weights ?? x), Losses = View<double>(losses), Sums = View<double>(sums), Labels = View<long>(labels), N = n,
                Ignore = rule.IgnoreIndex, Smoothing = rule.Smoothing, Total = rule.WeightSum, Count = n, HasWeights = hasWeights, IsSmooth = isSmooth,
            }, x.Shape[0], n);
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
