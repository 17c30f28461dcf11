using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Fewer features: new ones by PCA, or a choice of the old ones.</summary>
internal sealed class FewerFeatures : Lab
{
    public override string Name => "fewer-features";

    public override string Title => "PCA, and greedy and best-first selection of features";

    public override string Claim => """
        Twenty measured features that come from three hidden causes lie near three dimensions, and principal components find them: three
        explain nearly all of the variance. To choose among features, greedy search adds the one that helps most, and misses two that help
        only together; best-first search, which can step back, finds them.
        """;

    public override IReadOnlyList<string> Mutations => ["twenty independent features", "features that help alone"];

    public override void Run(LabContext lab)
    {
        PrincipalComponents(lab);
        Selection(lab);
    }

    private static void PrincipalComponents(LabContext lab)
    {
        const int features = 20, causes = 3, shown = 40;
        int count = lab.Pick(full: 1000, reduced: 300);
        var hidden = Tensor.Randn(new Shape(count, causes), generator: lab.Random);
        var measured = hidden.MatMul(Tensor.Randn(new Shape(causes, features), generator: lab.Random))
            + 0.3 * Tensor.Randn(new Shape(count, features), generator: lab.Random);
        if (lab.Mutated("twenty independent features")) measured = Tensor.Randn(new Shape(count, features), generator: lab.Random);
        var ofCauses = Pca.Fit(measured);
        double explained = ofCauses.ExplainedRatio.Take(causes).Sum();

        // The same on digits, which have no three causes but far fewer than 196.
        var (x, y) = DigitImages.Rows(lab.Pick(full: 1000, reduced: 300), seed: 1);
        var ofDigits = Pca.Fit(x, components: shown);
        static double[] Explained(Pca pca) => [.. Enumerable.Range(1, pca.Count).Select(k => pca.ExplainedRatio.Take(k).Sum())];
        static double[] Upto(int count) => [.. Enumerable.Range(1, count).Select(k => (double)k)];
        var places = ofDigits.Transform(x);
        double[] Along(int component, int digit)
            => [.. places[.., component].ToArray<double>().Zip(y.ToArray<long>()).Where(p => p.Second == digit).Select(p => p.First)];
        var map = new Plot("Digits on their first two components")
        {
            XLabel = "first component", YLabel = "second component", Width = 500, Legend = LegendPlace.Below,
        };
        foreach (int digit in new[] { 0, 1, 4, 7 }) map.Scatter(Along(0, digit), Along(1, digit), $"{digit}");
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("Variance explained")
                {
                    XLabel = "components", YLabel = "share of the variance", YMin = 0, YMax = 1.02, Width = 500, Legend = LegendPlace.Below,
                }
                    .Line(Upto(features), Explained(ofCauses), "20 features of 3 causes", markers: true)
                    .Line(Upto(shown), Explained(ofDigits), "196 pixels of digits"),
                map),
            "First: the curve of three causes has its corner at three. Second: two numbers of 196 already tell some digits apart.");
        lab.Check($"3 components of 20 explain {explained:P0}", explained, atLeast: 0.93);
    }

    private static void Selection(LabContext lab)
    {
        // The class is whether the first two features have the same sign: neither helps alone. The third agrees with it seven times in ten.
        // Others are noise.
        const int features = 8;
        const int count = 300;
        var generator = new Generator(lab.Seed);
        bool helpAlone = lab.Mutated("features that help alone");
        var x = Tensor.Uniform(new Shape(count, features), -1, 1, generator: generator).ToMatrix();
        var isPositive = new bool[count];
        for (int i = 0; i < count; i++)
        {
            isPositive[i] = helpAlone ? x[i, 0] + x[i, 1] > 0 : x[i, 0] * x[i, 1] > 0;
            bool agrees = generator.NextDouble() < 0.7;
            x[i, 2] = MathF.Abs(x[i, 2]) * (isPositive[i] == agrees ? 1 : -1);
        }
        double Score(IReadOnlyList<int> set) => NeighbourAccuracy(x, isPositive, set);

        var greedy = FeatureSearch.Forward(features, Score, gain: 0.05);
        var bestFirst = FeatureSearch.BestFirst(features, Score, patience: 8, gain: 0.05);
        string[] Row(string search, FeatureSet found)
            => [search, string.Join(", ", found.Features.Select(f => $"{f + 1}")), $"{found.Score:P0}", $"{found.Evaluations}"];
        lab.Table(["search", "features found", "accuracy", "sets tried"], [Row("greedy", greedy), Row("best first", bestFirst)]);
        lab.Check($"greedy search stops at {greedy.Score:P0}", greedy.Score, atMost: 0.8);
        lab.Check(
            $"best-first search finds features {string.Join(" and ", bestFirst.Features.Select(f => $"{f + 1}"))} with "
                + $"{bestFirst.Score:P0}", bestFirst.Score, atLeast: 0.85);
    }

    /// <summary>How often the majority of the five nearest other examples, seen in these features, has the right class.</summary>
    private static double NeighbourAccuracy(float[,] x, bool[] isPositive, IReadOnlyList<int> set)
    {
        int right = 0, count = isPositive.Length;
        var nearest = new PriorityQueue<bool, double>(6);        // the farthest of them first out
        for (int i = 0; i < count; i++)
        {
            nearest.Clear();
            for (int j = 0; j < count; j++)
            {
                if (j == i) continue;
                double distance = 0;
                foreach (int f in set) distance += (x[i, f] - x[j, f]) * (x[i, f] - x[j, f]);
                if (nearest.Count < 5) nearest.Enqueue(isPositive[j], -distance);
                else nearest.EnqueueDequeue(isPositive[j], -distance);
            }
            int votes = nearest.UnorderedItems.Count(n => n.Element);
            if (votes >= 3 == isPositive[i]) right++;
        }
        return (double)right / count;
    }
}
