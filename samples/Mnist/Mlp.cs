using DeepNet.Nn;

namespace DeepNet.Samples.Mnist;

/// <summary>784 numbers in, two hidden layers, a score for each digit out.</summary>
internal sealed class Mlp(int hidden = 256, double dropout = 0.1) : Module
{
    private readonly Linear fc1 = new(784, hidden), fc2 = new(hidden, hidden / 2), fc3 = new(hidden / 2, 10);
    private readonly Dropout drop = new(dropout);

    public override Tensor Forward(Tensor x)
    {
        x = x.Flatten(1);
        x = drop.Forward(fc1.Forward(x).Relu());
        x = drop.Forward(fc2.Forward(x).Relu());
        return fc3.Forward(x);
    }
}
