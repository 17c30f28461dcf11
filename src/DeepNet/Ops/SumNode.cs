namespace DeepNet.Ops;

/// <summary>
/// A sum or difference in the graph, whose derivative reads no values: where the shapes allow, it hands its gradient on as it is.
/// </summary>
internal sealed class SumNode<TOp>(ThreadContext thread, TOp op, Tensor a, Tensor b) : BinaryNode(thread, a, b)
    where TOp : unmanaged, IBinaryOp<TOp>
{
    public override string Name => TOp.Name;

    [MethodImpl(NoInlining)]
    internal override void Backward(Tensor g, Engine engine)
    {
        if (!IsSame)
        {
            Interpret(op, g, null, null, null, engine);
            return;
        }
        var (da, db) = TOp.Backward(op, g, g, g, g);
        if (InputA is not null) engine.Give(InputA, Constant.Fit(da, g).To(g.DType));
        if (InputB is not null) engine.Give(InputB, Constant.Fit(db, g).To(g.DType));
    }

    internal override void Free() { }
}
