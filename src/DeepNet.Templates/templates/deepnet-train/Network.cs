using DeepNet;
using DeepNet.Nn;

/// <summary>Two convolutions with pooling, then a score for each class. Images are grey, 28 × 28.</summary>
sealed class Network(int classes) : Module
{
    readonly Conv2d conv1 = new(1, 8, 5), conv2 = new(8, 16, 3);
    readonly Linear hidden = new(16 * 5 * 5, 64, activation: new Relu()), scores = new(64, classes);

    public override Tensor Forward(Tensor x)
    {
        x = conv1.Forward(x).MaxPool2d(2).Relu();       // 28 → 24 → 12
        x = conv2.Forward(x).MaxPool2d(2).Relu();       // 12 → 10 → 5
        return scores.Forward(hidden.Forward(x.Flatten(1)));
    }
}
