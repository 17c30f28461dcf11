namespace DeepNet.Nn;

/// <summary>The state of an LSTM: what it puts out and what it remembers, each (layers · directions, batch, hidden).</summary>
/// <param name="Hidden">What it puts out.</param>
/// <param name="Cell">What it remembers.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);

/// <summary>Long short-term memory. Its gates are, in the order of the weights' rows: input, forget, candidate, output.</summary>
public sealed class Lstm : Recurrent
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inputSize">The length of the vectors that come in.</param>
    /// <param name="hiddenSize">The length of the state.</param>
    /// <param name="layers">How many cells are stacked.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="batchFirst">True for sequences of (batch, steps, features), false for (steps, batch, features).</param>
    /// <param name="dropout">The probability of 0 between stacked cells, while training.</param>
    /// <param name="bidirectional">True to read sequences from both ends.</param>
    /// <param name="generator">The source of starting values and dropout.</param>
    public Lstm(
        int inputSize, int hiddenSize, int layers = 1, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false, Generator? generator = null)
        : base("lstm", 4, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional, generator) { }

    private protected override int StateParts => 2;

    /// <summary>Runs over sequences.</summary>
    /// <param name="x">The sequences.</param>
    /// <param name="state">The initial state; or zeros.</param>
    /// <param name="lengths">The length of each sequence, where they differ: what lies behind the end of one is not read, and the output
    /// there is 0.</param>
    /// <returns>The output of the last cell at all steps, and the last state of all cells.</returns>
    public (Tensor Output, LstmState State) Forward(Tensor x, LstmState? state, IReadOnlyList<int>? lengths = null)
    {
        var (output, last) = Locate(x, () => Run(x, state is { } first ? [first.Hidden, first.Cell] : null, lengths));
        return (output, new LstmState(last[0], last[1]));
    }

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights)
        => CellStep<Ops.LstmCell>.Of(weights.OfInput(x), weights.OfHidden(state[0]), state);

    private protected override bool HasSequence => true;

    private protected override (Tensor Outputs, Tensor[] State) RunSequence(Tensor x, Tensor[] state, CellWeights weights, bool isReverse)
        => FusedSequence<Ops.LstmCell>.Run(isReverse, [x, .. state, .. weights.All]);
}
