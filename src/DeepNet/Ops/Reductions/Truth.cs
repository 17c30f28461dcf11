namespace DeepNet.Ops;

/// <summary>Tests whether all elements or some are true; an element that is not a bool is true unless it is zero (NaN is true).</summary>
internal static class Truth
{
    public static Tensor Of<TRule>(Tensor x, uint mask, bool keepDim) where TRule : unmanaged, IReduceOp<TRule>
        => Reduction.Run(new Identity(), default(TRule), Of(x), mask, keepDim);

    public static Tensor Of(Tensor x) => x.DType == DType.Bool ? x : x.Detach().NotEqual(0);
}
