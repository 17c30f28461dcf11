namespace DeepNet.Ops;

/// <summary>
/// A copy in which the elements of a source that are scattered to one place are combined, with what was there or without it. Untouched
/// places stay.
/// </summary>
internal sealed class ScatterReduce : ISampled
{
    private const string Op = "scatter_reduce";

    private ScatterReduce() { }

    public static Tensor Of(Tensor x, int axis, Tensor index, Tensor source, ScatterReduction reduction, bool includeSelf)
    {
        axis = Axis.Normalize(Op, axis, x.Shape);
        Gather.Crop(Op, x, index.Shape, axis);
        if (source.Device != x.Device) throw Elementwise.DifferentDevices(Op, x, source);
        source = Scatter.CropSource(Op, source, index.Shape);
        index = Indices.Of(Op, index, x.Shape, axis, x.Device);
        var type = reduction is ScatterReduction.Prod or ScatterReduction.Mean ? Reduction.Widen(x).DType : Indices.SumType(x.DType);
        Tensor own = x.To(type), other = source.To(type);
        var result = reduction switch
        {
            ScatterReduction.Sum => Sum(own, axis, index, other, includeSelf),
            ScatterReduction.Mean => Mean(own, axis, index, other, includeSelf),
            ScatterReduction.Prod => Product(own, axis, Indices.Wrap(index, x.Shape[axis]), other, includeSelf),
            ScatterReduction.Max or ScatterReduction.Min
                => new Extreme(axis, reduction == ScatterReduction.Max, includeSelf).Apply(own, other, index),
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, $"[{Op}] there is no such reduction."),
        };
        return result.To(x.DType);
    }

    private static Tensor Sum(Tensor x, int axis, Tensor index, Tensor source, bool includeSelf)
        => (includeSelf ? x : x.Scatter(axis, index, 0)).ScatterAdd(axis, index, source);

    private static Tensor Mean(Tensor x, int axis, Tensor index, Tensor source, bool includeSelf)
    {
        var sum = Sum(x, axis, index, source, includeSelf);
        var counts = Sum(Tensor.OnesLike(x), axis, index, Tensor.OnesLike(source), includeSelf);
        return x.DType.IsFloating() ? sum / counts : sum.FloorDivide(counts);
    }

    /// <summary>
    /// Running products of the elements of each place, side by side after sorting by place; the last of each is scattered.
    /// </summary>
    private static Tensor Product(Tensor x, int axis, Tensor index, Tensor source, bool includeSelf)
    {
        int n = index.Shape[axis];
        if (index.Count == 0) return x.Clone();
        var order = index.ArgSort(axis);
        index = index.Gather(axis, order);
        source = source.Gather(axis, order);
        var differs = index.Narrow(axis, 1, n - 1).NotEqual(index.Narrow(axis, 0, n - 1));
        var begins = Tensor.Cat([Tensor.Ones(index.Narrow(axis, 0, 1).Shape, DType.Bool, x.Device), differs], axis);
        var zero = Tensor.Zeros(Shape.Scalar, source.DType, source.Device);
        var products = Recurrence.Of(Tensor.Where(begins, zero, source), Tensor.Where(begins, source, zero), axis, isReverse: false);
        return includeSelf ? x * Tensor.OnesLike(x).Scatter(axis, index, products) : x.Scatter(axis, index, products);
    }

    /// <summary>The largest or smallest: scattered in the order of the elements, so that the most extreme one stays.</summary>
    internal sealed class Extreme(int axis, bool isLargest, bool includeSelf) : Operator
    {
        public int Along => axis;

        public bool IsLargest => isLargest;

        public bool IncludesOwn => includeSelf;

        public override string Name => Op;

        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            var (x, source, index) = (inputs[0], inputs[1], inputs[2]);
            // NaN comes last either way.
            var order = isLargest ? source.ArgSort(axis) : source.DType.IsFloating() ? (-source).ArgSort(axis)
                : source.ArgSort(axis, descending: true);
            var result = x.Scatter(axis, index.Gather(axis, order), source.Gather(axis, order));
            if (includeSelf) result = isLargest ? x.Maximum(result) : x.Minimum(result);
            Save(0, x);
            Save(1, source);
            Save(2, index);
            Save(3, result);
            return result;
        }

        protected override void Vjp(Tensor gradient)
        {
            Tensor x = Saved(0).Detach(), source = Saved(1).Detach(), index = Saved(2), result = Saved(3).Detach();
            var ofOwn = (includeSelf ? x.Equal(result) : Tensor.Ones(x.Shape, DType.Bool, x.Device).Scatter(axis, index, 0)).To(x.DType);
            var ofSource = source.Equal(result.Gather(axis, index)).To(x.DType);
            var share = gradient / ofOwn.ScatterAdd(axis, index, ofSource).Clamp(min: 1);
            if (Needs(0)) Give(0, share * ofOwn);
            if (Needs(1)) Give(1, share.Gather(axis, index) * ofSource);
        }
    }

    private static Tensor Places => Tensor.From<int>([0, 0, 2, -1, 1, 1], new Shape(2, 3));

    public static IEnumerable<Sample> Samples =>
        from reduction in Enum.GetValues<ScatterReduction>()
        from includeSelf in (bool[])[true, false]
        select new Sample($"{reduction}, {(includeSelf ? "with" : "without")} its own",
            x => x[0].ScatterReduce(1, Places, x[1], reduction, includeSelf).Square(), Sample.Values(2, 4), Sample.Positive(2, 3));
}
