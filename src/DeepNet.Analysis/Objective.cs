using DeepNet.Nn;

namespace DeepNet.Analysis;

/// <summary>
/// A loss as a function of its parameters: value, gradient, curvature and position, in flat vectors of doubles over all parameters'
/// elements in order.
/// </summary>
/// <remarks>
/// The loss must give the same number when it is evaluated again at the same place: the same batch, and no dropout (call
/// <see cref="Module.Eval"/>). Tensors are computed in the element type of the parameters and only sums over them in double, so float32
/// parameters give gradients and Hessian products with a relative error of about 1e-6. <c>model.To(DType.Float64)</c> gives 1e-15.
/// Frozen parameters are constants.
/// </remarks>
/// <example><code>
/// var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model.Parameters());
/// double sharpness = Sharpness.Largest(objective);
/// </code></example>
public sealed class Objective
{
    private readonly Func<Tensor> loss;
    private readonly Func<Tensor>[] parameters;
    private readonly Nn.StateBuffer[] buffers = [];

    /// <summary>A loss over parameters, usually <c>model.Parameters()</c>.</summary>
    /// <param name="loss">Computes the loss, a single number, from the parameters.</param>
    /// <param name="parameters">The parameters that it is a function of; those that are frozen are left out.</param>
    public Objective(Func<Tensor> loss, IEnumerable<Parameter> parameters)
        : this(loss, [.. Given(parameters).Where(p => p.RequiresGrad).Select(p => new Func<Tensor>(() => p.Value))]) { }

    /// <summary>A loss over plain tensors that require a gradient.</summary>
    /// <param name="loss">Computes the loss, a single number, from the tensors.</param>
    /// <param name="parameters">Leaves that require a gradient.</param>
    public Objective(Func<Tensor> loss, params IEnumerable<Tensor> parameters)
        : this(loss, [.. Given(parameters).Select(p => new Func<Tensor>(() => p))]) { }

    /// <summary>
    /// A loss over all parameters of a model, whose buffers (running means of batch normalisation) are kept safe too when the parameters
    /// are moved and put back.
    /// </summary>
    public Objective(Func<Tensor> loss, Module model) : this(loss, (model ?? throw new ArgumentNullException(nameof(model))).Parameters())
        => buffers = [.. model.NamedBuffers().Select(b => b.Item2)];

    private Objective(Func<Tensor> loss, Func<Tensor>[] parameters)
    {
        ArgumentNullException.ThrowIfNull(loss);
        (this.loss, this.parameters) = (loss, parameters);
        if (parameters.Length == 0)
            throw new ArgumentException(
                "[objective] there is no parameter to differentiate by. Is the list empty, or are all parameters frozen (Unfreeze)?",
                nameof(parameters));
        var names = Parameters;
        for (int i = 0; i < names.Count; i++)
            if (!names[i].RequiresGrad || !names[i].IsLeaf)
                throw new ArgumentException(
                    $"[objective] parameter {i}, of shape {names[i].Shape}, "
                    + (names[i].IsLeaf
                        ? "requires no gradient: call WithGrad() on it."
                        : "was computed from other tensors: give those instead."),
                    nameof(parameters));
    }

    /// <summary>The tensors, as they are now.</summary>
    public IReadOnlyList<Tensor> Parameters => Array.ConvertAll(parameters, p => p());

    /// <summary>Gets the number of elements of all parameters: the length of a gradient.</summary>
    public int Size => checked((int)Parameters.Sum(p => (long)p.Count));

    /// <summary>
    /// The largest relative error that numbers of the parameters' element type have: 6e-8 for float32, 1e-16 for float64.
    /// </summary>
    public double UnitRoundoff => Parameters.All(p => p.DType == DType.Float64) ? Math.ScaleB(1, -53) : Math.ScaleB(1, -24);

    /// <summary>The values of all parameters. Setting it overwrites them, rounded to their element type.</summary>
    public double[] Position
    {
        get => Flat.Join(Parameters);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Check(value, "position");
            Flat.Write(value, Parameters);
        }
    }

    /// <summary>The loss at the present position.</summary>
    public double Value()
    {
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        return Number(Compute());
    }

    /// <summary>The gradient at the present position. No parameter's <see cref="Tensor.Grad"/> changes.</summary>
    public double[] Gradient() => Evaluate().Gradient;

    /// <summary>The loss and its gradient, by one forward and one backward pass.</summary>
    public (double Value, double[] Gradient) Evaluate()
    {
        using var scope = Memory.Scope();
        using var recording = Autograd.EnableGrad();
        var value = Compute();
        var tensors = Parameters;
        double number = Number(value);
        if (!value.RequiresGrad) return (number, new double[Size]);
        return (number, Flat.Join(Autograd.TryGrad([value], [.. tensors]), tensors));
    }

    /// <summary>The Hessian at the present position, as something to multiply with: records the gradient once.</summary>
    public HessianOperator Hessian() => new(Compute, Parameters);

    /// <summary>
    /// Remembers the parameters (and the model's buffers); disposing the result puts them back bit for bit. What moves parameters about
    /// to look at the loss elsewhere does this by itself.
    /// </summary>
    public IDisposable Keep() => new KeptTensors([.. Parameters, .. buffers.Select(b => b.Value)]);

    internal void Check(ReadOnlySpan<double> vector, string what)
    {
        if (vector.Length != Size)
            throw new ArgumentException(
                $"[objective] the {what} has {vector.Length} numbers and the parameters have {Size} in all. Was it taken "
                    + "from another model?");
    }

    private Tensor Compute()
    {
        var value = loss() ?? throw new InvalidOperationException("[objective] the loss function returned null.");
        return value.Count == 1
            ? value
            : throw new InvalidOperationException(
                $"[objective] the loss has shape {value.Shape} and must be a single number. Reduce it (Sum, Mean), or use a loss "
                    + "with Reduction.Mean.");
    }

    private static double Number(Tensor value) => value.Item<double>();

    private static IEnumerable<T> Given<T>(IEnumerable<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters;
    }
}
