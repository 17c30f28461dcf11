namespace DeepNet.Ops;

/// <summary>What fused recurrent sequences share on the way back.</summary>
internal static class HiddenWeight
{
    /// <summary>
    /// The gradient of the weight of the hidden state, from the slopes (steps, batch, gates) of its products: each step has read what
    /// the one before it put out, the first of them the initial state.
    /// </summary>
    public static Tensor Gradient(Tensor slopes, Tensor hidden, Tensor y, bool isReverse)
    {
        int steps = slopes.Shape[0], first = isReverse ? steps - 1 : 0;
        var sum = Tensor.Allocate(new Shape(slopes.Shape[2], hidden.Shape[1]), slopes.DType, slopes.Device);
        slopes.Device.MatMul(slopes.Select(0, first).T, hidden, sum);
        if (steps == 1) return sum;
        var later = Rows(slopes.Narrow(0, isReverse ? 0 : 1, steps - 1));
        var before = Rows(y.Narrow(0, isReverse ? 1 : 0, steps - 1));
        slopes.Device.MatMul(later.T, before, sum, accumulate: true);
        return sum;
    }

    /// <summary>(steps, batch, n) as the rows of a matrix.</summary>
    public static Tensor Rows(Tensor x) => x.Reshape(x.Shape[0] * x.Shape[1], x.Shape[2]);
}
