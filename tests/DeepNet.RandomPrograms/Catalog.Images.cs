namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddImages()
    {
        Add("Tensor.Interpolate(ReadOnlySpan<int>, InterpolationMode, bool, bool)",
            d => Channels(d, d.Int(1, 2)).X is var x && Smoothness(d) is var (mode, corners, antialias)
                ? [x, x.Shape.Skip(2).Select(n => d.Int(1, n + 3)).ToArray(), mode, corners, antialias] : null);
        Add("Tensor.Interpolate(double, InterpolationMode, bool, bool)",
            d => Channels(d, d.Int(1, 2)).X is var x && Smoothness(d) is var (mode, corners, antialias)
                ? [x, d.Real(0.4, 2), mode, corners, antialias] : null);
        Add("Tensor.GridSample(Tensor, InterpolationMode, PadMode, bool)", d =>
        {
            var x = Channels(d, 2).X;
            var grid = d.Like(new Shape(x.Shape[0], d.Int(1, 3), d.Int(1, 4), 2));
            bool corners = d.Coin();
            // Away from the lines on which the neighbours change; mirrors and ends lie on them, or halfway between.
            double[] sizes = [.. Enumerable.Range(0, 2).Select(i => x.Shape[3 - i] - (corners ? 1.0 : 0))];
            double[] places = grid.Tensor.ToArray<double>();
            for (int i = 0; i < places.Length; i++) places[i] = (places[i] + 1) * sizes[i % 2];
            if (!places.All(p => Whole(p) > 2e-4)) return null;
            return [x, grid, d.Of(InterpolationMode.Linear, InterpolationMode.Nearest),
                d.Of(PadMode.Constant, PadMode.Replicate, PadMode.Reflect), corners];
        });
        Add("Tensor.AffineGrid(Tensor, int, int, bool)", d => [d.Like(new Shape(d.Int(1, 2), 2, 3)), Small(d), Small(d), d.Coin()]);
        Add("Tensor.PixelShuffle(int)", d => [d.Like(new Shape(d.Int(1, 2), 4 * d.Int(1, 2), Small(d), Small(d))), 2]);
        Add("Tensor.PixelUnshuffle(int)", d => [d.Like(new Shape(d.Int(1, 2), d.Int(1, 2), 2 * Small(d), 2 * Small(d))), 2]);
        Add("Tensor.Unfold2d(Pair, Pair?, Pair?, Pair?)",
            d => [Channels(d, 2).X, (d.Int(1, 3), d.Int(1, 3)), TwoOf(d, 1, 2), TwoOf(d, 0, 1), TwoOf(d, 1, 2)]);
        Add("Tensor.Fold2d(Pair, Pair, Pair?, Pair?, Pair?)",
            d => d.Int(2, 5) is var h && d.Int(2, 5) is var w
                ? [d.Like(new Shape(d.Int(1, 2), 4 * d.Int(1, 2), (h + 1) * (w + 1))), (h, w), 2, null, 1, null] : null);
        AddVolumes();
        AddImageRearrangements();
    }

    private void AddVolumes()
    {
        Add("Tensor.Conv3d(Tensor, Tensor, Triple?, Triple?, Triple?, int, Formula)", d =>
        {
            var (x, groups) = Volume(d);
            int outputs = groups * d.Int(1, 2);
            var weight = d.Like(new Shape(outputs, x.Shape[1] / groups, d.Int(1, 2), d.Int(1, 2), d.Int(1, 2)));
            return [x, weight, Bias(d, outputs), d.Int(1, 2), d.Int(0, 1), d.Int(1, 2), groups, Activation(d)];
        });
        Add("Tensor.ConvTranspose3d(Tensor, Tensor, Triple?, Triple?, Triple?, Triple?, int)", d =>
        {
            var (x, groups) = Volume(d);
            int outputs = d.Int(1, 2), stride = d.Int(1, 2);
            var weight = d.Like(new Shape(x.Shape[1], outputs, d.Int(1, 2), d.Int(1, 2), d.Int(1, 2)));
            return [x, weight, Bias(d, outputs * groups), stride, d.Int(0, 1), d.Int(0, stride - 1), d.Int(1, 2), groups];
        });
        Add("Tensor.AvgPool3d(Triple, Triple?, Triple?, bool, bool)",
            d => [Volume(d).X, d.Int(2, 3), d.Int(1, 2), d.Int(0, 1), d.Coin(), d.Coin()]);
        Add("Tensor.MaxPool3d(Triple, Triple?, Triple?, Triple?, bool)",
            d => Volume(d).X is var x && d.IsDistinct(x.Tensor) ? [x, 2, d.Int(1, 2), d.Int(0, 1), 1, d.Coin()] : null);
        Add("Tensor.AdaptiveAvgPool3d(Triple)", d => [Volume(d).X, d.Int(1, 3)]);
        Add("Tensor.AdaptiveMaxPool3d(Triple)", d => Volume(d).X is var x && d.IsDistinct(x.Tensor) ? [x, d.Int(1, 3)] : null);
        Add("Tensor.AdaptiveAvgPool1d(int)", d => [Channels(d, 1).X, d.Int(1, 4)]);
        Add("Tensor.AdaptiveMaxPool1d(int)", d => Channels(d, 1).X is var x && d.IsDistinct(x.Tensor) ? [x, d.Int(1, 4)] : null);

        AddLayer("new Conv3d(int, int, Triple, Triple?, Triple?, Triple?, int, bool, Generator, Activation)",
            d => Volume(d) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 2), null, d.Int(0, 1), null, groups, d.Coin(), d.Seed(), Activation(d), x] : null);
        AddLayer("new ConvTranspose1d(int, int, int, int, int, int, int, bool, int, Generator)",
            d => Channels(d, 1) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 3), 2, d.Int(0, 1), d.Int(0, 1), groups, d.Coin(), 1, d.Seed(), x] : null);
        AddLayer("new ConvTranspose3d(int, int, Triple, Triple?, Triple?, Triple?, int, bool, Triple?, Generator)",
            d => Volume(d) is var (x, groups)
                ? [x.Shape[1], 2 * groups, d.Int(1, 2), 2, d.Int(0, 1), d.Int(0, 1), groups, d.Coin(), null, d.Seed(), x] : null);
        AddLayer("new BatchNorm3d(int, double, double?, bool, bool)",
            d => Volume(d).X is var x ? [x.Shape[1], 1e-3, 0.1, d.Coin(), d.Coin(), x] : null);
        AddLayer("new AvgPool3d(Triple, Triple?, Triple?, bool, bool)", d => [2, null, d.Int(0, 1), d.Coin(), d.Coin(), Volume(d).X]);
        AddLayer("new MaxPool3d(Triple, Triple?, Triple?, Triple?, bool)",
            d => Volume(d).X is var x && d.IsDistinct(x.Tensor) ? [2, null, d.Int(0, 1), null, d.Coin(), x] : null);
        AddLayer("new AdaptiveAvgPool3d(Triple)", d => [d.Int(1, 3), Volume(d).X]);
        AddLayer("new AdaptiveMaxPool3d(Triple)", d => Volume(d).X is var x && d.IsDistinct(x.Tensor) ? [d.Int(1, 3), x] : null);
        AddLayer("new AdaptiveAvgPool1d(int)", d => [d.Int(1, 4), Channels(d, 1).X]);
        AddLayer("new AdaptiveMaxPool1d(int)", d => Channels(d, 1).X is var x && d.IsDistinct(x.Tensor) ? [d.Int(1, 4), x] : null);
    }

    private void AddImageRearrangements()
    {
        AddLayer("new Upsample(double, InterpolationMode, bool, bool)",
            d => Smoothness(d) is var (mode, corners, antialias) ? [d.Real(0.5, 2), mode, corners, antialias, Channels(d, 2).X] : null);
        AddLayer("new Upsample(ReadOnlySpan<int>, InterpolationMode, bool, bool)",
            d => Smoothness(d) is var (mode, corners, antialias)
                ? [new[] { d.Int(1, 9), d.Int(1, 9) }, mode, corners, antialias, Channels(d, 2).X] : null);
        AddLayer("new Pad(ReadOnlySpan<(int, int)>, PadMode, double)",
            d => [new[] { (d.Int(0, 2), d.Int(0, 2)), (1, 0) }, d.Of(Enum.GetValues<PadMode>()), 0.5, Channels(d, 2).X]);
        AddLayer("new PixelShuffle(int)", d => [2, d.Like(new Shape(d.Int(1, 2), 4, Small(d), Small(d)))]);
        AddLayer("new PixelUnshuffle(int)", d => [2, d.Like(new Shape(d.Int(1, 2), 1, 2 * Small(d), 2 * Small(d)))]);
        AddLayer("new Unfold(Pair, Pair?, Pair?, Pair?)", d => [2, TwoOf(d, 1, 2), TwoOf(d, 0, 1), null, Channels(d, 2).X]);
        AddLayer("new Fold(Pair, Pair, Pair?, Pair?, Pair?)", d => [(3, 4), 2, null, null, null, d.Like(new Shape(d.Int(1, 2), 8, 6))]);
        AddLayer("new ChannelShuffle(int)", d => Channels(d, 2) is var (x, groups) ? [groups, x] : null);
        AddLayer("new LocalResponseNorm(int, double, double, double)",
            d => [d.Int(1, 4), d.Real(0.1, 1), 0.75, 1.0, Channels(d, d.Int(1, 2)).X]);
        AddLayer("new DropPath(double, Generator)", d => [d.Real(0.1, 0.6), d.Seed(), d.Float(rank: 1)]);
    }

    private void AddMoreActivations()
    {
        Unary("TanhShrink", -6, 6);
        Unary("Relu6", -6, 6, At(0, 6));
        Add("Tensor.HardTanh(double, double)", d => d.Real(-2, 0) is var low && d.Real(0.1, 2) is var high
            ? Away(d, d.Float(), At(low, high), low, high) : null);
        Add("Tensor.Celu(double)", d => Away(d, d.Float(), Zero, d.Real(0.5, 2)));
        Add("Tensor.Threshold(double, double)", d => d.Real(-2, 2) is var k ? Away(d, d.Float(), At(k), k, d.Real(-2, 2)) : null);
        foreach (string name in (string[])["HardShrink", "SoftShrink"])
        {
            Add($"Tensor.{name}(double)", d => d.Real(0.1, 1) is var k ? Away(d, d.Float(), At(-k, k), k) : null);
            AddLayer($"new {name}(double)",
                d => d.Float() is var x && d.Real(0.1, 1) is var k && d.IsAway(x, At(-k, k)) ? [k, x] : null);
        }
        foreach (string name in (string[])["Glu", "SwiGlu"])
        {
            Add($"Tensor.{name}(int)", d => Even(d) is var x ? [x, -1] : null);
            AddLayer($"new {name}(int)", d => [-1, Even(d)]);
        }
        AddLayer("new TanhShrink()", d => [d.Float()]);
        AddLayer("new Relu6()", d => Away(d, d.Float(), At(0, 6)));
        AddLayer("new HardTanh(double, double)", d => d.Float() is var x && d.IsAway(x, At(-1, 1)) ? [-1.0, 1.0, x] : null);
        AddLayer("new Celu(double)", d => d.Float() is var x && d.IsAway(x, Zero) ? [d.Real(0.5, 2), x] : null);
        AddLayer("new Threshold(double, double)",
            d => d.Float() is var x && d.Real(-1, 1) is var k && d.IsAway(x, At(k)) ? [k, d.Real(-2, 2), x] : null);
    }

    private static Value Even(Choices d) => d.Like(new Shape(Small(d), 2 * Small(d)));

    /// <summary>A mode of interpolation and what it takes.</summary>
    private static (InterpolationMode Mode, bool AlignCorners, bool Antialias) Smoothness(Choices d)
    {
        var mode = d.Of(Enum.GetValues<InterpolationMode>());
        bool isSmooth = mode is InterpolationMode.Linear or InterpolationMode.Cubic;
        return (mode, isSmooth && d.Coin(), isSmooth && d.Coin());
    }

    /// <summary>Volumes, batch and channels first, and a number of groups.</summary>
    private static (Value X, int Groups) Volume(Choices d)
    {
        int groups = d.Int(1, 2), channels = groups * d.Int(1, d.IsLarge ? 4 : 1);
        var (low, high) = d.IsLarge ? (8, 16) : (3, 4);
        return (d.Like(new Shape(d.Int(1, 2), channels, d.Int(low, high), d.Int(low, high), d.Int(low, high))), groups);
    }
}
