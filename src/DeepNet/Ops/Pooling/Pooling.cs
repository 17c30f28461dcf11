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
        CheckSignal(op, x);
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

    /// <summary>Windows of as many as make the last axis of the given length.</summary>
    public static PoolGrid Adaptive1d(string op, Tensor x, int output)
    {
        CheckSignal(op, x);
        return new PoolGrid(
            x.Shape, PoolAxis.Untouched(x.Shape[^2]), PoolAxis.Adaptive(op, "length", x.Shape, x.Shape[^1], output));
    }

    /// <summary>
    /// Pools the last three axes: the slices first, then what they gave along the depth. Largest elements and means of windows that are
    /// boxes are the same.
    /// </summary>
    private static Tensor Volume(Tensor x, PoolAxis depth, PoolAxis rows, PoolAxis columns, Func<PoolGrid, Tensor, Tensor> pool)
    {
        int planes = (int)Axis.Product(x.Shape, 0, x.Rank - 3);
        var slices = new PoolGrid(new Shape(planes, depth.Input, rows.Input, columns.Input), rows, columns);
        int area = rows.Output * columns.Output;
        var lines = new PoolGrid(new Shape(planes, depth.Input, area), depth, PoolAxis.Untouched(area));
        var y = pool(lines, pool(slices, x.Reshape(slices.Image.Axes)).Reshape(lines.Image.Axes));
        return y.Reshape([.. x.Shape.Axes[..^3], depth.Output, rows.Output, columns.Output]);
    }

    public static Tensor SlidingVolume(
        string op, Tensor x, Triple kernel, Triple? stride, Triple padding, Triple dilation, bool ceilMode, bool countPadding,
        Func<PoolGrid, Tensor, Tensor> pool)
    {
        CheckVolume(op, x);
        var step = stride ?? kernel;
        PoolAxis Along(string axis, int length, int kernel, int step, int padding, int dilation)
            => PoolAxis.Sliding(op, axis, x.Shape, length, kernel, step, padding, dilation, ceilMode, countPadding);
        return Volume(
            x, Along("depth", x.Shape[^3], kernel.Depth, step.Depth, padding.Depth, dilation.Depth),
            Along("height", x.Shape[^2], kernel.Height, step.Height, padding.Height, dilation.Height),
            Along("width", x.Shape[^1], kernel.Width, step.Width, padding.Width, dilation.Width), pool);
    }

    public static Tensor AdaptiveVolume(string op, Tensor x, Triple output, Func<PoolGrid, Tensor, Tensor> pool)
    {
        CheckVolume(op, x);
        return Volume(
            x, PoolAxis.Adaptive(op, "depth", x.Shape, x.Shape[^3], output.Depth),
            PoolAxis.Adaptive(op, "height", x.Shape, x.Shape[^2], output.Height),
            PoolAxis.Adaptive(op, "width", x.Shape, x.Shape[^1], output.Width), pool);
    }

    /// <summary>The input in the type that averages compute in.</summary>
    public static Tensor Floating(Tensor x) => x.To(DTypes.ComputeFloating(x.DType));

    /// <summary>The input in a type that elements are compared in: half types are what they are.</summary>
    public static Tensor Comparable(Tensor x) => x.To(DTypes.Floating(x.DType));

    private static void CheckImage(string op, Tensor x)
    {
        if (x.Rank is not (3 or 4)) throw new ArgumentException($"[{op}] image {x.Shape}: it must be (N, C, H, W) or (C, H, W).");
    }

    private static void CheckSignal(string op, Tensor x)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"[{op}] signal {x.Shape}: it must be (N, C, L) or (C, L).");
    }

    private static void CheckVolume(string op, Tensor x)
    {
        if (x.Rank is not (4 or 5))
            throw new ArgumentException($"[{op}] volume {x.Shape}: it must be (N, C, D, H, W) or (C, D, H, W).");
    }
}
