namespace DeepNet.Ops;

/// <summary>eˣ / Σ eˣ along one axis, or its logarithm; nothing overflows. A row of −∞ only, and one with ∞, is NaN.</summary>
internal sealed class Softmax(int axis, bool isLog) : Operator, ISampled
{
    public static Tensor Of(Tensor x, int axis, bool isLog)
    {
        string name = isLog ? "log_softmax" : "softmax";
        axis = Axis.Normalize(name, axis, x.Shape);
        return new Softmax(axis, isLog).Apply(x.To(DTypes.ComputeFloating(x.DType)));
    }

    public override string Name => isLog ? "log_softmax" : "softmax";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var y = Compute(inputs[0]);
        SaveResult(0, y);
        return y;
    }

    private bool IsRows(Shape shape) => axis == shape.Rank - 1;

    private Tensor Compute(Tensor x)
    {
        if (x.Count == 0) return Tensor.Allocate(x.Shape, x.DType, x.Device);
        if (IsRows(x.Shape))
        {
            x = x.Contiguous();
            var y = Tensor.Allocate(x.Shape, x.DType, x.Device);
            x.Device.Softmax(x, y, isLog);
            return y;
        }
        // Along another axis the columns are vectors already, and the usual kernels are as good.
        uint mask = 1u << axis;
        var shifted = x - Reduction.Run(new Identity(), new Largest(), x, mask, keepDim: true);
        if (isLog) return shifted - Reduction.Run(new Exp(), new AddUp(), shifted, mask, keepDim: true).Log();
        var e = shifted.Exp();
        return e / Sum.Of(e, mask, keepDim: true);
    }

    protected override void Vjp(Tensor gradient)
    {
        var y = Saved(0);
        if (!IsRecording && IsRows(y.Shape) && y.Count > 0 && y.IsContiguous)
        {
            var dx = gradient.IsContiguous && MayOverwrite(gradient) ? gradient : Tensor.Allocate(y.Shape, y.DType, y.Device);
            y.Device.SoftmaxBackward(y, gradient.Contiguous(), dx, isLog);
            Give(0, dx);
        }
        else if (isLog)
        {
            Give(0, gradient - y.Exp() * gradient.Sum(axis, keepDim: true));
        }
        else
        {
            Give(0, y * (gradient - (gradient * y).Sum(axis, keepDim: true)));
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => x[0].Softmax(-1), Sample.Values(2, 3)),
        new("columns", x => x[0].Softmax(0), Sample.Values(4, 3)),
        new("middle axis", x => x[0].Softmax(1), Sample.Values(2, 3, 2)),
        new("logarithm, rows", x => x[0].LogSoftmax(-1), Sample.Values(2, 3)),
        new("logarithm, columns", x => x[0].LogSoftmax(0), Sample.Values(4, 3)),
        new("of a transpose", x => x[0].T.LogSoftmax(-1), Sample.Values(3, 2)),
    ];
}
