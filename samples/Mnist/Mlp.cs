using DeepNet.Nn;

namespace DeepNet.Samples.Mnist;

/// <summary>784 numbers in, two hidden layers, a score for each digit out.</summary>
internal sealed class Mlp(int hidden = 256, double dropout = 0.1) : Module
{
    private readonly Linear fc1 = new(784, hidden, activation: new Relu()), fc2 = new(hidden, hidden / 2, activation: new Relu());
    private readonly Linear fc3 = new(hidden / 2, 10);
    private readonly Dropout drop = new(dropout);

    public override Tensor Forward(Tensor x)
    {
        x = drop.Forward(fc1.Forward(x.Flatten(1)));
        x = drop.Forward(fc2.Forward(x));
        return fc3.Forward(x);
    }
}
