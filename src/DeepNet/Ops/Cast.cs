namespace DeepNet.Ops;

/// <summary>Copies and conversions between element types: the gradient is converted back.</summary>
internal sealed class Cast(Tensor x) : LinearNode(x.Node!)
{
    /// <summary>Gets the type that gradients are converted to.</summary>
    public DType From { get; } = x.DType;

    /// <summary>Records that <paramref name="result"/> holds the values of <paramref name="x"/>.</summary>
    public static Tensor Record(Tensor x, Tensor result)
    {
        if (x.Storage.IsConstant) result.Storage.IsConstant = result.DType == DType.Float64;
        if (x.Node is not null && result.DType.IsFloating() && Autograd.IsEnabled) result.Node = new Cast(x);
        if (Listener.IsOn) Recording.Applied(result.DType == x.DType ? "clone" : "to", result.DType, result, x);
        return result;
    }

    public override string Name => "to";
    internal override void Backward(Tensor gradient, Engine engine) => engine.Give(Source, gradient.To(From));
}
