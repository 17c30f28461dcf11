using DeepNet.Distributions;

namespace DeepNet.Analysis;

/// <summary>Tests whether two samples come from one distribution.</summary>
internal static class DriftTest
{
    private const double Chance = 1e-3;     // that any column of a data set without drift is said to drift
    private const int LeastToJudge = 20, LeastExpected = 5;

    public static List<ColumnDrift> Compare(DataColumns first, DataColumns second, double least)
    {
        var pairs = first.Columns.Join(second.Columns, c => c.Name, c => c.Name, (a, b) => (A: a, B: b))
            .Where(pair => pair.A.Texts is null == pair.B.Texts is null).ToList();
        if (first.Labels is { } labels && second.Labels is { } others)
        {
            string?[] Names(DataColumns data, int[] all) => Array.ConvertAll(all, label => (string?)data.ClassName(label));
            pairs.Add((new("class", [], Names(first, labels)), new("class", [], Names(second, others))));
        }
        var found = new List<ColumnDrift>();
        foreach (var (a, b) in pairs)
        {
            var (difference, p) = a.Texts is null ? Numbers(a.Numbers, b.Numbers) : Categories(a.Texts, b.Texts!);
            found.Add(new(a.Name, difference, p, difference >= least && p < Chance / pairs.Count));
        }
        return [.. found.OrderByDescending(d => d.IsDrift).ThenByDescending(d => d.Difference)];
    }

    /// <summary>The test of Kolmogorov and Smirnov.</summary>
    public static (double Difference, double PValue) Numbers(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] a = [.. first.Where(double.IsFinite).Order()], b = [.. second.Where(double.IsFinite).Order()];
        if (a.Length < LeastToJudge || b.Length < LeastToJudge) return (0, 1);
        double most = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            double at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == at) i++;
            while (j < b.Length && b[j] == at) j++;
            most = Math.Max(most, Math.Abs((double)i / a.Length - (double)j / b.Length));
        }
        double root = Math.Sqrt((double)a.Length * b.Length / (a.Length + b.Length)), scaled = (root + 0.12 + 0.11 / root) * most, p = 0;
        if (scaled < 0.3) return (most, 1);
        for (int k = 1; k <= 100; k++) p += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * scaled * scaled);
        return (most, Math.Clamp(p, 0, 1));
    }

    /// <summary>Pearson's test of χ², with rare categories together.</summary>
    public static (double Difference, double PValue) Categories(IReadOnlyList<string?> first, IReadOnlyList<string?> second)
    {
        Dictionary<string, int> Counts(IEnumerable<string?> texts)
            => texts.Where(t => t is not null).GroupBy(t => t!).ToDictionary(g => g.Key, g => g.Count());
        var (a, b) = (Counts(first), Counts(second));
        double allA = a.Values.Sum(), allB = b.Values.Sum();
        if (allA < LeastToJudge || allB < LeastToJudge) return (0, 1);
        double smaller = Math.Min(allA, allB) / (allA + allB), difference = 0, restA = 0, restB = 0, square = 0;
        int cells = 0;
        void Add(double inA, double inB)
        {
            double expectedA = (inA + inB) * allA / (allA + allB), expectedB = (inA + inB) * allB / (allA + allB);
            if (expectedA > 0) square += (inA - expectedA) * (inA - expectedA) / expectedA;
            if (expectedB > 0) square += (inB - expectedB) * (inB - expectedB) / expectedB;
            cells++;
        }
        foreach (string name in a.Keys.Union(b.Keys))
        {
            double inA = a.GetValueOrDefault(name), inB = b.GetValueOrDefault(name);
            difference += 0.5 * Math.Abs(inA / allA - inB / allB);
            if ((inA + inB) * smaller >= LeastExpected) Add(inA, inB);
            else (restA, restB) = (restA + inA, restB + inB);
        }
        if ((restA + restB) * smaller >= LeastExpected) Add(restA, restB);
        if (cells < 2) return (difference, 1);
        // χ² of k degrees of freedom is a gamma distribution of k / 2 and rate ½.
        double below = new Gamma(Tensor.FromScalar((cells - 1) / 2.0, DType.Float64), Tensor.FromScalar(0.5, DType.Float64))
            .Cdf(Tensor.FromScalar(square, DType.Float64)).Item<double>();
        return (difference, Math.Clamp(1 - below, 0, 1));
    }
}
