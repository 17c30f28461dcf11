namespace DeepNet.Onnx;

/// <summary>The operators that can be read, by name. Each group of them adds its own.</summary>
internal sealed class OperatorTable
{
    private readonly Dictionary<string, OperatorBody> bodies = [];
    private readonly Dictionary<string, Func<NodeProto, long, string?>> checks = [];

    private OperatorTable()
    {
        Unary.AddTo(this);
        Binary.AddTo(this);
        Logic.AddTo(this);
        Reductions.AddTo(this);
        Shapes.AddTo(this);
        Making.AddTo(this);
        Indexing.AddTo(this);
        Products.AddTo(this);
        ConvolutionOperators.AddTo(this);
        PoolingOperators.AddTo(this);
        Norms.AddTo(this);
        SoftmaxOperators.AddTo(this);
        RecurrentOperators.AddTo(this);
        ImageOperators.AddTo(this);
        Signals.AddTo(this);
        Detection.AddTo(this);
        LossOperators.AddTo(this);
        Quantisation.AddTo(this);
        Control.AddTo(this);
    }

    /// <summary>True for operators that give other results each time.</summary>
    public static bool IsRandom(string name)
        => name is "Dropout" or "Bernoulli" or "RandomUniform" or "RandomNormal" or "RandomUniformLike" or "RandomNormalLike";

    public static OperatorTable Instance { get; } = new();

    /// <summary>Gets the names of all operators, sorted.</summary>
    public IEnumerable<string> Names => bodies.Keys.Order(StringComparer.Ordinal);

    public bool TryGet(string name, out OperatorBody body) => bodies.TryGetValue(name, out body!);

    /// <summary>Gets what an operator that can be read asks for that cannot; null if there is nothing.</summary>
    public string? WhyNot(NodeProto node, long version) => checks.TryGetValue(node.OpType, out var check) ? check(node, version) : null;

    /// <summary>Adds an operator of any number of results.</summary>
    public void Many(string name, OperatorBody body, Func<NodeProto, long, string?>? check = null)
    {
        bodies.Add(name, body);
        if (check is not null) checks.Add(name, check);
    }

    /// <summary>Adds an operator of one result.</summary>
    public void One(string name, Func<Call, Tensor> body, Func<NodeProto, long, string?>? check = null)
        => Many(name, call => [body(call)], check);

    /// <summary>Adds an operator whose result has the element type of the first input, whatever it is computed in.</summary>
    public void Same(string name, Func<Call, Tensor> body) => Many(name, call => [body(call).To(call[0].DType)]);

    /// <summary>Adds an operator of one input, whose result has its element type.</summary>
    public void Map(string name, Func<Tensor, Tensor> body) => Same(name, call => body(call[0]));
}
