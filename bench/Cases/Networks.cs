using DeepNet.Nn;

namespace DeepNet.Bench.Cases;

/// <summary>The networks that are trained, as a user would write them.</summary>
internal static class Networks
{
    public static Sequential Mlp() => new(new Linear(784, 128), new Relu(), new Linear(128, 10));

    public static Sequential LeNet() => new(
        new Conv2d(1, 32, 3), new Relu(), new Conv2d(32, 64, 3), new Relu(), new MaxPool2d(2), new Flatten(),
        new Linear(9216, 128), new Relu(), new Linear(128, 10));

    public static Sequential ResNet14()
    {
        var model = new Sequential(new Conv2d(3, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new Relu());
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
        private readonly Conv2d conv1 = new(inputs, outputs, 3, stride, padding: 1, bias: false),
            conv2 = new(outputs, outputs, 3, padding: 1, bias: false);
        private readonly BatchNorm2d norm1 = new(outputs), norm2 = new(outputs);
        private readonly Sequential? shortcut = stride == 1 && inputs == outputs ? null
            : new Sequential(new Conv2d(inputs, outputs, 1, stride, bias: false), new BatchNorm2d(outputs));

        public override Tensor Forward(Tensor x)
        {
            var y = norm1.Forward(conv1.Forward(x)).Relu();
            y = norm2.Forward(conv2.Forward(y));
            return (y + (shortcut is null ? x : shortcut.Forward(x))).Relu();
        }
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
