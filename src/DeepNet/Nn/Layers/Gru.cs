namespace DeepNet.Nn;

/// <summary>The gated recurrent unit. Its gates are, in the order of the weights' rows: reset, update, candidate.</summary>
public sealed class Gru : Recurrent
{
    /// <inheritdoc cref="Lstm(int, int, int, bool, bool, double, bool, Generator?)"/>
    public Gru(
        int inputSize, int hiddenSize, int layers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Generator? generator = null)
        : base("gru", 3, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional, generator) { }

    private protected override int StateParts => 1;

    /// <inheritdoc cref="Rnn.Forward(Tensor, Tensor?, IReadOnlyList{int}?)"/>
    public (Tensor Output, Tensor Hidden) Forward(Tensor x, Tensor? hidden, IReadOnlyList<int>? lengths = null)
    {
        var (output, state) = Locate(x, () => Run(x, hidden is null ? null : [hidden], lengths));
        return (output, state[0]);
    }

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights)
    {
        var (ofInput, ofHidden) = (weights.OfInput(x).Chunk(3, 1), weights.OfHidden(state[0]).Chunk(3, 1));
        var reset = (ofInput[0] + ofHidden[0]).Sigmoid();
        var update = (ofInput[1] + ofHidden[1]).Sigmoid();
        var candidate = (ofInput[2] + reset * ofHidden[2]).Tanh();
        return [candidate + update * (state[0] - candidate)];
    }
}
