using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests;

/// <summary>Checks that every family must pass.</summary>
internal static class Learning
{
    /// <summary>Fails unless the gradient of a loss reaches each parameter.</summary>
    public static void ReachesAll(Module model, Tensor loss)
    {
        loss.Backward();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            Assert.True(parameter.Grad is not null, $"No gradient reaches {name}.");
            Assert.True(parameter.Grad.Abs().Sum().Item<float>() > 0, $"The gradient of {name} is 0.");
            Assert.True(parameter.Grad.IsFinite().All().Item<bool>(), $"The gradient of {name} is not finite.");
        }
        model.ZeroGrad();
    }

    /// <summary>Trains for some steps and fails unless the loss falls below a share of its first value.</summary>
    public static void Lowers(Module model, Func<Tensor> loss, int steps = 20, double rate = 1e-2, double share = 0.7)
    {
        var optimizer = new Adam(model.Parameters(), rate);
        double first = 0, last = 0;
        for (int i = 0; i <= steps; i++)
        {
            using var scope = Memory.Scope();
            var value = loss();
            last = value.Item<float>();
            if (i == 0) first = last;
            optimizer.ZeroGrad();
            value.Backward();
            optimizer.Step();
        }
        Assert.True(last < share * first, $"The loss went from {first:g4} to {last:g4}.");
    }

    /// <summary>Fails unless a model that is saved and loaded into another one computes the same.</summary>
    public static void RoundTrips(Module model, Module other, Func<Module, Tensor> compute)
    {
        using var folder = new TemporaryFolder();
        using var off = Autograd.NoGrad();
        model.Eval();
        other.Eval();
        var expected = compute(model);
        Assert.False(compute(other).ArrayEqual(expected), "Both models were the same before.");
        model.SavePretrained(folder.Path);
        Assert.True(other.LoadPretrained(folder.Path).IsComplete);
        Assert.True(compute(other).ArrayEqual(expected));
    }
}
