using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>The same values with channels innermost: LibTorch chooses its kernels for that order by the strides.</summary>
internal static class ChannelsLast
{
    public static Tensor Of(Tensor image) => image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    public static nn.Module<Tensor, Tensor> Of(nn.Module<Tensor, Tensor> model)
    {
        foreach (var (_, module) in model.named_modules())
            if (module is Conv2d convolution) convolution.weight = new Parameter(Of(convolution.weight!.detach()));
        return model;
    }
}
