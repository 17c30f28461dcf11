using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Model = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DeepNet.Bench.Anchor;

/// <summary>ResNet-18 with the first layer for images of 32×32, as torchvision writes the rest.</summary>
internal sealed class ResNet18 : Model
{
    private readonly Conv2d conv1 = Conv2d(3, 64, 3, padding: 1, bias: false);
    private readonly BatchNorm2d bn1 = BatchNorm2d(64);
    private readonly Model stages;
    private readonly Linear fc = Linear(512, 10);

    public ResNet18() : base("ResNet18")
    {
        var blocks = new List<Model>();
        int width = 64;
        foreach (int next in new[] { 64, 128, 256, 512 })
        {
            blocks.Add(new Block(width, next, next == 64 ? 1 : 2));
            blocks.Add(new Block(next, next, 1));
            width = next;
        }
        stages = Sequential(blocks.ToArray());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => fc.call(stages.call(bn1.call(conv1.call(x)).relu_()).mean([2, 3]));

    private sealed class Block : Model
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Model? downsample;

        public Block(int inputs, int width, int stride) : base("Block")
        {
            conv1 = Conv2d(inputs, width, 3, stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(width);
            conv2 = Conv2d(width, width, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(width);
            if (stride != 1 || inputs != width) downsample = Sequential(Conv2d(inputs, width, 1, stride, bias: false), BatchNorm2d(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = bn2.call(conv2.call(bn1.call(conv1.call(x)).relu_()));
            return y.add_(downsample is null ? x : downsample.call(x)).relu_();
        }
    }
}
