namespace DeepNet.Training;

/// <summary>
/// Reads from the measurements of a <see cref="ParameterMonitor"/> which layers do not learn, and whether the learning rate suits.
/// </summary>
internal static class LayerSigns
{
    private const double Vanished = 1e-4, Dead = 0.95, SmallStep = 1e-5, LargeStep = 0.1;

    /// <summary>Returns what points to a failure of the optimizer, as sentences; empty if nothing does.</summary>
    public static IReadOnlyList<(string Evidence, string Advice)> Of(IReadOnlyList<ParameterStatistic> records)
    {
        // Weights alone: biases begin at zero, and what they change is large beside that.
        var layers = records.Where(r => r.WeightNorm > 0 && r.Name.EndsWith("weight", StringComparison.OrdinalIgnoreCase))
            .GroupBy(r => r.Name).Select(Summary.Of).ToArray();
        var found = new List<(string, string)>();
        if (layers.Length == 0) return found;
        double strongest = layers.Max(l => l.RelativeGradient);
        if (layers.Length > 1 && layers[0].RelativeGradient < Vanished * strongest)
            found.Add((
                $"the gradient of {layers[0].Name} is {layers[0].RelativeGradient / strongest:0.0e+0} of the largest layer's, beside its "
                    + $"weights",
                "activations that do not saturate (ReLU, GELU), He or Xavier initialisation, normalisation, residual connections"));
        foreach (var layer in layers.Where(l => l.ZeroShare > Dead))
            found.Add((
                $"{layer.ZeroShare:P0} of the gradient of {layer.Name} is exactly zero: its units are dead",
                "a smaller learning rate, LeakyReLU or GELU, normalisation before the activation"));
        double step = layers.Select(l => l.RelativeStep).Order().ElementAt(layers.Length / 2);
        if (step < SmallStep)
            found.Add(($"a step changes weights by {step:0.0e+0} of their size, where about 1e-3 is usual",
                "a larger learning rate (LearningRateFinder)"));
        if (step > LargeStep)
            found.Add(($"a step changes weights by {step:0.00} of their size, where about 1e-3 is usual",
                "a smaller learning rate (LearningRateFinder), a warm-up, clipping"));
        return found;
    }

    /// <summary>The medians over the later half of a layer's measurements.</summary>
    private sealed record Summary(string Name, double RelativeGradient, double RelativeStep, double ZeroShare)
    {
        public static Summary Of(IGrouping<string, ParameterStatistic> records)
        {
            var late = records.Skip(records.Count() / 2).ToArray();
            double Median(Func<ParameterStatistic, double> of) => late.Select(of).Order().ElementAt(late.Length / 2);
            return new(records.Key, Median(r => r.GradientNorm / r.WeightNorm), Median(r => r.UpdateNorm / r.WeightNorm),
                Median(r => r.ZeroShare));
        }
    }
}
