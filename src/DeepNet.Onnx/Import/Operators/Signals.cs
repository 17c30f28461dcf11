namespace DeepNet.Onnx;

/// <summary>Spectra of signals. A transform is a product with a matrix of sines and cosines, along which gradients flow.</summary>
internal static class Signals
{
    public static void AddTo(OperatorTable table)
    {
        Window(table, "HannWindow", at => 0.5 - 0.5 * Math.Cos(at));
        Window(table, "HammingWindow", at => 25.0 / 46 - 21.0 / 46 * Math.Cos(at));
        Window(table, "BlackmanWindow", at => 0.42 - 0.5 * Math.Cos(at) + 0.08 * Math.Cos(2 * at));
        table.One("DFT", Dft);
        table.One("STFT", Stft);
        table.One("MelWeightMatrix", MelWeights);
    }

    private static void Window(OperatorTable table, string name, Func<double, double> value) => table.One(name, call =>
    {
        var shape = call.Made([Call.ToInts(call.Longs(0))[0]]);
        int period = call.Flag("periodic", true) ? shape[0] : shape[0] - 1;
        double[] values = [.. Enumerable.Range(0, shape[0]).Select(i => value(2 * Math.PI * i / period))];
        return Tensor.From<double>(values).To(Making.TypeOf(call, DType.Float32, "output_datatype"));
    });

    // The last axis has the real and the imaginary part, or the real one alone.
    private static Tensor Dft(Call call)
    {
        var x = call[0];
        int axis = Call.Wrap(call.Version >= 20 ? call.Optional(2) is null ? -2 : call.Longs(2)[0] : call.Int("axis", 1), x.Rank);
        if (axis == x.Rank - 1) throw new ArgumentException("the last axis has the parts of numbers and cannot be transformed.");
        int length = call.Optional(1) is null ? x.Shape[axis] : Call.ToInts(call.Longs(1))[0];
        x = x.Transpose(axis, x.Rank - 2);
        int before = x.Shape[x.Rank - 2];
        if (length > before) call.Made([.. x.Shape.Axes[..^2], length, x.Shape[^1]]);
        x = length <= before ? x.Narrow(x.Rank - 2, 0, length) : x.Pad([(0, length - before), (0, 0)]);
        return Transform(call, x, call.Flag("inverse"), call.Flag("onesided")).Transpose(axis, x.Rank - 2);
    }

    private static Tensor Stft(Call call)
    {
        var x = call[0];
        if (x.Rank == 2) x = x.Unsqueeze(-1);
        int step = Call.ToInts(call.Longs(1))[0];
        var window = call.Optional(2);
        int length = call.Optional(3) is not null ? Call.ToInts(call.Longs(3))[0]
            : window?.Shape[0] ?? throw new ArgumentException("neither a window nor the length of frames is given.");
        var frames = x.Unfold(1, length, step).Transpose(2, 3);                 // (batch, frames, length, parts)
        if (window is not null) frames = frames * window.Unsqueeze(-1);
        return Transform(call, frames, isInverse: false, call.Flag("onesided", true));
    }

    // Of (…, length, parts).
    private static Tensor Transform(Call call, Tensor x, bool isInverse, bool isOneSided)
    {
        int length = x.Shape[^2], count = isOneSided ? length / 2 + 1 : length;
        var shape = call.Made([length, count]);
        call.Made([.. x.Shape.Axes[..^2], count, 2]);
        double[] cosines = new double[(int)shape.Count], sines = new double[cosines.Length];
        for (int i = 0; i < cosines.Length; i++)
        {
            // Angles that differ by whole turns are one.
            double angle = 2 * Math.PI * ((long)(i / count) * (i % count) % length) / length;
            (sines[i], cosines[i]) = (isInverse ? Math.Sin(angle) : -Math.Sin(angle), Math.Cos(angle));
        }
        Tensor Matrix(double[] values) => Tensor.From<double>(values, shape).To(x.DType).To(x.Device);
        Tensor cosine = Matrix(cosines), sine = Matrix(sines);
        var real = x.Select(-1, 0);
        Tensor re = real.MatMul(cosine), im = real.MatMul(sine);
        if (x.Shape[^1] == 2)
        {
            var imaginary = x.Select(-1, 1);
            (re, im) = (re - imaginary.MatMul(sine), im + imaginary.MatMul(cosine));
        }
        var y = Tensor.Stack([re, im], -1);
        return isInverse ? y / length : y;
    }

    // Triangles that overlap, as far apart as the ear hears.
    private static Tensor MelWeights(Call call)
    {
        int bands = Call.ToInts(call.Longs(0))[0], length = Call.ToInts(call.Longs(1))[0];
        double rate = call[2].ToArray<double>()[0], low = Mel(call[3].ToArray<double>()[0]), high = Mel(call[4].ToArray<double>()[0]);
        var shape = call.Made([length / 2 + 1, bands]);
        int[] places = [.. Enumerable.Range(0, bands + 2).Select(i =>
            (int)Math.Floor((length + 1) * Frequency(low + i * (high - low) / (bands + 2)) / rate))];
        double[] weights = new double[(int)shape.Count];
        for (int band = 0; band < bands; band++)
        {
            var (first, center, last) = (places[band], places[band + 1], places[band + 2]);
            for (int i = Math.Max(first, 0); i < last && i < shape[0] || i == center && i < shape[0]; i++)
                weights[i * bands + band] = i < center ? (double)(i - first) / (center - first)
                    : last > center ? (double)(last - i) / (last - center) : 1;
        }
        return Tensor.From<double>(weights, shape).To(Making.TypeOf(call, DType.Float32, "output_datatype"));

        static double Mel(double frequency) => 2595 * Math.Log10(1 + frequency / 700);
        static double Frequency(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
    }
}
