using System.Globalization;
using DeepNet.Data;
using DeepNet.Nn;

namespace DeepNet.Samples.Browser;

/// <summary>Drawn digits, each seen once.</summary>
internal sealed class DigitsTask()
    : TrainingTask("digits", "Digits", "Images of 28 × 28 that the page draws itself, a hidden layer of 32.", steps: 300)
{
    private const int BatchSize = 32, Judged = 200;

    protected override double Rate => 4e-3;

    protected override Module Model() => new Sequential(new Linear(784, 32, activation: new Relu()), new Linear(32, 10));

    protected override Tensor Loss(Module model, int step)
    {
        var (x, y) = SyntheticData.Digits(BatchSize, seed: (ulong)step).All();
        return Nn.Loss.CrossEntropy(model.Forward(x.Flatten(1)), y);
    }

    protected override string Judge(Module model)
    {
        var (x, y) = SyntheticData.Digits(Judged, seed: 0).All();
        long[] said = model.Forward(x.Flatten(1)).ArgMax(1).ToArray<long>(), right = y.ToArray<long>();
        double share = said.Zip(right).Count(pair => pair.First == pair.Second) / (double)Judged;
        return string.Create(CultureInfo.InvariantCulture, $"accuracy {share:0.000} on {Judged} digits that it never saw");
    }
}
