namespace DeepNet.Analysis;

/// <summary>Finds examples that are so near to each other that chance does not explain it.</summary>
internal static class NearestExamples
{
    private const int BlockRows = 256, Candidates = 4, LeastToJudge = 20;
    private const double ExpectedByChance = 0.01, Farthest = 0.3;

    /// <summary>Returns pairs of places in x, nearest first.</summary>
    /// <param name="x">(N, features), float32, with means of 0.</param>
    /// <remarks>
    /// Near is measured by the median distance to a nearest neighbour. How much nearer two examples come by chance depends on the dimension
    /// of the data, not on the number of features: it follows from the ratios of the distances to the two nearest (Facco et al. 2017).
    /// </remarks>
    public static List<NearDuplicate> Duplicates(Tensor x)
    {
        int n = x.Shape[0];
        if (n < LeastToJudge) return [];
        var neighbours = Nearest(x);
        double[] first = Array.ConvertAll(neighbours, near => near[0].Distance);
        double median = Median(first);
        double[] ratios = [.. neighbours.Where(near => near[0].Distance > 0).Select(near => Math.Log(near[1].Distance / near[0].Distance))];
        if (median == 0 || ratios.Length == 0) return [];       // most examples have a twin: of such data it says nothing
        double dimension = Math.Log(2) / Math.Max(1e-3, Median(ratios));
        double limit = Math.Min(Farthest, Math.Pow(ExpectedByChance / (Math.Log(2) * n), 1 / dimension)) * median;
        var pairs = new Dictionary<(int, int), double>();
        for (int i = 0; i < n; i++)
            foreach (var (other, distance) in neighbours[i])
                if (distance < limit) pairs[(Math.Min(i, other), Math.Max(i, other))] = distance / median;
        return [.. pairs.OrderBy(p => p.Value).ThenBy(p => p.Key).Select(p => new NearDuplicate(p.Key.Item1, p.Key.Item2, p.Value))];
    }

    // The nearest of each row, by products of blocks; then, since the differences of those are rounded, by the differences themselves.
    private static (int Other, double Distance)[][] Nearest(Tensor x)
    {
        int n = x.Shape[0], features = x.Shape[1];
        float[] elements = x.ToArray<float>(), squares = x.Square().Sum(1).ToArray<float>();
        var result = new (int, double)[n][];
        for (int from = 0; from < n; from += BlockRows)
        {
            using var scope = Memory.Scope();
            int rows = Math.Min(BlockRows, n - from);
            float[] products = x.Narrow(0, from, rows).MatMul(x.T).ToArray<float>();
            Parallel.For(0, rows, row =>
            {
                int i = from + row;
                Span<(int Other, float Square)> best = stackalloc (int, float)[Candidates];
                best.Fill((-1, float.PositiveInfinity));
                for (int j = 0; j < n; j++)
                {
                    float square = squares[i] + squares[j] - 2 * products[row * n + j];
                    if (j == i || !(square < best[^1].Square)) continue;
                    int at = Candidates - 1;
                    for (; at > 0 && square < best[at - 1].Square; at--) best[at] = best[at - 1];
                    best[at] = (j, square);
                }
                var exact = new List<(int Other, double Distance)>();
                foreach (var (other, _) in best)
                {
                    double sum = 0;
                    for (int f = 0; f < features; f++)
                    {
                        double difference = elements[i * features + f] - (double)elements[other * features + f];
                        sum += difference * difference;
                    }
                    exact.Add((other, Math.Sqrt(sum)));
                }
                result[i] = [.. exact.OrderBy(pair => pair.Distance)];
            });
        }
        return result;
    }

    private static double Median(double[] values) => NumberSummary.Quantile([.. values.Order()], 0.5);
}
