namespace DeepNet.Ops;

/// <summary>
/// An operator on rows that is given by formulas: up to two folds and a map. From them come the kernels of all devices and the gradient;
/// one with a shorter or faster gradient overrides <see cref="Vjp"/> with a row formula of its own.
/// </summary>
/// <typeparam name="TFirst">The first fold.</typeparam>
/// <typeparam name="TSecond">The second fold.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
/// <param name="first">The first fold.</param>
/// <param name="second">The second fold.</param>
/// <param name="map">The map.</param>
/// <param name="mask">The axes that make up a row.</param>
/// <param name="keepDim">Whether these axes stay, with length 1, where each row gives one number.</param>
internal abstract class RowOperator<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, uint mask, bool keepDim)
    : Operator, IReduced
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
{
    private static readonly bool IsResult = default(TMap) is IResult;

    // Beyond it a gradient is made of elementwise kernels and sums, which share one row among many threads.
    private const int LongRow = 1 << 16;

    private Tensor? saved;

    /// <inheritdoc/>
    public uint Mask => mask;

    /// <inheritdoc/>
    public bool KeepsAxes => keepDim;

    /// <summary>True if the gradient has a formula of its own, for which forward need not save the numbers of each row.</summary>
    private protected virtual bool HasOwnGradient => false;

    /// <summary>Gets the result of a row without elements, if the result is a number.</summary>
    private protected virtual double OverNothing => double.NaN;

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        var axes = new RowAxes(x.Shape, mask);
        var shape = IsResult ? Axis.Reduced(x.Shape, mask, keepDim) : x.Shape;
        var y = axes.Length == 0 ? Tensor.Full(shape, OverNothing, x.DType, x.Device)
            : IsComposed(axes, x) ? Composed(x).Reshape(shape.Axes)
            : Run(axes, x, shape);
        Keep(x, y);
        return y;
    }

    private Tensor Run(in RowAxes axes, Tensor x, Shape shape)
    {
        var rows = axes.ToRows(x);
        var y = Tensor.Allocate(IsResult ? shape : rows.Shape, x.DType, x.Device);
        if (!HasOwnGradient && Needs(0)) saved = Tensor.Allocate(new Shape(checked((int)axes.Count), 4), x.DType, x.Device);
        if (y.Count > 0) x.Kernels.Rows(first, second, map, new RowOperands(rows, y, axes.Count, axes.Length) { Saved = saved });
        return IsResult ? y : axes.FromRows(y);
    }

    // Dense rows are the kernel's; to make rows dense only pays where their numbers are saved for the gradient.
    private bool IsComposed(in RowAxes axes, Tensor x)
        => default(TSecond) is IOfDistance && HasOwnGradient && !(axes.AreLast && (x.IsContiguous || !IsResult));

    // Along other axes what is folded lies side by side in vectors already, and the usual kernels are as good.
    private Tensor Composed(Tensor x)
    {
        RowState<Tensor> k = default;
        var n = Constant.Of(Reduction.Length(x.Shape, mask));
        TFirst.Close(first, RowTensors.Reduce(first, mask, x), n, ref k);
        var shift = k.A;
        x -= shift;
        k.A = Constant.Of(0);
        var terms = default(TMap) is IMapsTerms ? x.Apply(new FoldTerm<TSecond>(second)) : null;
        var sums = terms is null ? RowTensors.Reduce(second, mask, x) : new() { A = Sum.Of(terms, mask, keepDim: true) };
        TSecond.Close(second, sums, n, ref k);
        if (IsResult) k.A = shift;
        return terms is null ? TMap.Of(map, new() { X = x }, k) : TMap.OfTerm(map, terms, k);
    }

    /// <summary>Saves what the gradient reads.</summary>
    private protected virtual void Keep(Tensor x, Tensor y) => Save(0, x);

    protected override void Vjp(Tensor gradient)
    {
        if (default(TFirst) is IShift) Vjp<NoFold>(default, gradient);   // no gradient flows through it
        else Vjp(first, gradient);
    }

    private void Vjp<TOuter>(TOuter outer, Tensor gradient) where TOuter : unmanaged, IRowFold<TOuter>
    {
        var x = Saved(0);
        if (IsResult)
        {
            var gradientMap = new ResultGradientMap<TOuter, TSecond, TMap>(outer, second, map);
            bool isStill = typeof(TOuter) == typeof(NoFold) || typeof(TSecond) == typeof(NoFold);
            if (isStill) GiveRows(default(NoFold), gradientMap, x, null, gradient);
            else GiveRows(new ResultGradientFold<TSecond>(second), gradientMap, x, null, gradient);
        }
        else
        {
            var gradientFold = new GradientFold<TOuter, TSecond, TMap>(outer, second, map);
            GiveRows(gradientFold, new GradientMap<TOuter, TSecond, TMap>(outer, second, map), x, gradient);
        }
    }

    /// <summary>
    /// Gives the gradient of the input, itself a row operator: of x and rows of gradients g, or with one gradient
    /// <paramref name="ofRow"/> and, if there is one, one number <paramref name="ofA"/> for each row.
    /// </summary>
    private protected void GiveRows<TFold, TGradient>(
        TFold fold, TGradient gradientMap, Tensor x, Tensor? g, Tensor? ofRow = null, Tensor? ofA = null)
        where TFold : unmanaged, IRowFold<TFold> where TGradient : unmanaged, IRowMap<TGradient>
    {
        var axes = new RowAxes(x.Shape, mask);
        if (IsRecording || (HasOwnGradient && (!axes.AreLast || (IsResult && axes.Length > LongRow))))
        {
            var given = new RowGiven<Tensor> { G = ofRow is null ? null! : Reduction.Keep(ofRow, x.Shape, mask) };
            RowState<Tensor> k = HasOwnGradient ? new() { A = ofA is null ? null! : Reduction.Keep(ofA, x.Shape, mask) } : Recorded(x);
            Give(0, Constant.Fit(RowTensors.Run(fold, default(NoFold), gradientMap, mask, new() { X = x, G = g! }, given, k), x));
            return;
        }
        var rows = axes.ToRows(x);
        g = g is null ? null : axes.ToRows(g);
        var dx = g is not null && MayOverwrite(g) ? g : Tensor.Allocate(rows.Shape, x.DType, x.Device);
        var on = new RowOperands(rows, dx, axes.Count, axes.Length)
        {
            G = g, Gradient = ofRow?.Contiguous(), Given = ofA?.Contiguous() ?? saved,
        };
        if (dx.Count > 0) x.Kernels.Rows(fold, default(NoFold), gradientMap, on);
        Give(0, axes.FromRows(dx));
    }

    // What forward saved of each row, computed again so that its derivatives are known too.
    private RowState<Tensor> Recorded(Tensor x)
    {
        RowElement<Tensor> e = new() { X = x };
        RowState<Tensor> k = default;
        var first1 = RowTensors.Fold(first, mask, e, ref k);
        var second1 = RowTensors.Fold(second, mask, e, ref k);
        (k.P, k.Q) = (first1.A, second1.A);
        return k;
    }
}
