using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class ImageLayerTests
{
    [Fact]
    public void Layers_do_what_the_methods_do()
    {
        var x = Tensor.Randn(new Shape(2, 4, 4, 6), generator: new Generator(1));
        Same(x.Interpolate(2.0, InterpolationMode.Linear), new Upsample(2, InterpolationMode.Linear));
        Same(x.Interpolate([3, 5], InterpolationMode.Cubic, antialias: true),
            new Upsample([3, 5], InterpolationMode.Cubic, antialias: true));
        Same(x.PixelShuffle(2), new PixelShuffle(2));
        Same(x.PixelUnshuffle(2), new PixelUnshuffle(2));
        Same(x.Pad([(1, 0), (2, 1)], PadMode.Reflect), new Pad([(1, 0), (2, 1)], PadMode.Reflect));
        Same(x.Pad([(1, 1)], value: 2), new Pad([(1, 1)], value: 2));
        Same(x.Unfold2d(2, stride: 2), new Unfold(2, stride: 2));
        Same(x, new Sequential(new Unfold(2, stride: 2), new Fold((4, 6), 2, stride: 2)));
        Same(x.Relu6(), new Relu6());
        Same(x.HardTanh(-0.5, 0.25), new HardTanh(-0.5, 0.25));
        Same(x.Celu(0.5), new Celu(0.5));
        Same(x.HardShrink(), new HardShrink());
        Same(x.SoftShrink(), new SoftShrink());
        Same(x.TanhShrink(), new TanhShrink());
        Same(x.Threshold(0.1, 5), new Threshold(0.1, 5));
        Same(x.Glu(1), new Glu(1));
        Same(x.SwiGlu(), new SwiGlu());

        void Same(Tensor expected, Layer layer)
        {
            var y = ((Layer)layer.Clone()).Forward(x);
            Assert.Equal(expected.Shape, y.Shape);
            Assert.Equal(expected.ToArray(), y.ToArray());
        }
    }

    [Fact]
    public void Channels_are_dealt_out_to_the_groups()
    {
        var x = Tensor.Arange(0, 6).To(DType.Float32).Reshape(1, 6, 1);
        Assert.Equal([0, 3, 1, 4, 2, 5], new ChannelShuffle(2).Forward(x).ToArray());
        Assert.Equal(
            "ChannelShuffle(4): [channel_shuffle] expects (N, C, ...) with a multiple of 4 channels on axis 1, got (1, 6, 1).",
            Assert.Throws<LayerException>(() => new ChannelShuffle(4).Forward(x)).Message);
    }

    [Fact]
    public void Paths_are_dropped_for_whole_samples()
    {
        var layer = new DropPath(0.4, new Generator(1));
        float[,] y = new float[500, 3];
        float[] all = layer.Forward(Tensor.Ones(500, 3)).ToArray();
        Buffer.BlockCopy(all, 0, y, 0, all.Length * sizeof(float));
        int dropped = 0;
        for (int i = 0; i < 500; i++)
        {
            Assert.True(y[i, 0] == y[i, 1] && y[i, 1] == y[i, 2] && (y[i, 0] == 0 || Math.Abs(y[i, 0] - 1 / 0.6f) < 1e-6));
            if (y[i, 0] == 0) dropped++;
        }
        Assert.InRange(dropped, 160, 240);
        layer.Eval();
        var x = Tensor.Ones(2, 3);
        Assert.Same(x, layer.Forward(x));
    }

    [Fact]
    public void Layers_print_what_they_are_and_name_their_state_like_PyTorch()
    {
        Assert.Equal("Conv3d(4, 2, kernel: 2×3×3)", new Conv3d(4, 2, (2, 3, 3)).ToString());
        Assert.Equal("ConvTranspose1d(4, 2, kernel: 3)", new ConvTranspose1d(4, 2, 3).ToString());
        Assert.Equal("Upsample(2, Linear)", new Upsample(2, InterpolationMode.Linear).ToString());
        Assert.Equal("Upsample(3×5, Nearest)", new Upsample([3, 5]).ToString());
        Assert.Equal("PixelShuffle(2)", new PixelShuffle(2).ToString());
        Assert.Equal("Pad((1, 1), (2, 0), Reflect)", new Pad([(1, 1), (2, 0)], PadMode.Reflect).ToString());
        Assert.Equal("DropPath(0.1)", new DropPath().ToString());
        Assert.Equal(["weight", "bias"], new ConvTranspose3d(2, 3, 2).State().Keys);
        Assert.Equal(new Shape(2, 3, 2, 1, 2), new ConvTranspose3d(2, 3, (2, 1, 2)).Weight.Shape);
        Assert.Equal(
            ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], new BatchNorm3d(2).State().Keys);
    }

    [Fact]
    public void Wrong_ranks_and_channels_are_said_by_name()
    {
        Assert.Contains("[batch_norm3d] expects (N, 3, D, H, W), got (2, 3, 4, 4), which has 4 axes and not 5.",
            Assert.Throws<LayerException>(() => new BatchNorm3d(3).Forward(Tensor.Zeros(2, 3, 4, 4))).Message);
        Assert.Contains("[conv3d] expects (N, 3, D, H, W), got (2, 4, 4, 4, 4): axis 1 has 4 channels, not 3.",
            Assert.Throws<LayerException>(() => new Conv3d(3, 1, 2).Forward(Tensor.Zeros(2, 4, 4, 4, 4))).Message);
        Assert.Contains("[glu] axis 1 of shape (2, 3) has the odd length 3",
            Assert.Throws<LayerException>(() => new Glu().Forward(Tensor.Zeros(2, 3))).Message);
    }
}
