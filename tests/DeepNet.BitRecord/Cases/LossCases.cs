using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Losses of many classes and of many elements.</summary>
internal static class LossCases
{
    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
        {
            foreach (int classes in new[] { 1, 2, 3, 7, 8, 10, 16, 17, 33, 100, 1000, 1024, 1025, 5000 })
                CrossEntropy(recorder, dtype, classes, 20_000 / classes % 700 + 3);
            foreach (int count in new[] { 1, 37, 33_001 }) Elementwise(recorder, dtype, count);
        }
    }

    private static void CrossEntropy(Recorder recorder, DType dtype, int classes, int samples)
    {
        var logits = Values.Of(dtype, samples, classes);
        var labels = Values.Indices(classes, samples);
        var ignored = Tensor.Where(Values.Mask(samples), Tensor.Full(labels.Shape, Loss.IgnoredLabel, DType.Int64), labels);
        var weight = Values.Of(dtype, classes).Abs();
        string ending = $"of {classes} classes, {dtype}";
        recorder.Run($"cross-entropy {ending}", x => Loss.CrossEntropy(x[0], labels), logits);
        recorder.Run($"cross-entropy of strided logits {ending}", x => Loss.CrossEntropy(x[0], labels), Values.Strided(logits));
        recorder.Run($"cross-entropy, summed {ending}", x => Loss.CrossEntropy(x[0], labels, reduction: Reduction.Sum), logits);
        recorder.Run($"cross-entropy, not reduced {ending}", x => Loss.CrossEntropy(x[0], labels, reduction: Reduction.None), logits);
        recorder.Run($"cross-entropy, smoothed {ending}", x => Loss.CrossEntropy(x[0], labels, labelSmoothing: 0.1), logits);
        recorder.Run($"cross-entropy, ignored labels {ending}", x => Loss.CrossEntropy(x[0], ignored, labelSmoothing: 0.2), logits);
        recorder.Run($"cross-entropy, weighted {ending}", x => Loss.CrossEntropy(x[0], ignored, weight), logits);
        recorder.Run($"cross-entropy, probabilities {ending}",
            x => Loss.CrossEntropy(x[0], x[1].Softmax(-1)), logits, Values.Of(dtype, samples, classes) * 2);
        recorder.Run($"negative log-likelihood {ending}", x => Loss.Nll(x[0].LogSoftmax(1), ignored, weight), logits);
        if (classes <= 33)
            recorder.Run($"cross-entropy of pixels {ending}",
                x => Loss.CrossEntropy(x[0], Values.Indices(classes, 3, 5, 7)), Values.Of(dtype, 3, classes, 5, 7));
    }

    private static void Elementwise(Recorder recorder, DType dtype, int count)
    {
        Tensor a = Values.Of(dtype, count), b = Values.Of(a.Shape, dtype, 5), zeroOne = (b > 0).To(dtype), signs = zeroOne * 2 - 1;
        string ending = $"of {count}, {dtype}";
        recorder.Run($"squared error {ending}", x => Loss.Mse(x[0], x[1]), a, b);
        recorder.Run($"absolute error {ending}", x => Loss.L1(x[0], x[1]), a, b);
        recorder.Run($"Huber {ending}", x => Loss.Huber(x[0], x[1]), a, b);
        recorder.Run($"smooth L1 {ending}", x => Loss.SmoothL1(x[0], x[1]), a, b);
        recorder.Run($"binary cross-entropy {ending}", x => Loss.Bce(x[0].Sigmoid(), zeroOne), a);
        recorder.Run($"binary cross-entropy of logits {ending}", x => Loss.BceWithLogits(x[0], zeroOne), a);
        recorder.Run($"weighted binary cross-entropy of logits {ending}", x => Loss.BceWithLogits(x[0], zeroOne, b.Abs(), b.Square()), a);
        recorder.Run($"focal {ending}", x => Loss.Focal(x[0], zeroOne), a);
        recorder.Run($"hinge {ending}", x => Loss.Hinge(x[0], signs), a);
        recorder.Run($"Kullback-Leibler {ending}",
            x => Loss.KlDivergence(x[0].LogSoftmax(0), b.Softmax(0), reduction: Reduction.Sum), a);
        recorder.Run($"Gaussian likelihood {ending}", x => Loss.GaussianNll(x[0], x[1], x[1].Square() + 0.1), a, b);
        recorder.Run($"Poisson likelihood {ending}", x => Loss.PoissonNll(x[0], b.Abs()), a);
        recorder.Run($"cosine {ending}",
            x => Loss.CosineEmbedding(x[0].Reshape(1, -1), x[1].Reshape(1, -1), Tensor.Ones(new Shape(1), dtype)), a, b);
        recorder.Run($"triplet {ending}",
            x => Loss.Triplet(x[0].Reshape(1, -1), x[1].Reshape(1, -1), (x[0] + 0.5).Reshape(1, -1)), a, b);
        recorder.Run($"margin {ending}", x => Loss.MarginRanking(x[0], x[1], signs), a, b);
    }
}
