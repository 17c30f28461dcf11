using DeepNet.Nn;

namespace DeepNet.Analysis.Tests.Explanations;

public class ExplainTests
{
    private static readonly Tensor Weight = Tensor.From<double>(1, -2, 0.5, 3, 0, -1).Reshape(2, 3);

    private static Tensor Linear(Tensor x) => x.MatMul(Weight.T);

    private static Func<Tensor, Tensor> Network()
    {
        var model = new Sequential(
            new Linear(3, 8, activation: new Tanh(), generator: new Generator(1)), new Linear(8, 2, generator: new Generator(2)));
        model.To(DType.Float64);
        return model.Forward;
    }

    [Fact]
    public void Saliency_of_a_linear_model_is_its_weights_and_times_the_input_its_score()
    {
        var x = Tensor.From<double>(1, 2, 3, -1, 0.5, 0.25).Reshape(2, 3);
        var plain = Explain.Saliency(Linear, x, target: 0);
        Assert.Equal([1, -2, 0.5, 1, -2, 0.5], plain.Values.ToArray<double>());
        Assert.Equal([-1.5, -1.875], plain.Scores);
        Assert.Null(plain.Gaps);
        var shares = Explain.Saliency(Linear, x, Tensor.From<long>(0, 1), timesInput: true);
        Assert.Equal([1, -4, 1.5, -3, 0, -0.25], shares.Values.ToArray<double>());
        Assert.Equal([0, 1], shares.Targets);
        Assert.False(x.RequiresGrad);
    }

    [Fact]
    public void Without_a_target_the_class_with_the_largest_score_is_explained()
    {
        var x = Tensor.From<double>(1, -2, 3, 1, 0, -4).Reshape(2, 3);
        Assert.Equal([0, 1], Explain.Saliency(Linear, x).Targets);        // the scores are (6.5, 0) and (−1, 7)
    }

    [Fact]
    public void A_model_of_one_number_has_no_classes()
    {
        var x = Tensor.From<double>(1, 2, 3).Reshape(1, 3);
        Assert.Equal([2, 4, 6], Explain.Saliency(v => v.Square().Sum(1), x).Values.ToArray<double>());
        Assert.Equal([2, 4, 6], Explain.Saliency(v => v.Square().Sum(1, keepDim: true), x).Values.ToArray<double>());
        Assert.Contains("no classes", Assert.Throws<ArgumentException>(() => Explain.Saliency(v => v.Sum(1), x, target: 0)).Message);
    }

    [Fact]
    public void Integrated_gradients_add_up_to_the_difference_of_scores()
    {
        var x = Tensor.Randn(new Shape(4, 3), DType.Float64, generator: new Generator(3)) * 2;
        var baseline = Tensor.From<double>(0.5, -0.5, 0);
        var few = Explain.IntegratedGradients(Network(), x, target: 1, baseline, steps: 10);
        var many = Explain.IntegratedGradients(Network(), x, target: 1, baseline, steps: 40);
        Assert.All(many.Gaps!, gap => Assert.InRange(Math.Abs(gap), 0, 5e-3));
        // Midpoints: four times the steps, a sixteenth of the error.
        Assert.InRange(many.Gaps!.Sum(Math.Abs) / few.Gaps!.Sum(Math.Abs), 0, 0.125);
        var ends = Network()(x).Select(1, 1) - Network()(baseline.Reshape(1, 3)).Select(1, 1);
        Assert.Equal(
            ends.ToArray<double>().Zip(many.Gaps!, (a, b) => a + b), many.Values.Sum(1).ToArray<double>(),
            (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Integrated_gradients_see_what_a_saturated_unit_hides_from_the_gradient()
    {
        static Tensor Saturated(Tensor x) => (1 - (1 - x).Relu()).Sum(1);
        var x = Tensor.From<double>(2.0).Reshape(1, 1);
        Assert.Equal(0, Explain.Saliency(Saturated, x).Values.Item<double>());
        Assert.Equal(1, Explain.IntegratedGradients(Saturated, x, steps: 50).Values.Item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void Occlusion_of_a_linear_model_is_the_mean_of_what_its_windows_covered(int window, int stride)
    {
        var weight = Tensor.From<double>([.. Enumerable.Range(0, 20).Select(i => i % 7 - 2.5)], new Shape(4, 5));
        var x = Tensor.From<double>([.. Enumerable.Range(0, 40).Select(i => i * 0.3 % 1.7)], new Shape(2, 1, 4, 5));
        var found = Explain.Occlusion(v => (v * weight).Sum([1, 2, 3]), x, window: window, stride: stride);
        var product = (x * weight).ToArray<double>();
        for (int example = 0; example < 2; example++)
        {
            double[,] sums = new double[4, 5], counts = new double[4, 5];
            foreach (int top in Starts(4))
                foreach (int left in Starts(5))
                {
                    double covered = 0;
                    Each((i, j) => covered += product[example * 20 + i * 5 + j]);
                    Each((i, j) => (sums[i, j], counts[i, j]) = (sums[i, j] + covered, counts[i, j] + 1));

                    void Each(Action<int, int> visit)
                    {
                        for (int i = top; i < top + window; i++)
                            for (int j = left; j < left + window; j++) visit(i, j);
                    }
                }
            double[,] map = found.Map(example);
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 5; j++) Assert.Equal(sums[i, j] / counts[i, j], map[i, j], 1e-12);
        }

        IEnumerable<int> Starts(int length)
            => Enumerable.Range(0, length).Where(i => i + window < length && i % stride == 0).Append(length - window);
    }

    [Fact]
    public void Occlusion_of_vectors_covers_one_feature_after_the_other()
    {
        var x = Tensor.From<double>(1, 2, 3).Reshape(1, 3);
        var found = Explain.Occlusion(Linear, x, target: 1, fill: 1);
        Assert.Equal([0, 0, -2], found.Values.ToArray<double>());       // 3·1 + 0·2 − 1·3, each feature set to 1
    }

    [Fact]
    public void GradCam_is_the_maps_of_a_layer_weighted_with_their_mean_gradients()
    {
        var convolution = new Conv2d(1, 2, 1, bias: false);
        var head = new Linear(2, 2, bias: false);
        using (Autograd.NoGrad())
        {
            convolution.Weight.Value.CopyFrom(Tensor.From(2f, -1f).Reshape(2, 1, 1, 1));
            head.Weight.Value.CopyFrom(Tensor.From(1f, 0.5f, -1f, 3f).Reshape(2, 2));
        }
        Tensor Model(Tensor x) => head.Forward(convolution.Forward(x).Mean([2, 3]));
        var x = Tensor.Zeros(1, 1, 4, 4);
        x[0, 0, 1, 2] = 8;
        // Class 0: (1·2 + 0.5·(−1)) / 16 of the image; class 1: (−1·2 + 3·(−1)) / 16, which speaks against it.
        var seen = Explain.GradCam(Model, convolution, x, target: 0);
        Assert.Equal(new Shape(1, 1, 4, 4), seen.Values.Shape);
        Assert.Equal(8 * 1.5 / 16, seen.Map()[1, 2], 1e-6);
        Assert.Equal(8 * 1.5 / 16, seen.Values.Sum().Item(), 1e-6);
        Assert.Equal(0, Explain.GradCam(Model, convolution, x, target: 1).Values.Abs().Sum().Item());
        Assert.Null(convolution.Weight.Grad);
        Assert.Null(head.Weight.Grad);
    }

    [Fact]
    public void GradCam_enlarges_the_maps_to_the_image_and_needs_no_trainable_parameter()
    {
        var convolution = new Conv2d(1, 1, 2, 2, bias: false);
        using (Autograd.NoGrad()) convolution.Weight.Value.CopyFrom(Tensor.Ones(1, 1, 2, 2));
        convolution.Freeze();
        var found = Explain.GradCam(x => convolution.Forward(x).Sum([2, 3]), convolution, Tensor.Ones(2, 1, 6, 8));
        Assert.Equal(new Shape(2, 1, 6, 8), found.Values.Shape);
        Assert.All(found.Values.ToArray(), v => Assert.Equal(4, v, 1e-6));
    }

    [Fact]
    public void Rollout_multiplies_weights_mixed_with_the_residual_path()
    {
        var uniform = Tensor.Full(new Shape(1, 3, 2, 2), 0.5);
        Assert.Equal([0.75, 0.25, 0.25, 0.75], Explain.Rollout([uniform]).Values.ToArray<double>());
        Assert.Equal([0.625, 0.375, 0.375, 0.625], Explain.Rollout([uniform, uniform]).Values.ToArray<double>());
        var first = Tensor.From<double>(0, 1, 0, 0, 0, 1, 1, 0, 0).Reshape(1, 3, 3);
        Assert.Equal([0.25, 0.5, 0.25, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25], Explain.Rollout([first, first]).Values.ToArray<double>());
    }

    [Fact]
    public void Rollout_of_an_encoder_takes_the_weights_that_its_layers_had()
    {
        var options = new TransformerOptions(8, 2) { BatchFirst = true, Dropout = 0 };
        var model = new Sequential(new TransformerEncoderLayer(options), new TransformerEncoderLayer(options));
        model.Eval();
        var x = Tensor.Randn(new Shape(2, 5, 8), generator: new Generator(4));
        var flow = Explain.Rollout(model, x);
        Assert.Equal(new Shape(2, 5, 5), flow.Values.Shape);
        Assert.All(flow.Values.Sum(-1).ToArray<double>(), sum => Assert.Equal(1, sum, 1e-6));
        var attention = model.Modules().Select(part => part.Module).OfType<MultiHeadAttention>().ToArray();
        var between = ((TransformerEncoderLayer)model[0]).Forward(x);
        var expected = Explain.Rollout(
        [
            attention[0].ForwardWithWeights(x, x, x).Weights, attention[1].ForwardWithWeights(between, between, between).Weights,
        ]);
        Assert.Equal(expected.Values.ToArray<double>(), flow.Values.ToArray<double>());
        Assert.Contains("<svg", flow.Plot(steps: ["a", "b", "c", "d", "e"]).ToSvg());
    }

    [Fact]
    public void Pictures_show_images_beside_their_shares_and_vectors_as_bars()
    {
        var image = Explain.Saliency(v => v.Sum([2, 3]), Tensor.Ones(1, 2, 3, 4), target: 1);
        string svg = image.Plot(className: "cat").ToSvg();
        Assert.Contains("cat", svg);
        Assert.Contains("shares", svg);
        Assert.Equal(new double[,] { { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 } }, image.Map());
        var vector = Explain.Saliency(Linear, Tensor.Ones(1, 3).To(DType.Float64), target: 0);
        Assert.Contains("weight", vector.Plot(names: ["height", "weight", "age"]).ToSvg());
        Assert.Throws<ArgumentException>(() => vector.Plot(names: ["height"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.Map(1));
    }

    [Fact]
    public void Mistakes_are_reported()
    {
        var x = Tensor.Ones(2, 3).To(DType.Float64);
        Assert.Contains("class 2", Assert.Throws<ArgumentException>(() => Explain.Saliency(Linear, x, target: 2)).Message);
        Assert.Contains("target is int64 (3,)",
            Assert.Throws<ArgumentException>(() => Explain.Saliency(Linear, x, Tensor.From<long>(0, 1, 0))).Message);
        Assert.Contains("To(DType.Float32)",
            Assert.Throws<ArgumentException>(() => Explain.Saliency(Linear, Tensor.Ones(2, 3).To(DType.Int64))).Message);
        Assert.Contains("for 2 examples", Assert.Throws<InvalidOperationException>(() => Explain.Saliency(v => v.Sum(), x)).Message);
        Assert.Contains("do not depend",
            Assert.Throws<InvalidOperationException>(() => Explain.Saliency(v => Linear(v.Detach()), x)).Message);
        Assert.Contains("never covered",
            Assert.Throws<ArgumentException>(() => Explain.Occlusion(Linear, x, window: 1, stride: 2)).Message);
        var unused = new Conv2d(1, 1, 1);
        Assert.Contains(
            "did not call", Assert.Throws<InvalidOperationException>(
            () => Explain.GradCam(v => v.Sum([2, 3]), unused, Tensor.Ones(1, 1, 2, 2))).Message);
        Assert.Contains("at least one layer", Assert.Throws<ArgumentException>(() => Explain.Rollout([])).Message);
        Assert.Throws<OperationCanceledException>(
            () => Explain.IntegratedGradients(Linear, x, cancellation: new CancellationToken(true)));
    }
}
