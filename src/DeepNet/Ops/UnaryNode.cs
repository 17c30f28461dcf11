namespace DeepNet.Ops;

/// <summary>A unary formula in the graph. Keeps of x and y what the derivative reads.</summary>
internal sealed class UnaryNode<TOp> : Node where TOp : unmanaged, IUnaryOp<TOp>
{
    private readonly TOp op;
    private readonly Node? input;
    private SavedTensor x, y;

    public UnaryNode(ThreadContext thread, TOp op, Tensor x, Tensor y) : base(thread, x.KnownNode)
    {
        this.op = op;
        input = x.KnownNode;
        if (Needs<TOp>.X) this.x = new SavedTensor(x);
        if (Needs<TOp>.Y) this.y = new SavedTensor(y);
    }

    public override string Name => TOp.Name;
    public override int InputCount => 1;
    public override Node? Input(int index) => input;

    [MethodImpl(NoInlining)]
    internal override void Backward(Tensor g, Engine engine)
    {
        var savedX = x.Get(Name);
        var savedY = y.Get(Name);
        if (engine.CreateGraph)
        {
            // The tensor interprets the formula, and so records it.
            var wide = Halves.Wide(g);
            var dwide = Constant.Fit(TOp.Backward(op, Halves.Wide(savedX) ?? wide, Halves.Wide(savedY) ?? wide, wide), wide);
            engine.Give(input, dwide.To(g.DType));
            return;
        }
        // All in the layout of what was computed.
        var model = savedY ?? savedX ?? g;
        g = g.InLayoutOf(model);
        var dx = Engine.MayOverwrite(g) ? g : Tensor.AllocateLike(model, g.DType);
        savedX = savedX?.InLayoutOf(model) ?? g;
        savedY = savedY?.InLayoutOf(model) ?? g;
        if (g.Device is CpuDevice && !Listener.IsOn) CpuDevice.MapBackwardHere(op, savedX, savedY, g, dx);
        else g.Kernels.MapBackward(op, savedX, savedY, g, dx);
        x.EndRead(this);
        y.EndRead(this);
        engine.Give(input, dx);
    }

    internal override void Free()
    {
        x.Clear();
        y.Clear();
    }
}
