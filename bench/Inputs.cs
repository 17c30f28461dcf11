using DeepNet.Nn;

namespace DeepNet.Bench;

/// <summary>Tensors and weights of <see cref="Draws"/>.</summary>
internal static class Inputs
{
    public static Tensor Normal(Shape shape) => Tensor.From<float>(Draws.Normal(shape.Count), shape);

    public static Tensor Uniform(Shape shape) => Tensor.From<float>(Draws.Uniform(shape.Count), shape);

    public static Tensor Integers(int bound, Shape shape) => Tensor.From<long>(Draws.Integers(shape.Count, bound), shape);

    /// <summary>Gives a model the weights that it has on the other side: drawn matrices and no biases.</summary>
    public static TModel Weigh<TModel>(TModel model) where TModel : Module
    {
        using var off = Autograd.NoGrad();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            var shape = parameter.Value.Shape;
            if (shape.Rank > 1)
                parameter.Value.CopyFrom(Tensor.From<float>(Draws.Weights(shape.Count, shape.Count / shape[0]), shape));
            else if (name.Contains("bias", StringComparison.Ordinal))
                parameter.Value.CopyFrom(Tensor.Zeros(shape));
        }
        return model;
    }
}
