using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>The networks of bench/Cases/Networks.cs. In place, activations overwrite their input, as torchvision's models do.</summary>
internal static class Networks
{
    public static Model Mlp(bool inPlace) => Sequential(Linear(784, 128), ReLU(inPlace), Linear(128, 10));

    public static Model Tiny(bool inPlace) => Sequential(Linear(4, 32), ReLU(inPlace), Linear(32, 3));

    public static Model MlpWithNorms(bool inPlace)
    {
        double dropout = Outcome.IsWanted ? 0 : 0.2;
        return Sequential(
            Linear(784, 512), BatchNorm1d(512), ReLU(inPlace), Dropout(dropout),
            Linear(512, 256), BatchNorm1d(256), ReLU(inPlace), Dropout(dropout), Linear(256, 10));
    }

    public static Model LeNet(bool inPlace) => Sequential(
        Conv2d(1, 32, 3), ReLU(inPlace), Conv2d(32, 64, 3), ReLU(inPlace), MaxPool2d(2), Flatten(),
        Linear(9216, 128), ReLU(inPlace), Linear(128, 10));

    public static Model ResNet14(bool inPlace)
    {
        var layers = new List<Model> { Conv2d(3, 16, 3, padding: 1, bias: false), BatchNorm2d(16), ReLU(inPlace) };
        int width = 16;
        foreach (var (next, stride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            layers.Add(new Block(width, next, stride, inPlace));
            layers.Add(new Block(next, next, 1, inPlace));
            width = next;
        }
        layers.AddRange([AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10)]);
        return Sequential(layers.ToArray());
    }

    private sealed class Block : Model
    {
        private readonly Model conv1, norm1, conv2, norm2;
        private readonly Model? shortcut;
        private readonly bool inPlace;

        public Block(int inputs, int outputs, int stride, bool inPlace) : base("Block")
        {
            this.inPlace = inPlace;
            conv1 = Conv2d(inputs, outputs, 3, stride, padding: 1, bias: false);
            norm1 = BatchNorm2d(outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
            norm2 = BatchNorm2d(outputs);
            if (stride != 1 || inputs != outputs)
                shortcut = Sequential(Conv2d(inputs, outputs, 1, stride, bias: false), BatchNorm2d(outputs));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = norm1.call(conv1.call(x));
            y = norm2.call(conv2.call(inPlace ? y.relu_() : y.relu()));
            var s = shortcut is null ? x : shortcut.call(x);
            return inPlace ? y.add_(s).relu_() : (y + s).relu();
        }
    }

    public sealed class LastOfLstm : Model
    {
        private readonly LSTM lstm = LSTM(64, 128, batchFirst: true);
        private readonly Linear head = Linear(128, 10);

        public LastOfLstm() : base("LastOfLstm") => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(lstm.call(x).Item1.select(1, -1));
    }

    public sealed class LastOfGru : Model
    {
        private readonly GRU gru = GRU(64, 128, batchFirst: true);
        private readonly Linear head = Linear(128, 10);

        public LastOfGru() : base("LastOfGru") => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(gru.call(x).Item1.select(1, -1));
    }
}
