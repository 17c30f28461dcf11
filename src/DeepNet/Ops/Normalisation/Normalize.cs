namespace DeepNet.Ops;

/// <summary>Normalises groups of elements to mean 0 and variance 1, then scales and shifts them, in one pass each way.</summary>
internal sealed class Normalize : Operator, ISampled
{
    private readonly NormLayout at;
    private readonly double epsilon;
    private readonly bool hasWeight, hasBias;
    private Tensor? mean, variance;

    private Normalize(NormLayout at, double epsilon, bool hasWeight, bool hasBias)
        => (this.at, this.epsilon, this.hasWeight, this.hasBias) = (at, epsilon, hasWeight, hasBias);

    public static Tensor Of(Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon)
        => Of(x, at, weight, bias, epsilon, out _, out _);

    /// <param name="x">Float32 or float64, as many elements as the layout says.</param>
    /// <param name="at">The groups.</param>
    /// <param name="weight">Of the length that the layout says, or null.</param>
    /// <param name="bias">The same; only beside a weight.</param>
    /// <param name="epsilon">What is added to variances.</param>
    /// <param name="mean">The mean of each group.</param>
    /// <param name="variance">The biased variance of each group.</param>
    public static Tensor Of(Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, out Tensor mean, out Tensor variance)
    {
        if (weight is not null && weight.DType != x.DType)
        {
            var dtype = DTypes.Promote(x.DType, weight.DType);
            (x, weight, bias) = (x.To(dtype), weight.To(dtype), bias?.To(dtype));
        }
        var op = new Normalize(at, epsilon, weight is not null, bias is not null);
        var y = weight is null ? op.Apply(x) : bias is null ? op.Apply(x, weight) : op.Apply(x, weight, bias);
        (mean, variance) = (op.mean!, op.variance!);
        return y;
    }

    /// <summary>Gets the groups.</summary>
    public NormLayout Layout => at;

    /// <summary>Gets what is added to variances.</summary>
    public double Epsilon => epsilon;

    public override string Name => "normalize";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = Dense(inputs[0]);
        var y = Tensor.AllocateLike(x, x.DType);
        var groups = new Shape(at.Groups);
        (mean, variance) = (Tensor.Allocate(groups, x.DType, x.Device), Tensor.Allocate(groups, x.DType, x.Device));
        y.Kernels.Normalize(x, at, hasWeight ? inputs[1].Contiguous() : null, hasBias ? inputs[2].Contiguous()
            : null, epsilon, y, mean, variance);
        Save(0, inputs[0]);
        if (hasWeight) Save(1, inputs[1]);
        return y;
    }

    /// <summary>As it is if dense, also with the channels side by side if they are what is normalised; else a dense copy.</summary>
    private Tensor Dense(Tensor x)
        => !at.IsPerElement && x.IsChannelsLast && x.Device.KnowsChannelsLast && at.Groups == x.Shape[1] && at.Outer == x.Shape[0] ? x
        : x.Contiguous();

    protected override void Vjp(Tensor gradient)
    {
        if (IsRecording) VjpOfTensors(gradient);
        else VjpOfKernel(gradient);
    }

    private void VjpOfKernel(Tensor gradient)
    {
        var x = Dense(Saved(0));
        var g = gradient.InLayoutOf(x);
        var weight = hasWeight ? Saved(1) : null;
        bool needsWeight = hasWeight && Needs(1), needsBias = hasBias && Needs(2);
        // What is written straight into the place of a parameter's gradient is not given: it is there.
        Tensor? dxInPlace = Needs(0) && x.IsContiguous ? TakeBuffer(0) : null, dweightInPlace = needsWeight ? TakeBuffer(1)
            : null, dbiasInPlace = needsBias ? TakeBuffer(2) : null;
        var dx = !Needs(0) ? null : dxInPlace ?? (MayOverwrite(g) ? g : Tensor.AllocateLike(x, x.DType));
        var dweight = needsWeight ? dweightInPlace ?? Tensor.Allocate(weight!.Shape, x.DType, x.Device) : null;
        var dbias = needsBias ? dbiasInPlace ?? Tensor.Allocate(weight!.Shape, x.DType, x.Device) : null;
        x.Kernels.NormalizeBackward(x, g, at, weight?.Contiguous(), epsilon, mean!, variance!, dx, dweight, dbias);
        if (dx is not null && dxInPlace is null) Give(0, dx);
        if (dweight is not null && dweightInPlace is null) Give(1, dweight);
        if (dbias is not null && dbiasInPlace is null) Give(2, dbias);
    }

    private void VjpOfTensors(Tensor gradient)
    {
        var x = Saved(0);
        int[] all = [0, 2];
        Tensor Sum(Tensor t) => t.Sum(all, keepDim: true);
        var wide = x.Reshape(at.Outer, at.Groups, at.Inner);
        var g = gradient.Reshape(at.Outer, at.Groups, at.Inner);
        var distance = at.IsCentered ? wide - wide.Mean(all, keepDim: true) : wide;
        var scale = NormFormula.Scale(distance.Square().Mean(all, keepDim: true), Constant.Of(epsilon));
        if (Needs(0))
        {
            var inner = hasWeight ? g * (at.IsPerElement ? Saved(1) : Saved(1).Reshape(at.Groups, 1)) : g;
            var (shift, turn) = NormFormula.Common(Sum(inner), Sum(inner * distance), scale, scale, Constant.Of(at.Size));
            if (!at.IsCentered) shift = Constant.Of(0);
            Give(0, NormFormula.Gradient(inner, distance, scale, shift, turn).Reshape(x.Shape.Axes));
        }
        int[] summed = at.IsPerElement ? [0, 1] : all;
        if (hasWeight && Needs(1)) Give(1, (g * (distance * scale)).Sum(summed));
        if (hasBias && Needs(2)) Give(2, g.Sum(summed));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], new(1, 3, 5, true, true), x[1], x[2], 1e-5), Sample.Values(3, 5), Sample.Values(5),
            Sample.Values(5) + 0.1),
        new("rows by the root mean square", x => Of(x[0], new(1, 3, 5, false, true), x[1], null, 1e-5), Sample.Values(3, 5),
            Sample.Values(5)),
        new("channels", x => Of(x[0], new(2, 3, 4, true, false), x[1], x[2], 1e-3), Sample.Values(2, 3, 4), Sample.Values(3),
            Sample.Values(3)),
        new("columns", x => Of(x[0], new(4, 5, 1, true, false), x[1], x[2], 1e-3), Sample.Values(4, 5), Sample.Values(5), Sample.Values(5)),
        new("no weight", x => Of(x[0].T, new(1, 2, 6, true, false), null, null, 1e-3), Sample.Values(6, 2)),
    ];
}
