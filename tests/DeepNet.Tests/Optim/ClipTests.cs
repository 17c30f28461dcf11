using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

public class ClipTests
{
    private static Parameter[] Make(DType dtype = DType.Float32)
    {
        var problem = new Problem(dtype, new(37, 300), new(5), new(0), new(2, 3));
        problem.Gradients(1);
        return problem.Parameters;
    }

    private static double[] Gradients(Parameter[] parameters) => [.. parameters.SelectMany(p => p.Grad!.ToArray<double>())];

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(double.PositiveInfinity)]
    public void Norms_are_those_of_all_gradients_together(double kind)
    {
        var parameters = Make();
        double[] before = Gradients(parameters);
        double norm = kind switch
        {
            1 => before.Sum(Math.Abs),
            2 => Math.Sqrt(before.Sum(g => g * g)),
            _ => before.Max(Math.Abs),
        };
        double told = Clip.Norm(parameters, norm / 4, kind);
        Assert.Equal(1, told / norm, 6);
        Problem.AssertClose([.. before.Select(g => g / 4)], Gradients(parameters), 1e-5, "clipped");
    }

    [Fact]
    public void Small_gradients_are_left_as_they_are()
    {
        var parameters = Make();
        double[] before = Gradients(parameters);
        Clip.Norm(parameters, 1e9);
        Clip.Value(parameters, 1e9);
        Assert.Equal(before, Gradients(parameters));
    }

    [Fact]
    public void Values_are_limited_and_NaN_stays()
    {
        var x = new Parameter(Tensor.Zeros(4)) { Grad = Tensor.From(-3f, 0.5f, float.NaN, float.PositiveInfinity) };
        Clip.Value([x], 2);
        Assert.Equal([-2, 0.5f, float.NaN, 2], x.Grad.ToArray());
    }

    [Fact]
    public void Strided_gradients_are_clipped_in_a_copy()
    {
        var gradient = Tensor.From<float>([3, 4, 0, 0, 0, 0], new Shape(2, 3));
        var x = new Parameter(Tensor.Zeros(3, 2)) { Grad = gradient.T };
        Assert.Equal(5, Clip.Norm([x], 1), 6);
        Assert.Equal(0.6f, x.Grad.ToArray()[0], 1e-5f);
        Assert.Equal(3f, gradient.ToArray()[0]);
    }

    [Fact]
    public void A_step_that_clips_is_clipping_and_a_step()
    {
        var (one, two) = (new Problem(DType.Float32), new Problem(DType.Float32));
        var (fused, apart) = (new Adam(one.Parameters) { ClipNorm = 0.5 }, new Adam(two.Parameters));
        for (int t = 1; t <= 20; t++)
        {
            one.Gradients(t);
            two.Gradients(t);
            double norm = Clip.Norm(two.Parameters, 0.5);
            fused.Step();
            apart.Step();
            Assert.Equal(norm, fused.LastGradientNorm, 1e-4);
        }
        Problem.AssertClose(two.Values, one.Values, 1e-5, "after 20 steps");
    }

    [Fact]
    public void A_norm_that_is_not_finite_names_the_parameter_and_changes_nothing()
    {
        var good = new Parameter(Tensor.Ones(3)) { Grad = Tensor.Ones(3) };
        var bad = new Parameter(Tensor.Ones(2)) { Name = "fc2.bias", Grad = Tensor.From(1f, float.NaN) };
        var optimizer = new SGD([good, bad], 0.1) { ClipNorm = 1 };
        var error = Assert.Throws<InvalidOperationException>(optimizer.Step);
        Assert.StartsWith("[clip] the norm of the gradients is NaN: that of fc2.bias float32 (2,) has a NaN.", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], good.Value.ToArray());
        Assert.Throws<InvalidOperationException>(() => Clip.Norm([good, bad], 1));
        Assert.Equal(double.NaN, Clip.Norm([good, bad], 1, throwIfNotFinite: false));
        Assert.Equal([1, 1, 1], good.Grad.ToArray());
    }

    [Fact]
    public void Nothing_to_clip_has_no_norm() => Assert.Equal(0, Clip.Norm([new Parameter(Tensor.Ones(3))], 1));
}
