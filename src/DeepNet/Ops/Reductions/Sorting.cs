namespace DeepNet.Ops;

/// <summary>Orders along an axis, and what lies at the ends of them. NaN is the largest, as in PyTorch.</summary>
internal sealed class Sorting : ISampled
{
    private Sorting() { }

    /// <summary>The stable order of the elements along an axis.</summary>
    public static Tensor ArgSort(string op, Tensor x, int axis, bool isDescending)
    {
        axis = Axis.Normalize(op, axis, x.Shape);
        return First(x, x.Shape[axis], axis, isDescending);
    }

    /// <summary>The first k of that order.</summary>
    private static Tensor First(Tensor x, int k, int axis, bool isDescending)
    {
        using var off = GradSwitch.Off();
        var rows = Reduction.ToLast(x.To(DTypes.Compute(x.DType)), axis).Contiguous();
        Span<int> lengths = stackalloc int[x.Rank];
        rows.Shape.Axes.CopyTo(lengths);
        lengths[^1] = k;
        var order = Tensor.Allocate(new Shape(lengths), DType.Int64, x.Device);
        x.Kernels.Sort(rows, order, isDescending);
        if (Listener.IsOn) Recording.Applied("sort_places", new SortedPlaces(k, isDescending), order, rows);
        rows.EndRead("sort");
        return Reduction.FromLast(order, axis).Contiguous();
    }

    public static (Tensor Values, Tensor Indices) Sort(Tensor x, int axis, bool isDescending)
    {
        var order = ArgSort("sort", x, axis, isDescending);
        return (Gather.OfChecked(x.To(DTypes.Compute(x.DType)), Axis.Normalize("sort", axis, x.Shape), order), order);
    }

    public static (Tensor Values, Tensor Indices) TopK(Tensor x, int k, int axis, bool isLargest)
    {
        axis = Axis.Normalize("top_k", axis, x.Shape);
        if (k < 0 || k > x.Shape[axis])
            throw new ArgumentOutOfRangeException(
                nameof(k), $"[top_k] k = {k} along axis {axis} of shape {x.Shape}: k goes from 0 to the axis' length, {x.Shape[axis]}.");
        var indices = First(x, k, axis, isLargest);
        return (Gather.OfChecked(x.To(DTypes.Compute(x.DType)), axis, indices), indices);
    }

    /// <summary>The row-major position of the largest or smallest element of all; the first of equals.</summary>
    public static Tensor ArgExtreme(string op, Tensor x, bool isLargest)
    {
        Reduction.RequireElements(op, x.Shape, Axis.Mask(op, [], x.Shape));
        return ArgExtreme(op, x.Detach().Reshape(-1), 0, isLargest, keepDim: false);
    }

    /// <summary>Finds the position of the largest or smallest element along an axis; the first of equals.</summary>
    public static Tensor ArgExtreme(string op, Tensor x, int axis, bool isLargest, bool keepDim)
    {
        axis = Axis.Normalize(op, axis, x.Shape);
        Reduction.RequireElements(op, x.Shape, 1u << axis);
        using var off = GradSwitch.Off();
        var rows = Reduction.ToLast(x.To(DTypes.Compute(x.DType)), axis).Contiguous();
        // With the axis at the end, the others are in the order of the result.
        var places = Tensor.Allocate(Axis.Reduced(rows.Shape, 1u << (x.Rank - 1), keepDim: true), DType.Int64, x.Device);
        x.Kernels.Sort(rows, places, isLargest, nanFirst: true);
        if (Listener.IsOn) Recording.Applied("sort_places", new SortedPlaces(1, isLargest), places, rows);
        rows.EndRead(op);
        var shape = Axis.Reduced(x.Shape, 1u << axis, keepDim);
        return places.View(shape, shape.RowMajor, 0);
    }

    public static (Tensor Values, Tensor Indices) WithIndices(string op, Tensor x, int axis, bool isLargest, bool keepDim)
    {
        axis = Axis.Normalize(op, axis, x.Shape);
        var places = ArgExtreme(op, x, axis, isLargest, keepDim: true);
        var values = Gather.OfChecked(x.To(DTypes.Compute(x.DType)), axis, places);
        if (keepDim) return (values, places);
        var shape = Axis.Reduced(x.Shape, 1u << axis, keepDim: false);
        return (values.Reshape(shape.Axes), places.Reshape(shape.Axes));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("sorted", x => x[0].Sort(1).Values, Sample.Values(2, 5)),
        new("sorted columns, falling", x => x[0].Sort(0, descending: true).Values, Sample.Values(5, 2)),
        new("the largest", x => x[0].TopK(2, 1).Values, Sample.Values(2, 5)),
        new("the smallest of columns", x => x[0].TopK(3, 0, largest: false).Values, Sample.Values(5, 2)),
        new("the largest with its place", x => x[0].MaxWithIndices(1).Values.Square(), Sample.Values(2, 3)),
        new("the smallest with its place", x => x[0].MinWithIndices(0, keepDim: true).Values, Sample.Values(3, 2)),
    ];
}
