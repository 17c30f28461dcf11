using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Images => new()
    {
        ["interpolate"] = One(c => c.Case.Has("scale")
            ? c[0].Interpolate(c.Case.Number("scale"), Mode(c), c.Case.Flag("align"), c.Case.Flag("antialias"))
            : c[0].Interpolate(c.Case.Ints("size"), Mode(c), c.Case.Flag("align"), c.Case.Flag("antialias"))),
        ["grid_sample"] = One(c => c[0].GridSample(
            c[1], Mode(c), Enum.Parse<PadMode>(c.Case.Text("padding")), c.Case.Flag("align"))),
        ["affine_grid"] = One(c => Tensor.AffineGrid(c[0], c.Case.Ints("size")[0], c.Case.Ints("size")[1], c.Case.Flag("align"))),
        ["pixel_shuffle"] = One(c => new PixelShuffle(c.Case.Int("factor")).Forward(c[0])),
        ["pixel_unshuffle"] = One(c => new PixelUnshuffle(c.Case.Int("factor")).Forward(c[0])),
        ["unfold2d"] = One(c => new Unfold((2, 3), Two(c, "stride", 1), Two(c, "padding", 0), Two(c, "dilation", 1)).Forward(c[0])),
        ["fold2d"] = One(
            c => new Fold((4, 6), (2, 3), Two(c, "stride", 1), Two(c, "padding", 0), Two(c, "dilation", 1)).Forward(c[0])),
        ["nn.channel_shuffle"] = One(c => new ChannelShuffle(2).Forward(c[0])),
        ["nn.local_response_norm"] = One(c => new LocalResponseNorm(c.Case.Int("size"), 0.5, 0.75, 1.5).Forward(c[0])),

        ["nn.conv_transpose1d"] = Layer(c => new ConvTranspose1d(
            4, 2, 3, c.Case.Int("stride", 1), c.Case.Int("padding", 0), c.Case.Int("output_padding", 0), c.Case.Int("groups", 1),
            dilation: c.Case.Int("dilation", 1))),
        ["nn.conv3d"] = Layer(c => new Conv3d(
            4, 2, (2, 3, 2), c.Case.Int("stride", 1), c.Case.Int("padding", 0), c.Case.Int("dilation", 1), c.Case.Int("groups", 1),
            c.Has(2))),
        ["nn.conv_transpose3d"] = Layer(c => new ConvTranspose3d(
            4, 2, (3, 2, 2), c.Case.Int("stride", 1), c.Case.Int("padding", 0), c.Case.Int("output_padding", 0), c.Case.Int("groups", 1),
            dilation: c.Case.Int("dilation", 1))),
        ["nn.batch_norm3d"] = Layer(_ => new BatchNorm3d(3)),
        ["max_pool3d"] = One(c => c[0].MaxPool3d(
            (2, 3, 2), Step3d(c), c.Case.Int("padding", 0), ceilMode: c.Case.Flag("ceil_mode"))),
        ["avg_pool3d"] = One(c => c[0].AvgPool3d(
            (2, 3, 2), Step3d(c), c.Case.Int("padding", 0), c.Case.Flag("ceil_mode"), c.Case.Flag("counted"))),
        ["adaptive_avg_pool1d"] = One(c => c[0].AdaptiveAvgPool1d(c.Case.Ints("size")[0])),
        ["adaptive_max_pool1d"] = One(c => c[0].AdaptiveMaxPool1d(c.Case.Ints("size")[0])),
        ["adaptive_avg_pool3d"] = One(c => c[0].AdaptiveAvgPool3d(Size3d(c))),
        ["adaptive_max_pool3d"] = One(c => c[0].AdaptiveMaxPool3d(Size3d(c))),
    };

    private static InterpolationMode Mode(GoldenCall c) => Enum.Parse<InterpolationMode>(c.Case.Text("mode"));

    private static Triple? Step3d(GoldenCall c) => c.Case.Has("stride") ? c.Case.Int("stride") : null;

    private static Triple Size3d(GoldenCall c) => c.Case.Ints("size") is [var depth, var height, var width] ? (depth, height, width) : 1;
}
