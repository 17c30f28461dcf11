using DeepNet.Nn;

namespace DeepNet.Samples.Mnist;

/// <summary>Three convolutions, each followed by normalisation and all but the last by pooling; then a score for each digit.</summary>
internal sealed class Cnn(int first, int second, int third) : Module
{
    private readonly Conv2d conv1 = new(1, first, 5, bias: false), conv2 = new(first, second, 3, bias: false),
        conv3 = new(second, third, 3, bias: false);
    private readonly BatchNorm2d norm1 = new(first), norm2 = new(second), norm3 = new(third);
    private readonly Linear fc = new(third * 9, 10);

    public override Tensor Forward(Tensor x)
    {
        x = norm1.Forward(conv1.Forward(x).MaxPool2d(2)).Relu();        // 28 → 24 → 12
        x = norm2.Forward(conv2.Forward(x).MaxPool2d(2)).Relu();        // 12 → 10 → 5
        x = norm3.Forward(conv3.Forward(x)).Relu();                     // 5 → 3
        return fc.Forward(x.Flatten(1));
    }
}
