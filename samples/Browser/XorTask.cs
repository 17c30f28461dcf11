using System.Globalization;
using DeepNet.Nn;

namespace DeepNet.Samples.Browser;

/// <summary>"Exclusive or", which no single layer can learn.</summary>
internal sealed class XorTask() : TrainingTask("xor", "Exclusive or", "Four examples, a hidden layer of eight.", steps: 300)
{
    private readonly Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
    private readonly Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

    protected override double Rate => 0.05;

    protected override Module Model() => new Sequential(new Linear(2, 8, activation: new Tanh()), new Linear(8, 1));

    protected override Tensor Loss(Module model, int step) => Nn.Loss.BceWithLogits(model.Forward(x), y);

    protected override string Judge(Module model) => string.Join(", ", model.Forward(x).Sigmoid().ToArray().Select(
        (p, i) => string.Create(CultureInfo.InvariantCulture, $"{i / 2} xor {i % 2} = {p:0.00}")));
}
