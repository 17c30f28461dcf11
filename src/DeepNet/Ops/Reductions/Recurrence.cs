namespace DeepNet.Ops;

/// <summary>
/// y[i] = a[i] · y[i − 1] + b[i] along an axis, or from the other end. Without a it is the running sum, without b the running
/// product. Its derivative is a recurrence again, which divides by nothing: products with zeros in them are no special case.
/// </summary>
internal sealed class Recurrence : Operator, ISampled
{
    private readonly int axis;
    private readonly bool hasA, hasB, isReverse;

    private Recurrence(int axis, bool hasA, bool hasB, bool isReverse)
    {
        this.axis = axis;
        this.hasA = hasA;
        this.hasB = hasB;
        this.isReverse = isReverse;
    }

    public static Tensor Sum(Tensor x, int axis, bool isReverse = false)
    {
        axis = Axis.Normalize("cum_sum", axis, x.Shape);
        return new Recurrence(axis, hasA: false, hasB: true, isReverse).Apply(Reduction.Widen(x));
    }

    public static Tensor Product(Tensor x, int axis, bool isReverse = false)
    {
        axis = Axis.Normalize("cum_prod", axis, x.Shape);
        return new Recurrence(axis, hasA: true, hasB: false, isReverse).Apply(Reduction.Widen(x));
    }

    /// <summary>Both in full; equal shapes and floating types.</summary>
    public static Tensor Of(Tensor a, Tensor b, int axis, bool isReverse)
        => new Recurrence(axis, hasA: true, hasB: true, isReverse).Apply(a, b);

    /// <summary>Gets the axis.</summary>
    public int Along => axis;

    /// <summary>Gets a value that is true if it begins at the end.</summary>
    public bool IsReverse => isReverse;

    public override string Name => !hasA ? "cum_sum" : !hasB ? "cum_prod" : "recurrence";

    private double Initial => hasB ? 0 : 1;
    private int Step => isReverse ? -1 : 1;

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var a = hasA ? inputs[0].Contiguous() : null;
        var b = hasB ? inputs[^1].Contiguous() : null;
        var y = Tensor.Allocate(inputs[0].Shape, inputs[0].DType, inputs[0].Device);
        y.Kernels.Recur(a, b, y, axis, Initial, isReverse);
        if (hasA)
        {
            Save(0, inputs[0]);
            SaveResult(1, y);
        }
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        if (!hasA)
        {
            Give(0, Sum(gradient, axis, !isReverse));
            return;
        }
        // What reaches y[i] comes from its own gradient, and from y[i + 1] through a[i + 1].
        var reached = Of(Shift.Of(Saved(0), axis, -Step, 0), gradient, axis, !isReverse);
        if (Needs(0)) Give(0, reached * Shift.Of(Saved(1), axis, Step, Initial));
        if (hasB) Give(1, reached);
    }

    private static Tensor WithZeros(params int[] shape)
    {
        var x = Sample.Values(shape);
        return x * (x > -1).To(DType.Float64);
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("running sum", x => x[0].CumSum(1), Sample.Values(2, 4)),
        new("running sum of columns", x => x[0].CumSum(0), Sample.Values(4, 3)),
        new("running product", x => x[0].CumProd(1), Sample.Values(2, 4)),
        new("running product with zeros", x => x[0].CumProd(0), WithZeros(5, 3)),
        new("both", x => Of(x[0], x[1], 1, isReverse: false), Sample.Values(2, 4), Sample.Positive(2, 4)),
        new("both, from the end", x => Of(x[0], x[1], 0, isReverse: true), Sample.Values(4, 2), Sample.Positive(4, 2)),
    ];
}
