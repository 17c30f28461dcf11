namespace DeepNet.Ops;

/// <summary>A binary formula in the graph, broadcasting included: what was repeated forwards is summed backwards.</summary>
internal sealed class BinaryNode<TOp> : Node where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op;
    private readonly Node? inputA, inputB;
    private readonly Shape shapeA, shapeB;
    private SavedTensor a, b, y;

    public BinaryNode(ThreadContext thread, TOp op, Tensor a, Tensor b, Tensor y) : base(thread, a.KnownNode, b.KnownNode)
    {
        this.op = op;
        inputA = a.KnownNode;
        inputB = b.KnownNode;
        shapeA = a.Shape;
        shapeB = b.Shape;
        var reads = NeedsBinary<TOp>.For(inputA is not null, inputB is not null);
        if (reads.Reads(Uses.A)) this.a = new SavedTensor(a);
        if (reads.Reads(Uses.B)) this.b = new SavedTensor(b);
        if (reads.Reads(Uses.Y)) this.y = new SavedTensor(y);
    }

    // A sum hands its gradient on as it is: no kernel at all.
    private static readonly bool ReadsNothing = !NeedsBinary<TOp>.For(true, true).Reads(new Uses(~Uses.G.Inputs));

    public override string Name => TOp.Name;
    public override int InputCount => 2;
    public override Node? Input(int index) => index == 0 ? inputA : inputB;

    internal override void Backward(Tensor g, Engine engine)
    {
        bool isSame = shapeA.Equals(g.Shape) && shapeB.Equals(g.Shape);
        if (isSame && ReadsNothing)
        {
            var (da, db) = TOp.Backward(op, g, g, g, g);
            if (inputA is not null) engine.Give(inputA, Constant.Fit(da, g).To(g.DType));
            if (inputB is not null) engine.Give(inputB, Constant.Fit(db, g).To(g.DType));
            return;
        }
        Propagate(g, a.Get(Name), b.Get(Name), y.Get(Name), isSame, engine);
        a.EndRead(this);
        b.EndRead(this);
        y.EndRead(this);
    }

    private void Propagate(Tensor g, Tensor? savedA, Tensor? savedB, Tensor? savedY, bool isSame, Engine engine)
    {
        if (!engine.CreateGraph && !ReadsNothing)
        {
            if (isSame)
            {
                Same(g, savedA, savedB, savedY, engine);
                return;
            }
            if (!g.DType.IsHalf() && IsRow(g.Shape) && savedB?.IsContiguous != false)
            {
                Row(g, savedA, savedB, savedY, engine);
                return;
            }
        }
        // The tensor interprets the formula: differentiable again, and right for every way of broadcasting.
        var dtype = g.DType;
        g = Halves.Wide(g);
        var (da, db) = TOp.Backward(op, Halves.Wide(savedA) ?? g, Halves.Wide(savedB) ?? g, Halves.Wide(savedY) ?? g, g);
        if (inputA is not null) engine.Give(inputA, Constant.Fit(da, g).SumTo(shapeA).To(dtype));
        if (inputB is not null) engine.Give(inputB, Constant.Fit(db, g).SumTo(shapeB).To(dtype));
    }

    private void Same(Tensor g, Tensor? a, Tensor? b, Tensor? y, Engine engine)
    {
        // All in the layout of what was computed.
        var model = y ?? a ?? b ?? g;
        g = g.InLayoutOf(model);
        bool mayOverwrite = Engine.MayOverwrite(g);
        var da = inputA is null ? null : mayOverwrite ? g : Tensor.AllocateLike(model, g.DType);
        var db = inputB is null ? null : mayOverwrite && da is null ? g : Tensor.AllocateLike(model, g.DType);
        a = a?.InLayoutOf(model) ?? g;
        b = b?.InLayoutOf(model) ?? g;
        y = y?.InLayoutOf(model) ?? g;
        if (g.Device is CpuDevice && !Listener.IsOn) CpuDevice.ZipBackwardHere(op, a, b, y, g, da, db);
        else g.Kernels.ZipBackward(op, a, b, y, g, da, db);
        engine.Give(inputA, da!);
        engine.Give(inputB, db!);
    }

    private void Row(Tensor g, Tensor? a, Tensor? b, Tensor? y, Engine engine)
    {
        g = g.Contiguous();
        var da = inputA is null ? null : Engine.MayOverwrite(g) ? g : Tensor.Allocate(g.Shape, g.DType, g.Device);
        var db = inputB is null ? null : Tensor.Allocate(shapeB, g.DType, g.Device);
        g.Kernels.ZipBackward(op, a?.Contiguous() ?? g, b ?? g, y?.Contiguous() ?? g, g, da, db, isRow: true);
        engine.Give(inputA, da!);
        engine.Give(inputB, db!);
    }

    /// <summary>True if a has the result's shape and b is its last axes: one row for every row.</summary>
    private bool IsRow(Shape result)
        => shapeA.Equals(result) && shapeB.Rank is > 0 && shapeB.Rank < result.Rank && result.Count > 0
            && result.Axes[^shapeB.Rank..].SequenceEqual(shapeB.Axes);

    internal override void Free()
    {
        a.Clear();
        b.Clear();
        y.Clear();
    }
}
