namespace DeepNet.Ops;

/// <summary>An LSTM in tensor operations: what the fused kernel must agree with.</summary>
internal static class LstmStep
{
    /// <summary>One step from the sum of both projections, (batch, 4·hidden): the gates are input, forget, candidate, output.</summary>
    public static (Tensor Hidden, Tensor Cell) Of(Tensor sums, Tensor cell)
    {
        var gates = sums.Chunk(4, 1);
        cell = gates[1].Sigmoid() * cell + gates[0].Sigmoid() * gates[2].Tanh();
        return (gates[3].Sigmoid() * cell.Tanh(), cell);
    }

    /// <summary>All steps, as <see cref="FusedLstm"/> returns them.</summary>
    public static Tensor Sequence(Tensor[] inputs, bool isReverse)
    {
        var (x, hidden, cell) = (inputs[0], inputs[1], inputs[2]);
        int steps = x.Shape[0];
        var results = new Tensor[steps + 1];
        bool hasBias = inputs.Length > 5;
        for (int i = 0; i < steps; i++)
        {
            int at = isReverse ? steps - 1 - i : i;
            var sums = x.Select(0, at).Affine(inputs[3], hasBias ? inputs[5] : null, transposed: true)
                + hidden.Affine(inputs[4], hasBias ? inputs[6] : null, transposed: true);
            (hidden, cell) = Of(sums, cell);
            results[at] = hidden;
        }
        results[steps] = cell;
        return Tensor.Stack(results);
    }
}
