using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>The networks that are trained, as a user would write them.</summary>
internal static class Networks
{
    public static Sequential Mlp() => new(new Linear(784, 128, activation: new Relu()), new Linear(128, 10));

    public static Sequential LeNet() => new(
        new Conv2d(1, 32, 3, activation: new Relu()), new Conv2d(32, 64, 3, activation: new Relu()), new MaxPool2d(2), new Flatten(),
        new Linear(9216, 128, activation: new Relu()), new Linear(128, 10));

    public static Sequential ResNet14()
    {
        var model = new Sequential(new Conv2dNorm(3, 16, 3, padding: 1, activation: new Relu()));
        int width = 16;
        foreach (var (next, stride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            model.Add(new Block(width, next, stride));
            model.Add(new Block(next, next, 1));
            width = next;
        }
        model.Add(new AdaptiveAvgPool2d(1));
        model.Add(new Flatten());
        model.Add(new Linear(64, 10));
        return model;
    }

    private sealed class Block(int inputs, int outputs, int stride) : Module
    {
        private readonly Conv2dNorm conv1 = new(inputs, outputs, 3, stride, padding: 1, activation: new Relu());
        private readonly Conv2dNorm conv2 = new(outputs, outputs, 3, padding: 1, activation: new Relu());
        private readonly Conv2dNorm? shortcut = stride == 1 && inputs == outputs ? null : new(inputs, outputs, 1, stride);

        public override Tensor Forward(Tensor x) => conv2.Forward(conv1.Forward(x), shortcut is null ? x : shortcut.Forward(x));
    }

    /// <summary>The same as <see cref="Mlp"/>, with fields.</summary>
    public sealed class MlpOfFields : Module
    {
        private readonly Linear fc1 = new(784, 128, activation: new Relu()), fc2 = new(128, 10);

        public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x));
    }

    /// <summary>The same with functions.</summary>
    public sealed class MlpOfFunctions : Module
    {
        private static readonly Relu relu = new();

        private readonly Parameter weight1 = new(Tensor.Randn(new Shape(128, 784)) * 0.02), bias1 = new(Tensor.Zeros(128));
        private readonly Parameter weight2 = new(Tensor.Randn(new Shape(10, 128)) * 0.05), bias2 = new(Tensor.Zeros(10));

        public override Tensor Forward(Tensor x)
            => x.Affine(weight1.Value, bias1.Value, transposed: true, activation: relu)
                .Affine(weight2.Value, bias2.Value, transposed: true);
    }

    public sealed class LastOfLstm : Module
    {
        private readonly Lstm lstm = new(64, 128, batchFirst: true);
        private readonly Linear head = new(128, 10);

        public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x)[.., ^1]);
    }

    public sealed class LastOfGru : Module
    {
        private readonly Gru gru = new(64, 128, batchFirst: true);
        private readonly Linear head = new(128, 10);

        public override Tensor Forward(Tensor x) => head.Forward(gru.Forward(x)[.., ^1]);
    }
}
