namespace DeepNet;

/// <summary>
/// The Hessian of a loss at the present values of its parameters, as something to multiply with: the gradient is recorded
/// once, and every product is one backward pass through that record. Holds the record until it is dropped.
/// </summary>
/// <example><code>
/// var curvature = new Curvature(() => Loss.CrossEntropy(model.Forward(x), y), [.. model.Parameters().Select(p => p.Value)]);
/// var hv = curvature.Multiply(v);
/// </code></example>
public sealed class Curvature
{
    private readonly Tensor[] parameters;
    private readonly Node[] nodes;
    private readonly Tensor?[] gradients;
    private readonly Tensor[] recorded;

    /// <summary>Evaluates the loss and records its gradient.</summary>
    /// <param name="loss">The loss: a single number, computed from the parameters.</param>
    /// <param name="parameters">What to differentiate by: leaves that require a gradient.</param>
    public Curvature(Func<Tensor> loss, IReadOnlyList<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        using var recording = GradSwitch.On();
        this.parameters = [.. parameters];
        nodes = new Node[this.parameters.Length];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = this.parameters[i].Node
                ?? throw new InvalidOperationException(
                $"[hessian] parameter {i}, of shape {this.parameters[i].Shape}, does not require a gradient. Set RequiresGrad on it.");
        var value = loss();
        if (value.Count != 1)
            throw new ArgumentException(
                $"[hessian] a Hessian belongs to a single number, and the loss has shape {value.Shape}. Reduce it (Sum, Mean).");
        gradients = value.Node is null ? new Tensor?[nodes.Length] : Engine.Run([value], [null], retain: true, createGraph: true, nodes);
        recorded = [.. gradients.OfType<Tensor>().Where(g => g.Node is not null)];
        Loss = value.Detach();
    }

    /// <summary>The value of the loss.</summary>
    public Tensor Loss { get; }

    /// <summary>The number of parameters' elements: the Hessian is Size by Size.</summary>
    public nint Size => parameters.Aggregate((nint)0, (sum, p) => sum + p.Count);

    /// <summary>The gradient, in a tensor of each parameter's shape.</summary>
    public Tensor[] Gradient() => [.. gradients.Select((g, i) => g?.Detach() ?? Zero(i))];

    /// <summary>The product with a vector, given and returned in parts of each parameter's shape.</summary>
    public Tensor[] Multiply(IReadOnlyList<Tensor> v)
    {
        ArgumentNullException.ThrowIfNull(v);
        if (v.Count != parameters.Length)
            throw new ArgumentException(
                $"[hvp] the vector comes in {v.Count} parts and there are {parameters.Length} parameters; there must be one for each, "
                + "of its shape.");
        var seeds = new List<Tensor>(recorded.Length);
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!v[i].Shape.Equals(parameters[i].Shape))
                throw new ArgumentException(
                    $"[hvp] part {i} of the vector has shape {v[i].Shape}, parameter {i} has {parameters[i].Shape}.");
            if (gradients[i]?.Node is not null) seeds.Add(v[i]);
        }
        if (seeds.Count == 0) return [.. parameters.Select((_, i) => Zero(i))];
        var products = Engine.Run(recorded, seeds.ToArray(), retain: true, createGraph: false, nodes);
        return [.. products.Select((p, i) => p ?? Zero(i))];
    }

    /// <summary>
    /// The whole matrix, over the parameters' elements in their order: one backward pass for each row, so for small networks.
    /// </summary>
    public Tensor ToMatrix()
    {
        int size = (int)Math.Min(Size, int.MaxValue);
        if (size != Size) throw new InvalidOperationException($"[hessian] the parameters have {Size} elements, and an axis of a matrix "
            + $"has at most {int.MaxValue}. Use Multiply, which needs no matrix.");
        var like = parameters.Length > 0 ? parameters[0] : Loss;
        var matrix = Tensor.Zeros(new Shape(size, size), like.DType, like.Device);
        int row = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (gradients[i] is { Node: not null } gradient) Rows.Fill(gradient, nodes, matrix, row, parameters);
            row += (int)parameters[i].Count;
        }
        return matrix;
    }

    private Tensor Zero(int i) => Tensor.Zeros(parameters[i].Shape, parameters[i].DType, parameters[i].Device);
}
