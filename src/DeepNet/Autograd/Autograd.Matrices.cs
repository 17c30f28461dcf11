namespace DeepNet;

public static partial class Autograd
{
    /// <summary>
    /// The Jacobian of <paramref name="f"/> at <paramref name="x"/>: the derivative of every element of the result by every
    /// element of x, of shape result + x. One recorded evaluation, and a backward pass for each element of the result.
    /// </summary>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x)
    {
        var (point, y) = Evaluate("jacobian", f, x, createGraph: false);
        return Matrix(y, point).Reshape([.. y.Shape.Axes, .. x.Shape.Axes]);
    }

    /// <summary>
    /// The Hessian of a function to a single number at <paramref name="x"/>, of shape x + x: the gradient, recorded once, and
    /// a backward pass through it for each element of x.
    /// </summary>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x)
    {
        var (point, y) = Evaluate("hessian", f, x, createGraph: false);
        DemandNumber("hessian", y);
        var gradient = y.Node is null ? null : TryGrad([y], [point], createGraph: true)[0];
        return Matrix(gradient ?? Zero(point), point).Reshape([.. x.Shape.Axes, .. x.Shape.Axes]);
    }

    /// <summary>
    /// The Hessian of a network's loss over all its parameters, as one square matrix over their elements in order.
    /// </summary>
    /// <param name="loss">The loss: a single number, computed from the parameters.</param>
    /// <param name="parameters">Leaves that require a gradient.</param>
    public static Tensor Hessian(Func<Tensor> loss, IReadOnlyList<Tensor> parameters) => new Curvature(loss, parameters).ToMatrix();

    private static Tensor Matrix(Tensor y, Tensor point)
    {
        var shape = new Shape(Axis.Length("jacobian", y.Count, y.Shape), Axis.Length("jacobian", point.Count, point.Shape));
        var matrix = Tensor.Zeros(shape, point.DType, point.Device);
        if (y.Node is not null) Rows.Fill(y, [point.Node!], matrix, 0, [point]);
        return matrix;
    }
}
