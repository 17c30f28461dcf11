namespace DeepNet.Ops;

/// <summary>A recurrent cell in tensor operations: what the fused sequence must agree with, and how it is differentiated again.</summary>
internal static class CellStep<TCell> where TCell : unmanaged, ICell
{
    /// <summary>Runs one step from both projections, (batch, gates·units), and the state: hidden, and memory if there is one.</summary>
    /// <returns>The state after it.</returns>
    public static Tensor[] Of(Tensor ofInput, Tensor ofHidden, ReadOnlySpan<Tensor> state)
    {
        var gates = (TCell.KeepsProducts ? ofInput : ofInput + ofHidden).Chunk(TCell.Gates, 1);
        var cell = new CellValues<Tensor> { Gate0 = gates[0], Before = state[^1] };
        if (TCell.Gates > 1) cell.Gate1 = gates[1];
        if (TCell.Gates > 2) cell.Gate2 = gates[2];
        if (TCell.Gates > 3) cell.Gate3 = gates[3];
        if (TCell.KeepsProducts)
        {
            var products = ofHidden.Chunk(TCell.Gates, 1);
            cell.Product0 = products[0];
            if (TCell.Gates > 1) cell.Product1 = products[1];
            if (TCell.Gates > 2) cell.Product2 = products[2];
            if (TCell.Gates > 3) cell.Product3 = products[3];
        }
        TCell.Forward(ref cell);
        return TCell.HasMemory ? [cell.Hidden, cell.Saved] : [cell.Hidden];
    }

    /// <summary>Runs all steps, from the inputs of a <see cref="FusedSequence{TCell}"/> to its result.</summary>
    public static Tensor Sequence(ReadOnlySpan<Tensor> inputs, bool isReverse)
    {
        int parts = TCell.HasMemory ? 2 : 1, steps = inputs[0].Shape[0];
        var state = inputs[1..(1 + parts)].ToArray();
        var weights = inputs[(1 + parts)..];
        bool hasBias = weights.Length > 2;
        var results = new List<Tensor>(new Tensor[steps]);
        for (int i = 0; i < steps; i++)
        {
            int at = isReverse ? steps - 1 - i : i;
            var ofInput = inputs[0].Select(0, at).Affine(weights[0], hasBias ? weights[2] : null, transposed: true);
            state = Of(ofInput, state[0].Affine(weights[1], hasBias ? weights[3] : null, transposed: true), state);
            results[at] = state[0];
        }
        if (TCell.HasMemory) results.Add(state[1]);
        return Tensor.Stack([.. results]);
    }
}
