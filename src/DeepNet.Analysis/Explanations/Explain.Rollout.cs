using DeepNet.Nn;

namespace DeepNet.Analysis;

public static partial class Explain
{
    /// <summary>
    /// Multiplies the attention weights of all layers, each mixed half and half with the residual path around it: how much of each input
    /// step reaches each output step.
    /// </summary>
    /// <param name="weights">
    /// The weights of each layer, first to last: (batch, heads, steps, steps), of which the mean over heads is taken, or (batch, steps,
    /// steps).
    /// </param>
    public static AttentionFlow Rollout(IReadOnlyList<Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0)
            throw new ArgumentException("[rollout] there are no weights: give those of at least one layer.", nameof(weights));
        using var quiet = Autograd.NoGrad();
        Tensor? flow = null;
        foreach (var layer in weights)
        {
            if (layer.Rank is not (3 or 4) || layer.Shape[^1] != layer.Shape[^2])
                throw new ArgumentException(
                    $"[rollout] weights are {layer.Shape}; they must be (batch, heads, steps, steps) or (batch, steps, steps).",
                    nameof(weights));
            var mean = layer.Detach().To(DType.Float64);
            if (mean.Rank == 4) mean = mean.Mean(1);
            var mixed = 0.5 * mean + 0.5 * Tensor.Eye(mean.Shape[^1], dtype: DType.Float64).To(mean.Device);
            mixed /= mixed.Sum(-1, keepDim: true);      // a query that sees nothing has weights of 0
            if (flow is not null && !flow.Shape.Equals(mixed.Shape))
                throw new ArgumentException($"[rollout] weights of one layer are {layer.Shape}, of another {flow.Shape}.", nameof(weights));
            flow = flow is null ? mixed : mixed.MatMul(flow);
        }
        return new AttentionFlow(flow!);
    }

    /// <summary>Computes the roll-out of a model that calls layers of self-attention one after the other, as encoders do.</summary>
    /// <param name="model">The model, in the mode it is in.</param>
    /// <param name="x">The inputs of the model.</param>
    /// <param name="isCausal">True if the layers let a step see no later ones.</param>
    /// <exception cref="InvalidOperationException">The model called no layer of attention.</exception>
    public static AttentionFlow Rollout(Module model, Tensor x, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        using var quiet = Autograd.NoGrad();
        var inputs = new List<(MultiHeadAttention Layer, Tensor X)>();
        var hooks = model.Modules().Select(part => part.Module).OfType<MultiHeadAttention>()
            .Select(layer => layer.RegisterForwardPreHook((l, input) => inputs.Add(((MultiHeadAttention)l, input)))).ToArray();
        try
        {
            model.Forward(x);
        }
        finally
        {
            foreach (var hook in hooks) hook.Dispose();
        }
        if (inputs.Count == 0)
            throw new InvalidOperationException(
                "[rollout] the model called no MultiHeadAttention layer. Give the weights of its layers instead.");
        return Rollout([.. inputs.Select(call =>
        {
            var weights = call.Layer.ForwardWithWeights(call.X, call.X, call.X, isCausal: isCausal).Weights;
            return weights.Rank == 2 ? weights.Unsqueeze(0) : weights;
        })]);
    }
}
