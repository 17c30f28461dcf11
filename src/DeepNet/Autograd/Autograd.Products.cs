namespace DeepNet;

public static partial class Autograd
{
    /// <summary>
    /// The vector-Jacobian product vᵀJ of <paramref name="f"/> at <paramref name="x"/>: one backward pass. Differentiable in
    /// x and v if <paramref name="createGraph"/> is set.
    /// </summary>
    public static Tensor Vjp(Func<Tensor, Tensor> f, Tensor x, Tensor v, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(v);
        var (point, y) = Evaluate("vjp", f, x, createGraph);
        Demand("vjp", "v", v, y);
        return y.Node is null ? Zero(point) : TryGrad([y], [point], [v], createGraph: createGraph)[0] ?? Zero(point);
    }

    /// <summary>
    /// The Jacobian-vector product Jv of <paramref name="f"/> at <paramref name="x"/>, the derivative in the direction v. Reverse
    /// mode gives uᵀJ, which is linear in u: differentiating that by u gives Jv.
    /// </summary>
    public static Tensor Jvp(Func<Tensor, Tensor> f, Tensor x, Tensor v, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(v);
        var (point, y) = Evaluate("jvp", f, x, createGraph);
        Demand("jvp", "v", v, point);
        using var recording = GradSwitch.On();
        var u = Tensor.Zeros(y.Shape, y.DType, y.Device).WithGrad();
        var product = y.Node is null ? null : TryGrad([y], [point], [u], createGraph: true)[0];
        return product?.Node is null ? Zero(y) : TryGrad([product], [u], [v], createGraph: createGraph)[0] ?? Zero(y);
    }

    /// <summary>
    /// The Hessian-vector product Hv of a function to a single number: the gradient, recorded, and one backward pass through
    /// it. The Hessian itself is never formed.
    /// </summary>
    public static Tensor Hvp(Func<Tensor, Tensor> f, Tensor x, Tensor v, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(v);
        var (point, y) = Evaluate("hvp", f, x, createGraph);
        Demand("hvp", "v", v, point);
        DemandNumber("hvp", y);
        var gradient = y.Node is null ? null : TryGrad([y], [point], createGraph: true)[0];
        return gradient?.Node is null ? Zero(point) : TryGrad([gradient], [point], [v], createGraph: createGraph)[0] ?? Zero(point);
    }

    /// <summary>
    /// The product of a loss's Hessian with a vector that comes in parts, one of each parameter's shape. For many products at
    /// one point make a <see cref="Curvature"/>, which records the gradient once.
    /// </summary>
    public static Tensor[] Hvp(Func<Tensor> loss, IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> v)
        => new Curvature(loss, parameters).Multiply(v);

    // Functions are differentiated at a tensor of their own, so that the caller's needs no RequiresGrad and gathers nothing;
    // unless the result is to be differentiated further, which has to lead back to the caller's.
    private static (Tensor Point, Tensor Value) Evaluate(string op, Func<Tensor, Tensor> f, Tensor x, bool createGraph)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        if (!x.DType.IsDifferentiable())
            throw new ArgumentException(
                $"[{op}] derivatives exist for float32 and float64 tensors, x is {x.DType.Name()}. Convert it first: x.To(DType.Float64).");
        using var recording = GradSwitch.On();
        var point = createGraph && x.RequiresGrad ? x : x.Detach().WithGrad();
        return (point, f(point) ?? throw new ArgumentException($"[{op}] the function returned null."));
    }

    private static void Demand(string op, string name, Tensor vector, Tensor like)
    {
        if (!vector.Shape.Equals(like.Shape))
            throw new ArgumentException(
                $"[{op}] {name} has shape {vector.Shape} and must have shape {like.Shape}: "
                + $"{(op == "vjp" ? "that of the function's result" : "that of x")}.");
    }

    private static void DemandNumber(string op, Tensor value)
    {
        if (value.Count != 1)
            throw new ArgumentException(
                $"[{op}] a Hessian belongs to a function to a single number, and this one gave shape {value.Shape}. Reduce it (Sum, "
                + "Mean), or use Jacobian.");
    }

    private static Tensor Zero(Tensor like) => Tensor.Zeros(like.Shape, like.DType, like.Device);
}
