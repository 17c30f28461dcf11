using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests;

/// <summary>Networks trained under autocast get as far as in float32, and repeat themselves bit by bit.</summary>
public class HalfTrainingTests
{
    private const int Examples = 256;

    [Theory]
    [InlineData("mlp", DType.BFloat16)]
    [InlineData("mlp", DType.Float16)]
    [InlineData("cnn", DType.BFloat16)]
    [InlineData("cnn", DType.Float16)]
    public void LearnsAsWellAsFloat32(string kind, DType type)
    {
        var exact = Train(kind, DType.Float32);
        var low = Train(kind, type);
        Assert.True(exact.Accuracy >= 0.95, $"float32: {exact.Accuracy}");
        Assert.True(low.Accuracy >= exact.Accuracy - 0.01, $"{type.Name()}: {low.Accuracy}, float32 {exact.Accuracy}");
        Assert.Equal(exact.Loss, low.Loss, 0.02);
        Assert.NotEqual(exact.Weights, low.Weights);
        Assert.Equal(low.Weights, Train(kind, type).Weights);
    }

    private static (double Accuracy, double Loss, float[] Weights) Train(string kind, DType type)
    {
        var random = new Generator(3);
        var (x, y) = Data(kind);
        Layer model = kind == "mlp"
            ? new Sequential(
                new Linear(16, 32, generator: random), new Relu(), new Linear(32, 32, generator: random), new Gelu(),
                new Linear(32, 4, generator: random))
            : new Sequential(
                new Conv2d(1, 6, 3, padding: 1, generator: random), new Relu(), new MaxPool2d(2), new Conv2d(6, 8, 3, generator: random),
                new Relu(), new Flatten(), new Linear(32, 4, generator: random));
        var optimizer = new Adam(model.Parameters(), learningRate: 5e-3);
        var scaler = new LossScaler(factor: type == DType.Float16 ? 65536 : 1);
        double last = 0;
        for (int step = 0; step < 120; step++)
        {
            int at = step * 64 % Examples;
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            Tensor loss;
            using (Autocast.To(type)) loss = Loss.CrossEntropy(model.Forward(x[at..(at + 64)]), y[at..(at + 64)]);
            scaler.Scale(loss).Backward();
            scaler.Step(optimizer);
            last = loss.Item();
        }
        using var noGrad = Autograd.NoGrad();
        using var cast = Autocast.To(type);
        double right = model.Forward(x).ArgMax(1).Equal(y).To(DType.Float32).Mean().Item();
        return (right, last, [.. model.Parameters().SelectMany(p => p.Value.ToArray())]);
    }

    // Four classes: noise around a pattern of each.
    private static (Tensor X, Tensor Y) Data(string kind)
    {
        var y = Tensor.RandInt(0, 4, new Shape(Examples), generator: new Generator(1));
        int[] shape = kind == "mlp" ? [16] : [1, 8, 8];
        var patterns = Tensor.Randn(new Shape([4, .. shape]), generator: new Generator(2));
        var x = patterns.IndexSelect(0, y) + 0.6 * Tensor.Randn(new Shape([Examples, .. shape]), generator: new Generator(4));
        return (x, y);
    }
}
