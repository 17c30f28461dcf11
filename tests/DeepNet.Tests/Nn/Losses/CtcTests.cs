using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class CtcTests
{
    private static Tensor Labels(params long[] labels) => Tensor.From<long>(labels, new Shape(1, labels.Length));

    private static Tensor LogProbabilities(int steps, int batch, int classes, ulong seed = 3)
        => Tensor.Randn(new Shape(steps, batch, classes), DType.Float64, generator: new Generator(seed)).LogSoftmax(-1).Detach();

    /// <summary>The probability of a target, added up over all sequences of classes that say it.</summary>
    private static double ByEnumeration(Tensor x, long[] target, int blank)
    {
        int steps = x.Shape[0], classes = x.Shape[2];
        double[] p = x.ToArray<double>();
        double sum = 0;
        int[] path = new int[steps];
        for (int code = 0; code < Math.Pow(classes, steps); code++)
        {
            double log = 0;
            for (int t = 0, rest = code; t < steps; t++, rest /= classes)
            {
                path[t] = rest % classes;
                log += p[t * classes + path[t]];
            }
            var said = path.Where((c, t) => (t == 0 || path[t - 1] != c) && c != blank).Select(c => (long)c);
            if (said.SequenceEqual(target)) sum += Math.Exp(log);
        }
        return -Math.Log(sum);
    }

    [Theory]
    [InlineData(5, 3, 0, new long[] { 1, 2 })]
    [InlineData(6, 3, 0, new long[] { 1, 1, 2 })]
    [InlineData(6, 3, 1, new long[] { 2, 2, 2 })]
    [InlineData(5, 3, 2, new long[] { 1, 1, 1 })]
    [InlineData(4, 4, 3, new long[] { 0, 1, 2, 1 })]
    [InlineData(4, 3, 0, new long[] { })]
    [InlineData(1, 3, 0, new long[] { 2 })]
    public void Is_what_all_alignments_add_up_to(int steps, int classes, int blank, long[] target)
    {
        var x = LogProbabilities(steps, 1, classes).WithGrad();
        var loss = Loss.Ctc(x, Labels(target), blank: blank, reduction: Reduction.Sum);
        Assert.Equal(ByEnumeration(x, target, blank), loss.Item<double>(), 1e-12);
        loss.Backward();
        double[] gradient = x.Grad!.ToArray<double>();
        // At each step every path passes one class.
        for (int t = 0; t < steps; t++) Assert.Equal(-1, gradient.AsSpan(t * classes, classes).ToArray().Sum(), 1e-12);
        for (int i = 0; i < gradient.Length; i++)
        {
            double At(double h)
            {
                double[] values = x.ToArray<double>();
                values[i] += h;
                return ByEnumeration(Tensor.From<double>(values, x.Shape), target, blank);
            }
            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 1e-8);
        }
    }

    [Fact]
    public void Each_of_a_batch_is_as_alone_whatever_lies_behind_its_end()
    {
        var x = LogProbabilities(6, 3, 4).WithGrad();
        long[][] targets = [[1, 2, 2], [3], []];
        int[] lengths = [6, 4, 3];
        var padded = Tensor.From<long>([1, 2, 2, 3, 99, -7, 5, 5, 5], new Shape(3, 3));
        var joined = Tensor.From<long>(1, 2, 2, 3);
        var steps = Tensor.From<long>(6, 4, 3);
        var counts = Tensor.From(3, 1, 0);
        var losses = Loss.Ctc(x, padded, steps, counts, reduction: Reduction.None);
        Assert.Equal(losses.ToArray<double>(), Loss.Ctc(x, joined, steps, counts, reduction: Reduction.None).ToArray<double>());
        for (int n = 0; n < 3; n++)
        {
            var alone = x.Detach().Narrow(0, 0, lengths[n]).Narrow(1, n, 1);
            Assert.Equal(ByEnumeration(alone.Contiguous(), targets[n], 0), losses[n].Item<double>(), 1e-12);
            Assert.Equal(losses[n].Item<double>(), Loss.Ctc(alone.Squeeze(1), Tensor.From<long>(targets[n])).Item<double>()
                * Math.Max(1, targets[n].Length), 1e-12);
        }
        losses.Sum().Backward();
        Assert.All(x.Grad!.Narrow(0, 4, 2).Narrow(1, 1, 1).ToArray<double>(), g => Assert.Equal(0, g));
        Assert.All(x.Grad!.Narrow(0, 3, 3).Narrow(1, 2, 1).ToArray<double>(), g => Assert.Equal(0, g));
        double[] each = losses.ToArray<double>();
        Assert.Equal((each[0] / 3 + each[1] + each[2]) / 3, Loss.Ctc(x, padded, steps, counts).Item<double>(), 1e-12);
    }

    [Fact]
    public void A_target_too_long_for_its_steps_is_infinitely_bad_or_left_out()
    {
        // Between two equal labels there must be a blank: three steps at least.
        foreach (var (target, steps) in new[] { (new long[] { 1, 1 }, 2), ([1, 2, 1], 2), ([2], 0) })
        {
            var x = LogProbabilities(steps, 1, 3).WithGrad();
            var loss = Loss.Ctc(x, Labels(target));
            Assert.Equal(double.PositiveInfinity, loss.Item<double>());
            loss.Backward();
            Assert.All(x.Grad!.ToArray<double>(), g => Assert.True(double.IsNaN(g)));
            x.Grad = null;
            loss = Loss.Ctc(x, Labels(target), zeroInfinity: true);
            Assert.Equal(0, loss.Item<double>());
            loss.Backward(createGraph: true);
            Assert.All(x.Grad!.ToArray<double>(), g => Assert.Equal(0, g));
        }
        Assert.Equal(0, Loss.Ctc(LogProbabilities(0, 1, 3), Labels()).Item<double>());
    }

    [Fact]
    public void Long_sequences_neither_vanish_nor_overflow()
    {
        // e^−2000 is no double.
        var x = Tensor.Full(new Shape(1000, 1, 8), -2, DType.Float64);
        var target = Tensor.From<long>([.. Enumerable.Range(0, 200).Select(i => 1L + i % 7)], new Shape(1, 200));
        double loss = Loss.Ctc(x, target, reduction: Reduction.Sum).Item<double>();
        // Without equal neighbours the paths of L labels over T steps are C(T + L, 2L).
        double paths = 0;
        for (int i = 1; i <= 400; i++) paths += Math.Log((800.0 + i) / i);
        Assert.Equal(2000 - paths, loss, 1e-9);
        Assert.Equal(loss, Loss.Ctc(x.To(DType.Float32), target, reduction: Reduction.Sum).Item(), 1e-4 * loss);
    }

    [Fact]
    public void A_probability_of_zero_has_a_gradient_of_zero()
    {
        double never = double.NegativeInfinity;
        double[] logs = [Math.Log(0.5), Math.Log(0.5), never, never, Math.Log(0.25), Math.Log(0.75)];
        var x = Tensor.From<double>(logs, new Shape(2, 1, 3)).WithGrad();
        foreach (bool isRecorded in new[] { false, true })
        {
            x.Grad = null;
            var loss = Loss.Ctc(x, Labels(1, 2));
            Assert.Equal(-Math.Log(0.5 * 0.75) / 2, loss.Item<double>(), 1e-15);
            loss.Backward(createGraph: isRecorded);
            Assert.Equal([0, -0.5, 0, 0, 0, -0.5], x.Grad!.ToArray<double>());
        }
    }

    [Fact]
    public void Recorded_gradients_are_the_kernels_and_threads_change_no_bit()
    {
        var x = LogProbabilities(20, 7, 9).WithGrad();
        var random = new Generator(5);
        var target = Tensor.RandInt(1, 9, new Shape(7, 8), generator: random);
        Tensor steps = Tensor.From<long>(20, 20, 18, 12, 20, 9, 16), counts = Tensor.From<long>(8, 1, 0, 5, 7, 2, 3);
        double[] Gradient(bool isRecorded)
        {
            x.Grad = null;
            Loss.Ctc(x, target, steps, counts, zeroInfinity: true).Backward(createGraph: isRecorded);
            return x.Grad!.ToArray<double>();
        }
        double[] kernel = Gradient(false), recorded = Gradient(true);
        for (int i = 0; i < kernel.Length; i++) Assert.Equal(kernel[i], recorded[i], 1e-12);
        Fused.AssertSameOnTwoThreads(() => [Gradient(false)]);
    }

    [Fact]
    public void An_empty_batch_has_a_sum_of_zero()
    {
        var x = LogProbabilities(3, 0, 4).WithGrad();
        var loss = Loss.Ctc(x, Tensor.Zeros(new Shape(0, 2), DType.Int64), reduction: Reduction.Sum);
        Assert.Equal(0, loss.Item<double>());
        loss.Backward();
        Assert.Equal(new Shape(3, 0, 4), x.Grad!.Shape);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        var x = LogProbabilities(4, 2, 3);
        string Message(Func<Tensor> loss) => Assert.ThrowsAny<ArgumentException>(loss).Message;
        Tensor Two(params long[] labels) => Tensor.From<long>(labels, new Shape(2, labels.Length / 2));
        Assert.StartsWith("[ctc] the log-probability 0.5 at index (0, 0, 0) is not 0 or less. Of logits, take LogSoftmax(-1) first.",
            Message(() => Loss.Ctc(Tensor.Full(x.Shape, 0.5), Two(1, 2))));
        Assert.Equal("[ctc] label 3 at index (1, 0) is out of range: there are 3 classes, so labels go from 0 to 2.",
            Message(() => Loss.Ctc(x, Two(1, 3))));
        Assert.Equal("[ctc] label 0 at index (0, 1) is the blank, which no target contains. Is another class the blank?",
            Message(() => Loss.Ctc(x, Two(1, 0, 1, 2))));
        Assert.StartsWith("[ctc] the blank is 3; there are 3 classes", Message(() => Loss.Ctc(x, Two(1, 2), blank: 3)));
        Assert.Contains("need targetLengths", Message(() => Loss.Ctc(x, Tensor.From<long>(1, 2))));
        Assert.Equal("[ctc] the target lengths add up to 3, and there are 4 labels.",
            Message(() => Loss.Ctc(x, Tensor.From<long>(1, 2, 1, 2), targetLengths: Tensor.From<long>(1, 2))));
        Assert.Equal("[ctc] number 1 of the input lengths is 5; it must be from 0 to 4.",
            Message(() => Loss.Ctc(x, Two(1, 2), Tensor.From<long>(4, 5))));
        Assert.Equal("[ctc] the target of shape (2, 1) are float32 and must be integers: use To(DType.Int64).",
            Message(() => Loss.Ctc(x, Tensor.Ones(2, 1))));
        Assert.Contains("do not fit 2 sequences", Message(() => Loss.Ctc(x, Tensor.Ones(new Shape(3, 1), DType.Int64))));
    }
}
