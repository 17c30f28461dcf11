using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Clipping within the step, seen in how far plain descent with a rate of 1 moves.</summary>
public class ClipTests
{
    private static Parameter[] Make()
    {
        var problem = new Problem(DType.Float32, new(37, 300), new(5), new(0), new(2, 3));
        problem.Gradients(1);
        return problem.Parameters;
    }

    private static double[] Values(Parameter[] parameters) => [.. parameters.SelectMany(p => p.Value.ToArray<double>())];

    private static double[] Gradients(Parameter[] parameters) => [.. parameters.SelectMany(p => p.Grad!.ToArray<double>())];

    private static double[] Moves(Parameter[] parameters, Sgd optimizer)
    {
        double[] before = Values(parameters);
        optimizer.Step();
        return [.. before.Zip(Values(parameters), (b, a) => b - a)];
    }

    [Fact]
    public void The_norm_is_that_of_all_gradients_together()
    {
        var parameters = Make();
        double[] gradients = Gradients(parameters);
        double norm = Math.Sqrt(gradients.Sum(g => g * g));
        var optimizer = new Sgd(parameters, 1) { ClipNorm = norm / 4 };
        Problem.AssertClose([.. gradients.Select(g => g / 4)], Moves(parameters, optimizer), 1e-5, "clipped");
        Assert.Equal(1, optimizer.LastGradientNorm / norm, 6);
        Assert.Equal(gradients, Gradients(parameters));
    }

    [Fact]
    public void Small_gradients_are_left_as_they_are()
    {
        Parameter[] clipped = Make(), free = Make();
        Assert.Equal(
            Moves(free, new Sgd(free, 1)),
            Moves(clipped, new Sgd(clipped, 1) { ClipNorm = 1e9, ClipValue = 1e9 }));
    }

    [Fact]
    public void Values_are_limited_and_NaN_stays()
    {
        var x = new Parameter(Tensor.Zeros(4)) { Grad = Tensor.From(-3f, 0.5f, float.NaN, float.PositiveInfinity) };
        new Sgd([x], 1) { ClipValue = 2 }.Step();
        Assert.Equal([2, -0.5f, float.NaN, -2], x.Value.ToArray());
    }

    [Fact]
    public void Strided_gradients_are_clipped()
    {
        var gradient = Tensor.From<float>([3, 4, 0, 0, 0, 0], [2, 3]);
        var x = new Parameter(Tensor.Zeros(3, 2)) { Grad = gradient.T };
        var optimizer = new Sgd([x], 1) { ClipNorm = 1 };
        optimizer.Step();
        Assert.Equal(5, optimizer.LastGradientNorm, 6);
        Assert.Equal(-0.6f, x.Value.ToArray()[0], 1e-5f);
        Assert.Equal(-0.8f, x.Value.ToArray()[2], 1e-5f);
        Assert.Equal(3f, gradient.ToArray()[0]);
    }

    [Fact]
    public void Twenty_steps_are_those_of_gradients_scaled_by_hand()
    {
        var (one, two) = (new Problem(DType.Float32), new Problem(DType.Float32));
        var (clipping, plain) = (new Adam(one.Parameters) { ClipNorm = 0.5 }, new Adam(two.Parameters));
        for (int t = 1; t <= 20; t++)
        {
            one.Gradients(t);
            two.Gradients(t);
            double norm = Math.Sqrt(Gradients(two.Parameters).Sum(g => g * g));
            foreach (var parameter in two.Parameters) parameter.Grad = parameter.Grad! * Math.Min(1, 0.5 / (norm + 1e-6));
            clipping.Step();
            plain.Step();
            Assert.Equal(norm, clipping.LastGradientNorm, 1e-4);
        }
        Problem.AssertClose(two.Values, one.Values, 1e-5, "after 20 steps");
    }

    [Fact]
    public void A_norm_that_is_not_finite_names_the_parameter_and_changes_nothing()
    {
        var good = new Parameter(Tensor.Ones(3)) { Grad = Tensor.Ones(3) };
        var bad = new Parameter(Tensor.Ones(2)) { Name = "fc2.bias", Grad = Tensor.From(1f, float.NaN) };
        var optimizer = new Sgd([good, bad], 0.1) { ClipNorm = 1 };
        var error = Assert.Throws<InvalidOperationException>(optimizer.Step);
        Assert.StartsWith(
            "[clip] the norm of the gradients is NaN: that of fc2.bias float32 (2,) has a NaN.", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 1, 1], good.Value.ToArray());
        Assert.Equal([1, 1, 1], good.Grad.ToArray());
    }

    [Fact]
    public void Nothing_to_clip_has_no_norm()
    {
        var optimizer = new Sgd([new Parameter(Tensor.Ones(3))], 0.1) { ClipNorm = 1 };
        optimizer.Step();
        Assert.Equal(0, optimizer.LastGradientNorm);
    }
}
