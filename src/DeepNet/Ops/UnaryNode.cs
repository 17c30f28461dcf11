namespace DeepNet.Ops;

/// <summary>A unary formula in the graph. Keeps of x and y what the derivative reads.</summary>
internal sealed class UnaryNode<TOp> : Node where TOp : unmanaged, IUnaryOp<TOp>
{
    private readonly TOp op;
    private readonly Node? input;
    private SavedTensor x, y;

    public UnaryNode(TOp op, Tensor x, Tensor y) : base(x.Node)
    {
        this.op = op;
        input = x.Node;
        if (Needs<TOp>.X) this.x = new SavedTensor(x);
        if (Needs<TOp>.Y) this.y = new SavedTensor(y);
    }

    public override string Name => TOp.Name;
    public override int InputCount => 1;
    public override Node? Input(int index) => input;

    internal override void Backward(Tensor g, Engine engine)
    {
        var savedX = x.Get(Name);
        var savedY = y.Get(Name);
        if (engine.CreateGraph)
        {
            // The tensor interprets the formula, and so records it.
            engine.Give(input, Constant.Fit(TOp.Backward(op, savedX ?? g, savedY ?? g, g), g));
            return;
        }
        var dx = Engine.MayOverwrite(g) ? g : Tensor.Allocate(g.Shape, g.DType, g.Device);
        g = g.Contiguous();
        savedX = savedX?.Contiguous() ?? g;
        if (g.Device is CpuDevice) CpuDevice.MapBackwardHere(op, savedX, savedY ?? g, g, dx);
        else g.Device.MapBackward(op, savedX, savedY ?? g, g, dx);
        engine.Give(input, dx);
    }

    internal override void Free()
    {
        x.Clear();
        y.Clear();
    }
}
