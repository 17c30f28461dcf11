namespace DeepNet.Ops;

/// <summary>Checks the arguments of poolings and works out their windows.</summary>
internal static class Pooling
{
    public static PoolGrid Sliding(
        string op, Tensor x, Pair kernel, Pair? stride, Pair padding, Pair dilation, bool ceilMode, bool countPadding)
    {
        CheckImage(op, x);
        var step = stride ?? kernel;
        return new PoolGrid(
            x.Shape,
            PoolAxis.Sliding(op, "height", x.Shape, x.Shape[^2], kernel.Height, step.Height, padding.Height, dilation.Height, ceilMode,
            countPadding),
            PoolAxis.Sliding(op, "width", x.Shape, x.Shape[^1], kernel.Width, step.Width, padding.Width, dilation.Width, ceilMode,
            countPadding));
    }

    /// <summary>Windows along the last axis only.</summary>
    public static PoolGrid Sliding1d(
        string op, Tensor x, int kernel, int? stride, int padding, int dilation, bool ceilMode, bool countPadding)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"[{op}] signal {x.Shape}: it must be (N, C, L) or (C, L).");
        return new PoolGrid(
            x.Shape,
            PoolAxis.Untouched(x.Shape[^2]),
            PoolAxis.Sliding(op, "length", x.Shape, x.Shape[^1], kernel, stride ?? kernel, padding, dilation, ceilMode, countPadding));
    }

    public static PoolGrid Adaptive(string op, Tensor x, Pair output)
    {
        CheckImage(op, x);
        return new PoolGrid(
            x.Shape,
            PoolAxis.Adaptive(op, "height", x.Shape, x.Shape[^2], output.Height),
            PoolAxis.Adaptive(op, "width", x.Shape, x.Shape[^1], output.Width));
    }

    /// <summary>The input in the type that averages compute in.</summary>
    public static Tensor Floating(Tensor x) => x.To(DTypes.ComputeFloating(x.DType));

    /// <summary>The input in a type that elements are compared in: half types are what they are.</summary>
    public static Tensor Comparable(Tensor x) => x.DType.IsHalf() ? x : Floating(x);

    private static void CheckImage(string op, Tensor x)
    {
        if (x.Rank is not (3 or 4)) throw new ArgumentException($"[{op}] image {x.Shape}: it must be (N, C, H, W) or (C, H, W).");
    }
}
