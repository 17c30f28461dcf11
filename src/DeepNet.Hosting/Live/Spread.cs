namespace DeepNet.Hosting.Live;

/// <summary>Represents the spread of the numbers in a tensor: a histogram, and quantiles to follow over time.</summary>
/// <param name="Low">The lower end of the histogram; what lies below is in its first bin.</param>
/// <param name="High">The upper end of the histogram; what lies above is in its last bin.</param>
/// <param name="Counts">The share of the numbers in each bin.</param>
/// <param name="Quantiles">The quantiles at <see cref="Places"/>.</param>
/// <param name="Zeros">The share of numbers that are exactly zero.</param>
/// <param name="NotFinite">The share of numbers that are NaN or infinite.</param>
internal sealed record Spread(double Low, double High, double[] Counts, double[] Quantiles, double Zeros, double NotFinite)
{
    public const int Bins = 32;
    private const int MostSampled = 4096;
    private const double Tail = 0.005;

    /// <summary>Gets the places of the quantiles.</summary>
    public static IReadOnlyList<double> Places { get; } = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>Copies some thousand numbers of a tensor, evenly spread over it; no chance is in the choice.</summary>
    public static float[] Sample(Tensor tensor)
    {
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        var flat = tensor.Detach().Reshape(-1);
        int count = (int)flat.Count, step = (count + MostSampled - 1) / MostSampled, row = tensor.Rank == 0 ? 1 : tensor.Shape[^1];
        // A stride that shares a factor with the length of rows would look at the same columns in each.
        while (step > 1 && Gcd(step, row) > 1) step++;
        return (step > 1 ? flat.Slice(0, step: step) : flat).To(Device.Cpu).To(DType.Float32).Contiguous().ToArray<float>();
    }

    /// <summary>Measures a sample, whose order is lost.</summary>
    public static Spread Of(float[] sample)
    {
        int count = 0, zeros = 0;
        foreach (float value in sample)
        {
            if (!float.IsFinite(value)) continue;
            if (value == 0) zeros++;
            sample[count++] = value;
        }
        double[] counts = new double[Bins];
        double notFinite = sample.Length == 0 ? 0 : 1 - (double)count / sample.Length;
        if (count == 0) return new(0, 0, counts, new double[Places.Count], 0, notFinite);
        var sorted = sample.AsSpan(0, count);
        sorted.Sort();
        double low = At(sorted, Tail), high = At(sorted, 1 - Tail);
        if (low == high) (low, high) = (sorted[0], sorted[^1]);
        double scale = high > low ? Bins / (high - low) : 0;
        foreach (float value in sorted) counts[(int)Math.Clamp((value - low) * scale, 0, Bins - 1)] += 1.0 / count;
        double[] quantiles = new double[Places.Count];
        for (int i = 0; i < quantiles.Length; i++) quantiles[i] = At(sorted, Places[i]);
        return new(low, high, counts, quantiles, (double)zeros / count, notFinite);
    }

    private static float At(ReadOnlySpan<float> sorted, double place) => sorted[(int)Math.Round(place * (sorted.Length - 1))];

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
