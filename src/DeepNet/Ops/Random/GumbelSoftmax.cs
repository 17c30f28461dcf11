namespace DeepNet.Ops;

/// <summary>Categories drawn as softmax of perturbed logits (Jang, Gu and Poole; Maddison, Mnih and Teh, 2016).</summary>
internal static class GumbelSoftmax
{
    public static Tensor Of(Tensor logits, double temperature, bool hard, int axis, Generator? generator)
    {
        const string op = "gumbel_softmax";
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), $"[{op}] the temperature is {temperature}: it must be positive.");
        axis = Axis.Normalize(op, axis, logits.Shape);
        logits = Reduction.RequireFloating(op, logits);
        var noise = Tensor.Empty(logits.Shape, logits.DType, logits.Device).FillRandom(new Gumbel(), generator);
        var soft = ((logits + noise) / temperature).Softmax(axis);
        if (!hard) return soft;
        var chosen = soft.Detach();
        var one = Tensor.ZerosLike(chosen).Scatter(axis, chosen.ArgMax(axis, keepDim: true), 1);
        // The value is that of the vertex, the gradient that of the soft sample.
        return one + (soft - chosen);
    }
}
