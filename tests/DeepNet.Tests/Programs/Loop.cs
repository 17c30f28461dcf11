using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>The lines that most programs have alike.</summary>
internal static class Loop
{
    /// <summary>Takes steps down a loss; returns the last one.</summary>
    public static float Fit(Optimizer optimizer, int steps, Func<Tensor> loss)
    {
        float last = float.NaN;
        for (int i = 0; i < steps; i++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            var value = loss();
            value.Backward();
            optimizer.Step();
            last = value.Item();
        }
        return last;
    }

    /// <summary>Makes linear layers of the given widths with an activation between them.</summary>
    public static Sequential Mlp(Generator random, Func<Activation> activation, params int[] widths)
    {
        var layers = new List<Module>();
        for (int i = 1; i < widths.Length; i++)
            layers.Add(new Linear(widths[i - 1], widths[i], generator: random, activation: i < widths.Length - 1 ? activation() : null));
        return new Sequential(layers);
    }
}
