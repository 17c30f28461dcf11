using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests.Tuning;

/// <summary>Made digits of 14×14, and the loop that the figures of tuning are measured with.</summary>
internal static class MadeDigits
{
    public const int Features = 196;

    public static (Tensor X, Tensor Y) Draw(int count, ulong seed)
    {
        var (x, y) = SyntheticData.Digits(count, seed).All();
        return (x.AvgPool2d(2).Flatten(1), y);
    }

    /// <summary>The same pictures in a mirror: another task, for which what was learned is half right.</summary>
    public static Tensor Mirror(Tensor x) => x.Reshape(-1, 14, 14).Flip(2).Flatten(1);

    public static Sequential Net(ulong seed, params int[] hidden)
    {
        var generator = new Generator(seed);
        var body = new Sequential();
        int width = Features;
        foreach (int next in hidden) body.Add(new Linear(width, width = next, generator: generator, activation: new Relu()));
        return new Sequential(("body", body), ("head", new Linear(width, 10, generator: generator)));
    }

    /// <summary>Adam, in batches of 50. The loss is one of inputs, labels and places.</summary>
    public static void Train(
        Module model, double rate, Tensor x, Tensor y, int epochs, ulong seed, Func<Tensor, Tensor, Tensor, Tensor>? loss = null)
    {
        const int batch = 50;
        var optimizer = new Adam(model.Parameters(), rate);
        var generator = new Generator(seed);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            var order = Tensor.RandPerm(x.Shape[0], generator: generator);
            for (int i = 0; i + batch <= x.Shape[0]; i += batch)
            {
                using var scope = Memory.Scope();
                var at = order.Narrow(0, i, batch);
                var (some, labels) = (x.IndexSelect(0, at), y.IndexSelect(0, at));
                optimizer.ZeroGrad();
                (loss is null ? Loss.CrossEntropy(model.Forward(some), labels) : loss(some, labels, at)).Backward();
                optimizer.Step();
            }
        }
    }

    /// <summary>Per cent.</summary>
    public static double Accuracy(Module model, Tensor x, Tensor y)
    {
        using var scope = Memory.Scope();
        using var off = Autograd.NoGrad();
        return 100 * model.Forward(x).ArgMax(1).Equal(y).To(DType.Float64).Mean().Item<double>();
    }
}
