namespace DeepNet.Ops;

/// <summary>
/// The numbers for which a loss is defined. Beyond them it would give a number that means nothing, so they are looked at: on a device that
/// works on its own without waiting for it, as indices are. NaN passes, because the loss shows it.
/// </summary>
/// <param name="What">The name of one of the numbers.</param>
/// <param name="Range">The range in words.</param>
/// <param name="Low">The lowest that is allowed.</param>
/// <param name="High">The highest.</param>
/// <param name="Hint">A likely way to mend it.</param>
internal sealed record Domain(string What, string Range, double Low, double High, string Hint = "")
{
    private const double Rounding = 1e-5;    // of targets that were mixed or averaged

    public static readonly Domain Probability = new("probability", "from 0 to 1", 0, 1, " Of logits, BceWithLogits is the loss.");
    public static readonly Domain Fraction = new("target", "from 0 to 1", -Rounding, 1 + Rounding);
    public static readonly Domain Share = new("probability", "from 0 to 1", -Rounding, 1 + Rounding,
        " Of logits, take Sigmoid() or the Softmax over the classes first.");
    public static readonly Domain Truth = new("target", "from 0 to 1", 0, 1,
        " It has a 1 for each class that is right and a 0 for the others: label.OneHot(classes), or the sum of several.");
    public static readonly Domain LogProbability = new("log-probability", "0 or less", double.NegativeInfinity, Rounding,
        " Of logits, take LogSoftmax(-1) first.");
    public static readonly Domain Mass = new("target", "0 or more", -Rounding, double.PositiveInfinity,
        " If targets are given by their logarithms, say logTarget: true.");
    public static readonly Domain Count = new("target", "0 or more", -Rounding, double.PositiveInfinity);
    public static readonly Domain Rate = new("rate", "0 or more", 0, double.PositiveInfinity,
        " If rates are given by their logarithms, say logInput: true.");
    public static readonly Domain Variance = new("variance", "0 or more", 0, double.PositiveInfinity,
        " If the model predicts logarithms, pass their Exp().");
    public static readonly Domain Sign = new("target", "-1 or 1", -1, 1, " Targets of 0 and 1 become signs by 2 * target - 1.");

    /// <summary>
    /// Throws with position and value if a number is not in the domain: now, or when a device that works on its own is next waited for.
    /// </summary>
    public void Require(string op, Tensor x)
    {
        if (x.Count == 0) return;
        var values = x.Detach();
        if (!values.DType.IsDifferentiable()) values = values.To(DType.Float32);
        using var outside = Tensor.Allocate(Shape.Scalar, values.DType, values.Device);
        if (ReferenceEquals(this, Sign)) values.Kernels.Reduce(new NoSign(), default(AddUp), values, outside);
        else values.Kernels.Reduce(new Outside(Low, High), default(AddUp), values, outside);
        if ((values.Device.Kind != DeviceKind.Cpu || Recording.IsRepeated) && !Anomaly.IsOn)
        {
            using var count = outside.To(DType.Int64);
            values.Kernels.CheckIndex(count, new(op, IndexKind.Value, x.Shape, 0, 1, Values: Error));
        }
        else if (outside.Item<double>() > 0) throw Error(op, x);
    }

    /// <summary>The error of which only the number of wrong values is known.</summary>
    public ArgumentException Error(string op, Shape shape, long count)
        => new($"[{op}] {count} of the values of shape {shape} given as {What} {(count == 1 ? "is" : "are")} not {Range}.{Hint}");

    private ArgumentException Error(string op, Tensor x)
    {
        double[] values = x.Detach().ToArray<double>();
        int at = Array.FindIndex(values, value => ReferenceEquals(this, Sign) ? Math.Abs(value) != 1 : value < Low || value > High);
        return new ArgumentException($"[{op}] the {What} {values[at]:R} at index {IndexCheck.Position(x.Shape, at)} is not {Range}.{Hint}");
    }
}
