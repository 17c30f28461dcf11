using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Analysis;

/// <summary>
/// Finds labels that are probably wrong: each example is judged by a small network that learned from the others (Northcutt et al. 2021).
/// </summary>
internal static class LabelConfidence
{
    private const int Hidden = 64, Batch = 32, Steps = 600, LeastOfClass = 5;
    private const double Rate = 3e-3, Decay = 0.01;
    // An example is suspected if it is as typical of another class as half of that class, and not of its own.
    private const double Typical = 0.5, OwnAtMost = 0.1;

    /// <summary>Returns the places of suspects, surest first.</summary>
    /// <param name="x">(N, features), float32.</param>
    /// <param name="labels">The class of each example, from 0.</param>
    /// <param name="options">Folds and seed.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static List<LabelSuspect> Suspects(Tensor x, int[] labels, DataReportOptions options, CancellationToken cancellation)
    {
        int classes = labels.Max() + 1;
        int[] counts = new int[classes];
        foreach (int label in labels) counts[label]++;
        if (counts.Count(c => c > 0) < 2) return [];
        var judged = Judge(x, labels, classes, options, cancellation);
        var typical = new double[classes];
        for (int c = 0; c < classes; c++)
        {
            double[] own = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == c).Select(i => judged[i, c]).Order()];
            typical[c] = own.Length < LeastOfClass ? double.PositiveInfinity : NumberSummary.Quantile(own, 1 - Typical);
        }
        var suspects = new List<LabelSuspect>();
        for (int i = 0; i < labels.Length; i++)
        {
            int given = labels[i], likely = 0;
            for (int c = 1; c < classes; c++) if (judged[i, c] > judged[i, likely]) likely = c;
            if (likely != given && judged[i, likely] >= typical[likely] && judged[i, given] <= OwnAtMost)
                suspects.Add(new(i, given, likely, judged[i, likely], judged[i, given]));
        }
        return [.. suspects.OrderByDescending(s => s.Confidence)];
    }

    // The probabilities that networks give which have not seen the example.
    private static float[,] Judge(Tensor x, int[] labels, int classes, DataReportOptions options, CancellationToken cancellation)
    {
        int n = labels.Length, folds = Math.Clamp(options.Folds, 2, n);
        var result = new float[n, classes];
        var y = Tensor.From<long>(Array.ConvertAll(labels, label => (long)label));
        long[] order = Tensor.RandPerm(n, generator: new Generator(options.Seed)).ToArray<long>();
        for (int fold = 0; fold < folds; fold++)
        {
            using var scope = Memory.Scope();
            var generator = new Generator(options.Seed + (ulong)fold + 1);
            var others = Tensor.From<long>([.. order.Where((_, i) => i % folds != fold)]);
            var held = Tensor.From<long>([.. order.Where((_, i) => i % folds == fold)]);
            var model = new Sequential(
                new Linear(x.Shape[1], Hidden, generator: generator, activation: new Relu()),
                new Linear(Hidden, classes, generator: generator));
            var optimizer = new AdamW(model.Parameters(), new AdamWOptions { LearningRate = Rate, WeightDecay = Decay });
            for (int step = 0; step < Steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = Memory.Scope();
                var drawn = Tensor.RandInt(0, others.Shape[0], new Shape(Math.Min(Batch, others.Shape[0])), generator: generator);
                var some = others.IndexSelect(0, drawn);
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x.IndexSelect(0, some)), y.IndexSelect(0, some)).Backward();
                optimizer.Step();
            }
            using var off = Autograd.NoGrad();
            float[,] judged = model.Forward(x.IndexSelect(0, held)).Softmax(1).ToMatrix<float>();
            long[] places = held.ToArray<long>();
            for (int i = 0; i < places.Length; i++)
                for (int c = 0; c < classes; c++) result[places[i], c] = judged[i, c];
        }
        return result;
    }
}
