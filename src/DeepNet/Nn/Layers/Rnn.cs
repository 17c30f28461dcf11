namespace DeepNet.Nn;

/// <summary>The plain recurrent layer: h′ = tanh(W·x + b + U·h + c).</summary>
public sealed class Rnn : Recurrent
{
    private readonly bool isRelu;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputSize">The length of the vectors that come in.</param>
    /// <param name="hiddenSize">The length of the state.</param>
    /// <param name="layers">How many cells are stacked.</param>
    /// <param name="relu">True for ReLU instead of tanh.</param>
    /// <param name="bias">True for the biases b and c.</param>
    /// <param name="batchFirst">True for sequences of (batch, steps, features), false for (steps, batch, features).</param>
    /// <param name="dropout">The probability of 0 between stacked cells, while training.</param>
    /// <param name="bidirectional">True to read sequences from both ends.</param>
    /// <param name="generator">The source of starting values and dropout.</param>
    public Rnn(
        int inputSize, int hiddenSize, int layers = 1, bool relu = false, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false, Generator? generator = null)
        : base("rnn", 1, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional, generator) => isRelu = relu;

    private protected override int StateParts => 1;

    /// <summary>Runs over sequences.</summary>
    /// <param name="x">The sequences.</param>
    /// <param name="hidden">The initial state, (layers · directions, batch, hidden); or zeros.</param>
    /// <param name="lengths">The length of each sequence, where they differ: what lies behind the end of one is not read, and the output
    /// there is 0.</param>
    /// <returns>The output of the last cell at all steps, and the last state of all cells.</returns>
    public (Tensor Output, Tensor Hidden) Forward(Tensor x, Tensor? hidden, IReadOnlyList<int>? lengths = null)
    {
        var (output, state) = Locate(x, () => Run(x, hidden is null ? null : [hidden], lengths));
        return (output, state[0]);
    }

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights) => [Step(x, state[0], weights, isRelu)];

    internal static Tensor Step(Tensor x, Tensor hidden, CellWeights weights, bool isRelu)
    {
        var sum = weights.OfInput(x) + weights.OfHidden(hidden);
        return isRelu ? sum.Relu() : sum.Tanh();
    }
}
