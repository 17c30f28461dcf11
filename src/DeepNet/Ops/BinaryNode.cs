namespace DeepNet.Ops;

/// <summary>A binary formula in the graph, broadcasting included: what was repeated forwards is summed backwards.</summary>
internal abstract class BinaryNode(ThreadContext thread, Tensor a, Tensor b) : Node(thread, a.KnownNode, b.KnownNode)
{
    protected readonly Node? InputA = a.KnownNode, InputB = b.KnownNode;

    // The operands' shapes; null if both are the result's.
    protected readonly Shapes? Broadcast = ReferenceEquals(a.Shape, b.Shape) ? null : Shapes.Of(a.Shape, b.Shape);

    public override int InputCount => 2;
    public override Node? Input(int index) => index == 0 ? InputA : InputB;

    /// <summary>True if the result has the shape of both operands.</summary>
    protected bool IsSame => Broadcast is null;

    /// <summary>True if a has the result's shape and b is its last axes: one row for every row.</summary>
    protected bool IsRow(Shape result)
        => Broadcast is { } of && of.A.Equals(result) && of.B.Rank is > 0 && of.B.Rank < result.Rank && result.Count > 0
            && result.Axes[^of.B.Rank..].SequenceEqual(of.B.Axes);

    /// <summary>The tensor interprets the formula: differentiable again, and right for every way of Broadcasting.</summary>
    [MethodImpl(NoInlining)]
    protected void Interpret<TOp>(TOp op, Tensor g, Tensor? a, Tensor? b, Tensor? y, Engine engine) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var dtype = g.DType;
        g = Halves.Wide(g);
        var (da, db) = TOp.Backward(op, Halves.Wide(a) ?? g, Halves.Wide(b) ?? g, Halves.Wide(y) ?? g, g);
        if (InputA is not null) engine.Give(InputA, Constant.Fit(da, g).SumTo(Broadcast?.A ?? g.Shape).To(dtype));
        if (InputB is not null) engine.Give(InputB, Constant.Fit(db, g).SumTo(Broadcast?.B ?? g.Shape).To(dtype));
    }

    protected sealed record Shapes(Shape A, Shape B)
    {
        public static Shapes? Of(Shape a, Shape b) => a.Equals(b) ? null : new(a, b);
    }
}

/// <summary>A formula whose derivative reads values. Keeps those that it reads.</summary>
internal sealed class BinaryNode<TOp> : BinaryNode where TOp : unmanaged, IBinaryOp<TOp>
{
    private readonly TOp op;
    private SavedTensor a, b, y;

    private BinaryNode(ThreadContext thread, TOp op, Tensor a, Tensor b, Tensor y) : base(thread, a, b)
    {
        this.op = op;
        var reads = NeedsBinary<TOp>.For(InputA is not null, InputB is not null);
        if (reads.Reads(Uses.A)) this.a = new SavedTensor(a);
        if (reads.Reads(Uses.B)) this.b = new SavedTensor(b);
        if (reads.Reads(Uses.Y)) this.y = new SavedTensor(y);
    }

    private static readonly bool ReadsNothing = !NeedsBinary<TOp>.For(true, true).Reads(new Uses(~Uses.G.Inputs));

    /// <summary>Makes the node of a result.</summary>
    public static BinaryNode Of(ThreadContext thread, TOp op, Tensor a, Tensor b, Tensor y)
        => ReadsNothing ? new SumNode<TOp>(thread, op, a, b) : new BinaryNode<TOp>(thread, op, a, b, y);

    public override string Name => TOp.Name;

    [MethodImpl(NoInlining)]
    internal override void Backward(Tensor g, Engine engine)
    {
        Propagate(g, a.Get(Name), b.Get(Name), y.Get(Name), engine);
        if (!a.NeedsLook && !b.NeedsLook && !y.NeedsLook) return;
        a.EndRead(this);
        b.EndRead(this);
        y.EndRead(this);
    }

    private void Propagate(Tensor g, Tensor? savedA, Tensor? savedB, Tensor? savedY, Engine engine)
    {
        if (engine.CreateGraph) Interpret(op, g, savedA, savedB, savedY, engine);
        else if (IsSame) Same(g, savedA, savedB, savedY, engine);
        else if (!g.DType.IsHalf() && IsRow(g.Shape) && savedB?.IsContiguous != false) Row(g, savedA, savedB, savedY, engine);
        else Interpret(op, g, savedA, savedB, savedY, engine);
    }

    private void Same(Tensor g, Tensor? a, Tensor? b, Tensor? y, Engine engine)
    {
        // All in the layout of what was computed.
        var model = y ?? a ?? b ?? g;
        g = g.InLayoutOf(model);
        bool mayOverwrite = Engine.MayOverwrite(g);
        var da = InputA is null ? null : mayOverwrite ? g : Tensor.AllocateLike(model, g.DType);
        var db = InputB is null ? null : mayOverwrite && da is null ? g : Tensor.AllocateLike(model, g.DType);
        a = a?.InLayoutOf(model) ?? g;
        b = b?.InLayoutOf(model) ?? g;
        y = y?.InLayoutOf(model) ?? g;
        if (g.Device is CpuDevice && !Listener.IsOn) CpuDevice.ZipBackwardHere(op, a, b, y, g, da, db);
        else g.Kernels.ZipBackward(op, a, b, y, g, da, db);
        engine.Give(InputA, da!);
        engine.Give(InputB, db!);
    }

    private void Row(Tensor g, Tensor? a, Tensor? b, Tensor? y, Engine engine)
    {
        g = g.Contiguous();
        var da = InputA is null ? null : Engine.MayOverwrite(g) ? g : Tensor.Allocate(g.Shape, g.DType, g.Device);
        var db = InputB is null ? null : Tensor.Allocate(Broadcast!.B, g.DType, g.Device);
        g.Kernels.ZipBackward(op, a?.Contiguous() ?? g, b ?? g, y?.Contiguous() ?? g, g, da, db, isRow: true);
        engine.Give(InputA, da!);
        engine.Give(InputB, db!);
    }

    internal override void Free()
    {
        a.Clear();
        b.Clear();
        y.Clear();
    }
}
