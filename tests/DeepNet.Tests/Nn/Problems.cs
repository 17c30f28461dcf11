using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>64 made samples of each kind, small, with random labels: only a model that works can learn them by heart.</summary>
internal static class Problems
{
    public const int Samples = 64, Classes = 4;

    public static Tensor Inputs(params int[] shape) => Tensor.Randn(new Shape([Samples, .. shape]), generator: new Generator(11));

    public static Tensor Words(int steps, int vocabulary)
        => Tensor.RandInt(0, vocabulary, new Shape(Samples, steps), generator: new Generator(13));

    public static Tensor Labels => Tensor.RandInt(0, Classes, new Shape(Samples), generator: new Generator(12));

    /// <summary>Trains and returns the last loss.</summary>
    public static float Fit(Module model, Func<Tensor> loss, int steps, double lr)
        => Programs.Loop.Fit(new DeepNet.Optim.Adam(model.Parameters(), lr), steps, loss);
}
