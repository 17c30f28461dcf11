namespace DeepNet.Nn;

/// <summary>
/// Loss functions: how far predictions are from targets. The shapes must agree; nothing is broadcast, because a target of another
/// shape is nearly always a mistake that broadcasting would hide.
/// </summary>
public static partial class Loss
{
    /// <summary>The mean squared error.</summary>
    public static Tensor Mse(Tensor prediction, Tensor target, Reduction reduction = Reduction.Mean)
        => Reduce(Pairwise("mse", new SquaredError(), prediction, target), reduction);

    /// <summary>The mean absolute error.</summary>
    public static Tensor L1(Tensor prediction, Tensor target, Reduction reduction = Reduction.Mean)
        => Reduce(Pairwise("l1", new AbsoluteError(), prediction, target), reduction);

    /// <summary>Squared (and halved) for differences up to δ, beyond it linear with slope δ.</summary>
    public static Tensor Huber(Tensor prediction, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean)
        => Reduce(Pairwise("huber", new HuberError(Above("huber", delta)), prediction, target), reduction);

    /// <summary>Squared (over 2β) for differences below β, beyond it linear with slope 1; with β = 0 the absolute error.</summary>
    public static Tensor SmoothL1(Tensor prediction, Tensor target, double beta = 1, Reduction reduction = Reduction.Mean)
        => beta == 0
            ? L1(prediction, target, reduction)
            : Reduce(Pairwise("smooth_l1", new SmoothL1Error(Above("smooth_l1", beta)), prediction, target), reduction);

    /// <summary>
    /// The logarithm of the hyperbolic cosine of the differences: as smooth as the squared error, and linear for large ones.
    /// </summary>
    public static Tensor LogCosh(Tensor prediction, Tensor target, Reduction reduction = Reduction.Mean)
        => Reduce(Pairwise("log_cosh", new LogCoshError(), prediction, target), reduction);

    private static Tensor Pairwise<TOp>(string op, TOp formula, Tensor prediction, Tensor target) where TOp : unmanaged, IBinaryOp<TOp>
    {
        RequireEqual(op, prediction, target);
        return prediction.Apply(formula, target);
    }

    private static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        Reduction.BatchMean => losses.Sum() / (double)(losses.Rank == 0 ? 1 : losses.Shape[0]),
        Reduction.None => losses,
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), $"{reduction} is no reduction."),
    };

    private static double Above(string op, double limit)
        => limit > 0
            ? limit
            : throw new ArgumentOutOfRangeException(
                nameof(limit), $"[{op}] the limit between the two parts is {limit}, it must be positive.");

    private static void RequireEqual(string op, Tensor prediction, Tensor target, string first = "prediction", string second = "target")
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (ReferenceEquals(prediction.Shape, target.Shape) || prediction.Shape.Equals(target.Shape)) return;
        string cause = "";
        if (prediction.Count == target.Count)
        {
            cause = " They have the same number of elements: did you mean "
                + $"{second}.Reshape({string.Join(", ", prediction.Shape.Axes.ToArray())})?";
            if (TryBroadcast(prediction.Shape, target.Shape) is { } wide)
                cause = $" Broadcast to {wide} they would pair elements that do not belong together.{cause}";
        }
        throw new ArgumentException($"[{op}] {first} {prediction.Shape} and {second} {target.Shape}: the shapes must be equal.{cause}");
    }

    private static Shape? TryBroadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] lengths = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int p = i < rank - a.Rank ? 1 : a[i - (rank - a.Rank)], q = i < rank - b.Rank ? 1 : b[i - (rank - b.Rank)];
            if (p != q && p != 1 && q != 1) return null;
            lengths[i] = p == 1 ? q : p;
        }
        return new Shape(lengths);
    }
}
