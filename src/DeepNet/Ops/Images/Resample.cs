namespace DeepNet.Ops;

/// <summary>
/// Weighted sums of places of an axis: y[b, o, i, k] = Σₜ weight[b, t, i] · x[b, o, index[b, t, i], k]. It is linear in source and weight,
/// so that each of the three tensors follows from the two others by a sum of products, and these three are each other's derivatives.
/// </summary>
internal sealed class Resample : Operator, ISampled
{
    private readonly ResampleRole role;
    private readonly int length;

    private Resample(ResampleRole role, int length) => (this.role, this.length) = (role, length);

    /// <param name="x">The source, (batch, outer, length, inner), of float32 or float64.</param>
    /// <param name="index">The places, int32, (batch, taps, count).</param>
    /// <param name="weight">The factors, of the same shape.</param>
    public static Tensor Of(Tensor x, Tensor index, Tensor weight)
        => x.Device is IResampler ? new Resample(ResampleRole.Result, x.Shape[2]).Apply(x, weight, index) : Composed(x, index, weight);

    /// <summary>The same of other operators, for devices without the kernels: a gather of rows for each tap.</summary>
    internal static Tensor Composed(Tensor x, Tensor index, Tensor weight)
    {
        int batch = x.Shape[0], outer = x.Shape[1], length = x.Shape[2], inner = x.Shape[3], count = index.Shape[2];
        var rows = x.Transpose(1, 2).Reshape(batch * length, outer * inner);
        var first = Indices.Count(batch, x.Device).Reshape(batch, 1, 1) * length;
        var places = index.To(DType.Int64) + first;
        Tensor? sum = null;
        for (int tap = 0; tap < index.Shape[1]; tap++)
        {
            var w = weight.Select(1, tap).Reshape(-1, 1);
            var term = IndexSelect.OfChecked(rows, 0, places.Select(1, tap).Reshape(-1)) * w;
            term = Where.Of(w.Equal(0), Tensor.Zeros(Shape.Scalar, x.DType, x.Device), term);
            sum = sum is null ? term : sum + term;
        }
        return sum!.Reshape(batch, count, outer, inner).Transpose(1, 2);
    }

    public override string Name => role switch
    {
        ResampleRole.Result => "resample",
        ResampleRole.Source => "resample_source",
        _ => "resample_weight",
    };

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        Tensor a = inputs[0].Contiguous(), b = inputs[1].Contiguous(), index = inputs[2];
        if (Needs(1)) Save(0, inputs[0]);       // not the copies, which have no history
        if (Needs(0)) Save(1, inputs[1]);
        Save(2, index);
        int count = index.Shape[2];
        var shape = role switch
        {
            ResampleRole.Result => new Shape(a.Shape[0], a.Shape[1], count, a.Shape[3]),
            ResampleRole.Source => new Shape(a.Shape[0], a.Shape[1], length, a.Shape[3]),
            _ => index.Shape,
        };
        var result = Tensor.Allocate(shape, a.DType, a.Device);
        if (a.Count == 0 || b.Count == 0) result.Kernels.Fill(result, 0);
        else
        {
            var (x, weight, y) = role switch
            {
                ResampleRole.Result => (a, b, result),
                ResampleRole.Source => (result, b, a),
                _ => (a, result, b),
            };
            var sizes = new Resampling(a.Shape[0], a.Shape[1], length, a.Shape[3], count, index.Shape[1]);
            ((IResampler)a.Kernels).Resample(role, sizes, x, index, weight, y);
        }
        return result;
    }

    protected override void Vjp(Tensor gradient)
    {
        var index = Saved(2);
        switch (role)
        {
            case ResampleRole.Result:
                if (Needs(0)) Give(0, ResampleRole.Source, gradient, Saved(1), index);
                if (Needs(1)) Give(1, ResampleRole.Weight, Saved(0), gradient, index);
                break;
            case ResampleRole.Source:
                if (Needs(0)) Give(0, ResampleRole.Result, gradient, Saved(1), index);
                if (Needs(1)) Give(1, ResampleRole.Weight, gradient, Saved(0), index);
                break;
            default:
                if (Needs(0)) Give(0, ResampleRole.Source, Saved(1), gradient, index);
                if (Needs(1)) Give(1, ResampleRole.Result, Saved(0), gradient, index);
                break;
        }
    }

    private void Give(int input, ResampleRole which, Tensor a, Tensor b, Tensor index)
        => Give(input, new Resample(which, length).Apply(a, b, index));

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], IndexFor(x[0]), x[1]), Sample.Values(2, 2, 3, 2), Sample.Values(2, 2, 2)),
        new("numbers, planes left over", x => Of(x[0], IndexFor(x[0]), x[1]), Sample.Values(2, 5, 3, 1), Sample.Values(2, 2, 2)),
        new("composed", x => Composed(x[0], IndexFor(x[0]), x[1]), Sample.Values(2, 2, 3, 2), Sample.Values(2, 2, 2)),
    ];

    private static Tensor IndexFor(Tensor x) => Tensor.From<int>([0, 2, 1, 1, 2, 2, 0, 1], new Shape(2, 2, 2), x.Device);
}
