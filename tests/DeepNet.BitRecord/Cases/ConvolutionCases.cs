using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Convolutions of odd sizes, at least one for each algorithm.</summary>
internal static class ConvolutionCases
{
    private sealed record Geometry(int Batch, int Channels, int Height, int Width, int Filters, Pair Kernel,
        int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1);

    private static readonly Geometry[] Geometries =
    [
        new(1, 1, 28, 28, 6, 5, Padding: 2), new(2, 6, 14, 14, 16, 5), new(3, 3, 33, 31, 16, 3, Padding: 1), new(3, 3, 37, 35, 17, 7, 2, 3),
        new(5, 16, 33, 31, 17, 3, Padding: 1), new(2, 32, 28, 28, 32, 3, Padding: 1), new(1, 64, 14, 15, 64, 3, Padding: 1),
        new(4, 33, 9, 7, 31, 1), new(2, 64, 15, 15, 128, 1, 2), new(3, 8, 17, 19, 12, 3, 2, 1), new(2, 8, 21, 20, 9, 3, 1, 2, 2),
        new(2, 12, 13, 13, 12, 3, 1, 1, 1, 12), new(2, 32, 17, 16, 32, 3, 2, 1, 1, 32), new(2, 12, 11, 12, 18, 3, 1, 1, 1, 3),
        new(2, 5, 10, 12, 7, (1, 5), Padding: 2), new(2, 5, 12, 10, 7, (5, 1), Padding: 2), new(1, 3, 64, 64, 8, 11, 4, 2),
        new(2, 2, 3, 3, 1, 3),
    ];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
        {
            foreach (var g in Geometries) Convolve(recorder, dtype, g);
            var line = Values.Of(dtype, 3, 6, 101);
            recorder.Layer($"1 axis, {dtype}", () => new Conv1d(6, 10, 5, 1, 2), line);
            recorder.Layer($"1 axis, strided, {dtype}", () => new Conv1d(6, 9, 3, 2, 1, 2, 3), line);
            var image = Values.Of(dtype, 3, 6, 9, 11);
            recorder.Layer($"transposed, {dtype}", () => new ConvTranspose2d(6, 7, 3), image);
            recorder.Layer($"transposed, strided, {dtype}", () => new ConvTranspose2d(6, 8, 4, 2, 1, 1, groups: 2), image);
            recorder.Layer($"separable, {dtype}", () => new SeparableConv2d(6, 7, 3, padding: 1), image);
        }
    }

    private static void Convolve(Recorder recorder, DType dtype, Geometry g)
    {
        string filters = $"{g.Filters} {g.Kernel} {g.Stride} {g.Padding} {g.Dilation} {g.Groups}";
        string name = $"{g.Batch} {g.Channels} {g.Height} {g.Width} by {filters}, {dtype}";
        var x = Values.Of(dtype, g.Batch, g.Channels, g.Height, g.Width);
        recorder.Layer(name, () => Make(true), x);
        if (dtype is DType.Float16 or DType.BFloat16) return;
        recorder.Layer($"{name}, without bias", () => Make(false), x);
        recorder.Layer($"{name}, channels last", () => Make(true), Values.ChannelsLast(x));
        recorder.Layer($"{name}, then ReLU", () => Make(true), x, y => y.Relu());
        recorder.Layer($"{name}, ReLU layer", () => Make(true, new Relu()), x);
        recorder.Layer($"{name}, SiLU layer", () => Make(true, new Silu()), x);
        recorder.Layer($"{name}, norm and ReLU layers", () => new Conv2dNorm(Make(false), new BatchNorm2d(g.Filters), new Relu()), x);

        Conv2d Make(bool bias, Activation? activation = null)
            => new(g.Channels, g.Filters, g.Kernel, g.Stride, g.Padding, g.Dilation, g.Groups, bias, activation: activation);
    }
}
