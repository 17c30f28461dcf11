namespace DeepNet.Ops;

/// <summary>A GRU in tensor operations: what the fused kernel must agree with.</summary>
internal static class GruStep
{
    /// <summary>One step from both projections, (batch, 3·hidden): the gates are reset, update, candidate.</summary>
    public static Tensor Of(Tensor ofInput, Tensor ofHidden, Tensor hidden)
    {
        var (inputs, hiddens) = (ofInput.Chunk(3, 1), ofHidden.Chunk(3, 1));
        var reset = (inputs[0] + hiddens[0]).Sigmoid();
        var update = (inputs[1] + hiddens[1]).Sigmoid();
        var candidate = (inputs[2] + reset * hiddens[2]).Tanh();
        return candidate + update * (hidden - candidate);
    }

    /// <summary>All steps, as <see cref="FusedGru"/> returns them.</summary>
    public static Tensor Sequence(Tensor[] inputs, bool isReverse)
    {
        var (x, hidden) = (inputs[0], inputs[1]);
        int steps = x.Shape[0];
        var results = new Tensor[steps];
        bool hasBias = inputs.Length > 4;
        for (int i = 0; i < steps; i++)
        {
            int at = isReverse ? steps - 1 - i : i;
            var ofInput = x.Select(0, at).Affine(inputs[2], hasBias ? inputs[4] : null, transposed: true);
            hidden = Of(ofInput, hidden.Affine(inputs[3], hasBias ? inputs[5] : null, transposed: true), hidden);
            results[at] = hidden;
        }
        return Tensor.Stack(results);
    }
}
