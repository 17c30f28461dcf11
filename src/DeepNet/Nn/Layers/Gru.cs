namespace DeepNet.Nn;

/// <summary>The gated recurrent unit. Its gates are, in the order of the weights' rows: reset, update, candidate.</summary>
public sealed class Gru : Recurrent
{
    /// <inheritdoc cref="Lstm(int, int, int, bool, bool, double, bool, Generator?)"/>
    public Gru(
        int inputSize, int hiddenSize, int layers = 1, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false, Generator? generator = null)
        : base("gru", 3, inputSize, hiddenSize, layers, bias, batchFirst, dropout, bidirectional, generator) { }

    private protected override int StateParts => 1;

    /// <inheritdoc cref="Rnn.Forward(Tensor, Tensor?, IReadOnlyList{int}?)"/>
    public (Tensor Output, Tensor Hidden) Forward(Tensor x, Tensor? hidden, IReadOnlyList<int>? lengths = null)
    {
        var (output, state) = Locate(x, () => Run(x, hidden is null ? null : [hidden], lengths));
        return (output, state[0]);
    }

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights)
        => CellStep<Ops.GruCell>.Of(weights.OfInput(x), weights.OfHidden(state[0]), state);

    private protected override bool HasSequence => true;

    private protected override (Tensor Outputs, Tensor[] State) RunSequence(Tensor x, Tensor[] state, CellWeights weights, bool isReverse)
        => FusedSequence<Ops.GruCell>.Run(isReverse, [x, .. state, .. weights.All]);
}
