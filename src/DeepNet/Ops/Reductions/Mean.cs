namespace DeepNet.Ops;

/// <summary>The mean over any axes; NaN over nothing.</summary>
internal static class Mean
{
    public static Tensor Of(Tensor x, uint mask, bool keepDim)
    {
        x = Reduction.RequireFloating("mean", x);
        return Sum.Of(x, mask, keepDim) / (double)Reduction.Length(x.Shape, mask);
    }
}
