namespace DeepNet.Ops;

/// <summary>Copies and conversions between element types: the gradient is converted back.</summary>
internal sealed class Cast : Node
{
    private readonly Node input;
    private readonly DType from;

    /// <summary>The type that gradients are converted to.</summary>
    public DType From => from;

    private Cast(Tensor x) : base(x.Node)
    {
        input = x.Node!;
        from = x.DType;
    }

    /// <summary>Records that <paramref name="result"/> holds the values of <paramref name="x"/>.</summary>
    public static Tensor Record(Tensor x, Tensor result)
    {
        if (x.Storage.IsConstant) result.Storage.IsConstant = result.DType == DType.Float64;
        if (x.Node is not null && result.DType.IsFloating() && Autograd.IsEnabled) result.Node = new Cast(x);
        if (Listener.IsOn) Recording.Applied(result.DType == x.DType ? "clone" : "to", result.DType, result, x);
        return result;
    }

    public override string Name => "to";
    public override int InputCount => 1;
    public override Node? Input(int index) => input;
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(input, gradient.To(from));
    internal override void Free() { }
}
