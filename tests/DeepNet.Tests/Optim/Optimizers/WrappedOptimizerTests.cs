using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Lookahead and SAM around other optimizers, and Muon's groups.</summary>
public class WrappedOptimizerTests
{
    [Fact]
    public void Settings_and_groups_are_those_of_the_optimizer_inside()
    {
        Parameter a = new(Tensor.From(2.0)), b = new(Tensor.From(2.0));
        var inner = new Sgd([a], 0.5);
        var outer = new Lookahead(inner, 100) { WeightDecay = 0.5 };
        Assert.Equal(0.5, inner.WeightDecay);
        outer.LearningRate = 0.25;
        Assert.Equal(0.25, inner.LearningRate);
        outer.AddGroup(new ParameterGroup([b], 1));
        Assert.Equal(2, inner.Groups.Count);
        (a.Grad, b.Grad) = (Tensor.From(1.0), Tensor.From(1.0));
        outer.Step();
        Assert.Equal((2 - 0.25 * 2, 2 - 2), ((double)a.Value, (double)b.Value));
        Assert.Equal("sam lookahead sgd", new Sam(outer).Name);
    }

    [Fact]
    public void Lookahead_goes_around_a_line_search_too()
    {
        var x = new Parameter(Tensor.From(10.0));
        var optimizer = new Lookahead(new Lbfgs([x]), 1);
        double Step() => (double)optimizer.Step(() =>
        {
            optimizer.ZeroGrad();
            var loss = (x.Value - 4) * (x.Value - 4);
            loss.Backward();
            return loss;
        });
        Assert.Equal(36, Step());
        Assert.Equal(7, (double)x.Value, 9);
    }

    [Fact]
    public void Sam_puts_the_weights_back_where_the_second_gradient_fails()
    {
        var x = new Parameter(Tensor.From(0.1, 0.7, 1e9));
        var optimizer = new Sam(new Sgd([x], 0.1), rho: 0.3);
        double[] before = x.Value.ToArray<double>();
        int calls = 0;
        Assert.Throws<TimeoutException>(() => optimizer.Step(() =>
        {
            if (++calls == 2)
            {
                Assert.NotEqual(before, x.Value.ToArray<double>());
                throw new TimeoutException();
            }
            x.Grad = Tensor.From(1.0, 2.0, 3.0);
            return x.Value.Sum();
        }));
        Assert.Equal(before, x.Value.ToArray<double>());
    }

    [Fact]
    public void Sam_in_two_steps_is_one_with_a_closure()
    {
        Problem one = new(DType.Float64), two = new(DType.Float64);
        Sam first = new(new Sgd(one.Parameters, 0.02, 0.9), 0.5), second = new(new Sgd(two.Parameters, 0.02, 0.9), 0.5);
        for (int t = 1; t <= 3; t++)
        {
            first.Step(() =>
            {
                one.Gradients(t);
                return Tensor.From(0.0).Reshape();
            });
            two.Gradients(t);
            second.FirstStep();
            Assert.Contains("uphill", Assert.Throws<InvalidOperationException>(() => second.SaveState()).Message);
            Assert.Throws<InvalidOperationException>(() => second.FirstStep());
            two.Gradients(t);
            second.SecondStep();
        }
        Assert.Equal(one.Values, two.Values);
    }

    [Fact]
    public void A_gradient_of_zero_moves_nothing_uphill()
    {
        var x = new Parameter(Tensor.From(1.0, -2.0)) { Grad = Tensor.From(0.0, 0.0) };
        var optimizer = new Sam(new Sgd([x], 0.1));
        optimizer.FirstStep();
        Assert.Equal([1, -2], x.Value.ToArray<double>());
        optimizer.SecondStep();
        Assert.Equal([1, -2], x.Value.ToArray<double>());
    }

    [Fact]
    public void Muon_makes_all_singular_values_of_a_step_about_1()
    {
        var x = new Parameter(Tensor.Zeros(new Shape(6, 4), DType.Float64));
        x.Grad = Tensor.Randn(x.Shape, DType.Float64, generator: new Generator(4));
        new Muon([x], new MuonOptions { LearningRate = 1, WeightDecay = 0, Scale = MuonScale.Original }).Step();
        var step = x.Value.Detach() / Math.Sqrt(1.5);
        double[] square = step.T.MatMul(step).ToArray<double>();
        // The trace is the sum of their squares; the iteration leaves each between 0.7 and 1.2.
        double trace = square[0] + square[5] + square[10] + square[15];
        Assert.InRange(trace, 4 * 0.49, 4 * 1.44);
        Assert.All(Enumerable.Range(0, 16).Where(i => i % 5 != 0), i => Assert.InRange(Math.Abs(square[i]), 0, 0.48));
    }

    [Fact]
    public void Muons_other_groups_are_AdamWs()
    {
        Problem one = new(DType.Float64), two = new(DType.Float64);
        var muon = new Muon([new([one.Parameters[1]])], [new([one.Parameters[0]], 0.03) { WeightDecay = 0.2 }], new());
        var adam = new AdamW(
            [new ParameterGroup([two.Parameters[1]]), new ParameterGroup([two.Parameters[0]], 0.03) { WeightDecay = 0.2 }],
            new AdamWOptions { LearningRate = 1e-3, WeightDecay = 0.1 });
        for (int t = 1; t <= 5; t++)
        {
            one.Gradients(t);
            two.Gradients(t);
            muon.Step();
            adam.Step();
        }
        Problem.AssertClose(two.Values, one.Values, 1e-12, "AdamW's");
        Assert.Equal(["0/exp_avg", "0/exp_avg_sq", "1/exp_avg", "1/exp_avg_sq"], muon.SaveState().Tensors.Keys.Order());
    }

    [Fact]
    public void Adafactor_remembers_a_row_and_a_column()
    {
        var x = new Parameter(Tensor.Ones(7, 30, 50)) { Grad = Tensor.Ones(7, 30, 50) };
        var optimizer = new Adafactor([x]);
        optimizer.Step();
        var state = optimizer.SaveState();
        Assert.Equal(new Shape(7, 30, 1), state.Tensors["0/exp_avg_sq_row"].Shape);
        Assert.Equal(new Shape(7, 1, 50), state.Tensors["0/exp_avg_sq_column"].Shape);
    }
}
