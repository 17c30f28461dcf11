using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class LossTests
{
    [Fact]
    public void Shapes_are_never_broadcast()
    {
        var error = Assert.Throws<ArgumentException>(() => Loss.Mse(Tensor.Zeros(8, 1), Tensor.Zeros(8)));
        Assert.Equal(
            "[mse] prediction (8, 1) and target (8,): the shapes must be equal. Broadcast to (8, 8) they would pair elements that do not "
                + "belong together."
            + " They have the same number of elements: did you mean target.Reshape(8, 1)?", error.Message);
        Assert.Contains(
            "[bce_with_logits]", Assert.Throws<ArgumentException>(() => Loss.BceWithLogits(Tensor.Zeros(3), Tensor.Zeros(1))).Message);
        Assert.Contains(
            "target.Reshape(8)?",
            Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(
                Tensor.Zeros(8, 3), Tensor.Zeros(new Shape(8, 1), DType.Int64))).Message);
        Assert.Contains(
            "class weights of shape (2,)",
            Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(Tensor.Zeros(1, 3), Tensor.From(0L), Tensor.Ones(2))).Message);
    }

    [Fact]
    public void Log_cosh_is_exact_near_zero_and_does_not_overflow()
    {
        var a = Tensor.From(1e-8, -0.5, 1.0, 1.5, -800).WithGrad();
        var losses = Loss.LogCosh(a, Tensor.Zeros(new Shape(5), DType.Float64), Reduction.None);
        double[] expected = [5e-17, 0.1201145069582775, 0.4337808304830271, 0.8554401710137967, 800 - Math.Log(2)];
        foreach (var (e, v) in expected.Zip(losses.ToArray<double>())) Assert.Equal(e, v, Math.Abs(e) * 1e-15 * 4);
        losses.Sum().Backward();
        foreach (var (e, v) in a.ToArray<double>().Zip(a.Grad!.ToArray<double>())) Assert.Equal(Math.Tanh(e), v, 1e-15);
        GradCheck.SecondOrder(x => Loss.LogCosh(x[0], x[1]), Ops.Sample.Values(3, 4).WithGrad(), Ops.Sample.Values(4, 3).T.WithGrad());
    }

    [Theory]
    [InlineData(1, 2, 0.0)]
    [InlineData(37, 10, 0.0)]
    [InlineData(37, 11, 0.3)]
    [InlineData(3000, 7, 0.1)]
    public void The_mean_cross_entropy_is_the_mean_of_the_losses(int rows, int classes, double smoothing)
    {
        var random = new Generator(11);
        var labels = Tensor.RandInt(0, classes, new Shape(rows), generator: random);
        var x = Tensor.Randn(new Shape(rows, classes), DType.Float64, generator: random).WithGrad();
        var upstream = Tensor.From(-1.75);
        double[][] Run(Tensor logits, bool isFused) => Fused.Run([logits], upstream.To(logits.DType).Reshape(), () => isFused
            ? Loss.CrossEntropy(logits, labels, labelSmoothing: smoothing)
            : Loss.CrossEntropy(logits, labels, labelSmoothing: smoothing, reduction: Reduction.None).Mean());
        Fused.AssertNear(Run(x, false), Run(x, true), 1e-14);
        var single = x.Detach().To(DType.Float32).WithGrad();
        Fused.AssertNear(Run(single, false), Run(single, true), 1e-6);
        Fused.AssertSameOnTwoThreads(() => Run(single, true));
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_its_place()
    {
        string Message(params long[] labels)
            => Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(Tensor.Zeros(labels.Length, 10), Tensor.From(labels))).Message;
        Assert.Equal(
            "[cross_entropy] label 10 at index 2 is out of range: there are 10 classes, so labels go from 0 to 9. Do the labels start "
                + "at 1? Subtract it.", Message(1, 9, 10));
        Assert.Equal(
            "[cross_entropy] label -1 at index 1 is out of range: there are 10 classes, so labels go from 0 to 9. To leave out a label, "
                + "name it as ignoreIndex.", Message(-100, -1));
        Assert.Contains(
            "label 5 at index (1, 0)",
            Assert.Throws<ArgumentException>(() => Loss.Nll(
                Tensor.Zeros(2, 3, 2), Tensor.From<long>([0, 1, 5, 2], new Shape(2, 2)))).Message);
        Assert.Contains(
            "labels of shape (2,) are bool",
            Assert.Throws<ArgumentException>(() => Loss.CrossEntropy(Tensor.Zeros(2, 3), Tensor.Zeros(new Shape(2), DType.Bool))).Message);
    }

    [Fact]
    public void Floating_labels_are_an_error()
    {
        string Message(Func<Tensor> loss) => Assert.Throws<ArgumentException>(loss).Message;
        Assert.Equal("[cross_entropy] the labels of shape (8,) are float32 and must be integers: use target.To(DType.Int64). "
            + "Probabilities of the classes, such as one-hot ones, have the shape of the logits, (8, 3).",
                Message(() => Loss.CrossEntropy(Tensor.Zeros(8, 3), Tensor.Zeros(8))));
        Assert.Equal("[nll] labels of shape (8,) are float32 and must be integers: use labels.To(DType.Int64).",
            Message(() => Loss.Nll(Tensor.Zeros(8, 3), Tensor.Zeros(8))));
    }

    public static TheoryData<string, Func<Tensor, Tensor>, float, float[]> Domains => new()
    {
        { "[bce] the probability {0} at index (1, 0) is not from 0 to 1. Of logits, BceWithLogits is the loss.",
            x => Loss.Bce(x, Tensor.Full(x.Shape, 0.5)), 1.5f, [0, 1, 0.3f] },
        { "[bce] the target {0} at index (1, 0) is not from 0 to 1.", x => Loss.Bce(Tensor.Full(x.Shape, 0.5), x), -0.5f,
            [0, 1, 1.000001f] },
        { "[bce_with_logits] the target {0} at index (1, 0) is not from 0 to 1.", x => Loss.BceWithLogits(Tensor.Zeros(x.Shape), x), -1,
            [0, 1, 0.3f] },
        { "[bce_with_logits] the target {0} at index (1, 0) is not from 0 to 1.",
            x => Loss.BceWithLogits(Tensor.Zeros(x.Shape), x, positiveWeight: Tensor.Ones(1)), 2, [0, 1, 0.3f] },
        { "[focal] the target {0} at index (1, 0) is not from 0 to 1.", x => Loss.Focal(Tensor.Zeros(x.Shape), x), 2, [0, 1, 1] },
        { "[cross_entropy] the target {0} at index (1, 0) is not from 0 to 1.", x => Loss.CrossEntropy(Tensor.Zeros(x.Shape), x), 3,
            [0, 1, 0.5f] },
        { "[gaussian_nll] the variance {0} at index (1, 0) is not 0 or more.",
            x => Loss.GaussianNll(Tensor.Zeros(x.Shape), Tensor.Zeros(x.Shape), x), -1e-7f, [0, 1e30f, 3] },
        { "[poisson_nll] the target {0} at index (1, 0) is not 0 or more.", x => Loss.PoissonNll(Tensor.Zeros(x.Shape), x), -1,
            [0, 1, 70] },
        { "[poisson_nll] the rate {0} at index (1, 0) is not 0 or more.", x => Loss.PoissonNll(x, Tensor.Zeros(x.Shape), logInput: false),
            -1, [0, 1, 70] },
        { "[kl_divergence] the target {0} at index (1, 0) is not 0 or more.", x => Loss.KlDivergence(Tensor.Zeros(x.Shape), x), -1,
            [0, 1, 2] },
        { "[hinge] the target {0} at index (1, 0) is not -1 or 1. Targets of 0 and 1 become signs by 2 * target - 1.",
            x => Loss.Hinge(Tensor.Zeros(x.Shape), x), 0, [1, -1, 1] },
        { "[margin_ranking] the target {0} at index (1, 0) is not -1 or 1.",
            x => Loss.MarginRanking(Tensor.Zeros(x.Shape), Tensor.Ones(x.Shape), x), 2, [1, -1, 1] },
    };

    [Theory]
    [MemberData(nameof(Domains))]
    public void Numbers_that_a_loss_is_not_defined_for_are_an_error_with_place_and_value(string message, Func<Tensor, Tensor> loss,
        float wrong, float[] right)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Float16 })
        {
            Tensor Of(params float[] values) => Tensor.From<float>(values, new Shape(values.Length / 2, 2)).To(dtype);
            var error = Assert.Throws<ArgumentException>(() => loss(Of(right[0], right[1], wrong, right[2], wrong, wrong)));
            string expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, message, (double)wrong);
            if (dtype == DType.Float32) Assert.StartsWith(expected, error.Message);
            if (dtype == DType.Float32) Assert.True(float.IsFinite(loss(Of(right[0], right[1], right[2], right[0])).Item()));
            Assert.Equal(0, loss(Of()).Count - 1);
        }
        // Of many, some not next to each other, whoever looks.
        var many = Tensor.Full(new Shape(70_000, 2), right[0]);
        loss(many.T.Contiguous().T);
        many[69_999, 1] = wrong;
        Assert.Contains("at index (69999, 1)", Assert.Throws<ArgumentException>(() => loss(many)).Message);
        Assert.Contains("at index (69999, 1)", Assert.Throws<ArgumentException>(() => loss(many.T.Contiguous().T)).Message);
    }

    [Fact]
    public void Not_a_number_is_shown_by_the_loss()
        => Assert.True(float.IsNaN(Loss.Bce(Tensor.From(0.5f, float.NaN), Tensor.From(1f, 0f)).Item()));

    [Fact]
    public void Integers_and_bools_are_targets_too()
    {
        var z = Tensor.From(1f, -1f);
        Assert.Equal(Loss.BceWithLogits(z, Tensor.From(1f, 0f)).Item(), Loss.BceWithLogits(z, Tensor.From(1L, 0L)).Item());
        Assert.Contains("the target 2 at index 1", Assert.Throws<ArgumentException>(() =>
            Loss.BceWithLogits(z, Tensor.From(1L, 2L))).Message);
        Assert.Contains("the target -1 at index 1", Assert.Throws<ArgumentException>(() =>
            Loss.BceWithLogits(z, Tensor.From(1L, -1L))).Message);
    }

    [Fact]
    public void If_all_are_ignored_the_mean_is_not_a_number_and_the_sum_is_nothing()
    {
        var x = Tensor.Randn(new Shape(3, 4), generator: new Generator(1)).WithGrad();
        var labels = Tensor.From<long>(-100, -100, -100);
        Assert.True(float.IsNaN(Loss.CrossEntropy(x, labels).Item()));
        var sum = Loss.CrossEntropy(x, labels, reduction: Reduction.Sum);
        sum.Backward();
        Assert.Equal(0, sum.Item());
        Assert.All(x.Grad!.ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_cancel()
    {
        var x = Tensor.From<float>([1e4f, 1e4f - 1, -1e4f, 88, 89, -3e38f], new Shape(2, 3)).WithGrad();
        var losses = Loss.CrossEntropy(x, Tensor.From<long>(1, 0), reduction: Reduction.None);
        Assert.Equal(1.3132616875, losses.ToArray()[0], 1e-6);
        Assert.Equal(1.3132616875, losses.ToArray()[1], 1e-6);
        losses.Sum().Backward();
        Assert.All(x.Grad!.ToArray(), g => Assert.True(float.IsFinite(g)));
        Assert.Equal(0.7310585786, x.Grad.ToArray()[0], 1e-6);

        var z = Tensor.From(-200f, 200f, 0f);
        Assert.Equal([200, 200, 0.6931472f], Loss.BceWithLogits(z, Tensor.From(1f, 0f, 1f), reduction: Reduction.None).ToArray());
        Assert.Equal([100, 0], Loss.Bce(Tensor.From(0f, 1f), Tensor.From(1f, 1f), reduction: Reduction.None).ToArray());
    }

    [Theory]
    [InlineData(1, 1), InlineData(5, 7), InlineData(33, 64), InlineData(3, 1001)]
    public void The_fused_gradient_is_the_composed_one(int rows, int classes)
    {
        var random = new Generator(5);
        var x = Tensor.Randn(new Shape(rows, classes), DType.Float64, generator: random).WithGrad();
        var labels = Tensor.RandInt(0, classes, new Shape(rows), generator: random);
        var weights = Tensor.Uniform(new Shape(classes), 0.5, 2, DType.Float64, generator: random);
        var loss = Loss.CrossEntropy(x, labels, weights, labelSmoothing: 0.1);
        loss.Backward(retainGraph: true);
        double[] fused = x.Grad!.ToArray<double>();
        x.Grad = null;
        loss.Backward(createGraph: true);
        double[] composed = x.Grad!.ToArray<double>();
        for (int i = 0; i < fused.Length; i++) Assert.Equal(composed[i], fused[i], 1e-14);
    }
}
