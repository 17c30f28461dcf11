using TorchSharp;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Tensors and weights of <see cref="Draws"/>.</summary>
internal static class Inputs
{
    public static Tensor Normal(params long[] shape) => tensor(Draws.Normal(Count(shape)), shape);

    public static Tensor Uniform(params long[] shape) => tensor(Draws.Uniform(Count(shape)), shape);

    public static Tensor Integers(int bound, params long[] shape) => tensor(Draws.Integers(Count(shape), bound), shape);

    /// <summary>Gives a model the weights that it has on the other side: drawn matrices and no biases.</summary>
    public static nn.Module<Tensor, Tensor> Weigh(nn.Module<Tensor, Tensor> model)
    {
        using var off = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1)
                parameter.copy_(tensor(Draws.Weights(parameter.numel(), parameter.numel() / parameter.shape[0]), parameter.shape));
            else if (name.Contains("bias", StringComparison.Ordinal))
                parameter.zero_();
        }
        return model;
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (count, length) => count * length);
}
