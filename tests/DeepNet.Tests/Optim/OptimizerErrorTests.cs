using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>The text of errors: what is wrong, by which number, and what to do.</summary>
public class OptimizerErrorTests
{
    private static Parameter Named(string name, params int[] shape) => new(Tensor.Ones(shape)) { Name = name };

    private static string Text<T>(Func<object?> code) where T : Exception => Assert.Throws<T>(code).Message;

    [Fact]
    public void Ranges()
    {
        Parameter[] x = [Named("w", 2)];
        Assert.StartsWith(
            "[optim] learning rate is -0.1; it must be a finite number and not negative.",
            Text<ArgumentOutOfRangeException>(() => new Sgd(x, -0.1)), StringComparison.Ordinal);
        Assert.StartsWith(
            "[optim] learning rate is NaN", Text<ArgumentOutOfRangeException>(() => new Adam(x, double.NaN)), StringComparison.Ordinal);
        Assert.StartsWith(
            "[optim] Beta2 is 1; it must be at least 0 and below 1, usually 0.9 to 0.999.",
            Text<ArgumentOutOfRangeException>(() => new Adam(x, new AdamOptions { Beta2 = 1 })), StringComparison.Ordinal);
        Assert.StartsWith("[optim] momentum is 1", Text<ArgumentOutOfRangeException>(() => new Sgd(x, 0.1, 1)), StringComparison.Ordinal);
        Assert.StartsWith(
            "[optim] weight decay is -1", Text<ArgumentOutOfRangeException>(() => new Lion(x, new LionOptions { WeightDecay = -1 })),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[optim] clip norm is 0", Text<ArgumentOutOfRangeException>(() => new Sgd(x, 0.1) { ClipNorm = 0 }), StringComparison.Ordinal);
        Assert.StartsWith(
            "[sgd] Nesterov momentum needs a momentum", Text<ArgumentException>(() => new Sgd(x, new SgdOptions { Nesterov = true })),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[sgd] Nesterov momentum takes the gradient undampened",
            Text<ArgumentException>(() => new Sgd(x, new SgdOptions { Momentum = 0.9, Dampening = 0.1, Nesterov = true })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters()
    {
        var x = Named("fc1.weight", 3, 2);
        Assert.StartsWith(
            "[adam] there is no parameter to optimize.", Text<ArgumentException>(() => new Adam(Array.Empty<Parameter>())),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[sgd] fc1.weight float32 (3, 2) is there twice", Text<ArgumentException>(() => new Sgd([x, x], 0.1)),
            StringComparison.Ordinal);
        Assert.StartsWith("[sgd] fc1.weight float32 (3, 2) is there twice", Text<ArgumentException>(
            () => new Sgd([new ParameterGroup([x]), new ParameterGroup([x])], new())), StringComparison.Ordinal);
        var group = new ParameterGroup([x]);
        var first = new Sgd([group], new());
        Assert.StartsWith(
            "[sgd] the group belongs to another optimizer.", Text<ArgumentException>(() => new Sgd([group], new())),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "[sgd] adagrad keeps no mean", Text<ArgumentException>(() => first.ContinueFrom(new AdaGrad([x]))), StringComparison.Ordinal);
        Assert.StartsWith(
            "[sgd] adam has other parameters", Text<ArgumentException>(() => first.ContinueFrom(new Adam([Named("a", 1)]))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_does_not_fit_is_reported_in_full_and_changes_nothing()
    {
        var (w, b) = (Named("w", 3, 2), Named("b", 2));
        (w.Grad, b.Grad) = (Tensor.Ones(3, 2), Tensor.Ones(2));
        var saved = new Adam([w, b]);
        saved.Step();
        var state = saved.SaveState();
        Assert.Equal(["b/exp_avg", "b/exp_avg_sq", "w/exp_avg", "w/exp_avg_sq"], state.Tensors.Keys.Order());

        Assert.StartsWith(
            "[load_state] the state is of 'adam', this is 'sgd'", LoadInto(new Sgd([w], 0.1), state), StringComparison.Ordinal);

        var other = new Adam([Named("w", 2, 2), Named("c", 2)], 0.5);
        string text = LoadInto(other, state);
        foreach (string line in new[]
        {
            "w/exp_avg: shape (3, 2) where the parameter has (2, 2)", "w/exp_avg_sq: shape", "c/step: missing", "b/exp_avg: not known here",
                "b/step: not known here",
        })
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Equal(0.5, other.LearningRate);
        Assert.Empty(other.SaveState().Tensors);

        state.Tensors.Remove("b/exp_avg_sq");
        Assert.Contains("b/exp_avg_sq: missing", LoadInto(new Adam([w, b]), state), StringComparison.Ordinal);
        state.Numbers["b/step"] = 1.5;
        Assert.Contains("b/step: 1.5 is not a count", LoadInto(new Adam([w, b]), state), StringComparison.Ordinal);

        static string LoadInto(Optimizer optimizer, OptimizerState state)
            => Assert.Throws<ArgumentException>(() => optimizer.LoadState(state)).Message;
    }
}
