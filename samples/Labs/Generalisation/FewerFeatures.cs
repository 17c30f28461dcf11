using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Fewer features: new ones by PCA, or a choice of the old ones.</summary>
internal sealed class FewerFeatures : Lab
{
    public override string Name => "fewer-features";

    public override string Title => "PCA, and greedy and best-first selection of features";

    public override string Claim => """
        Twenty measured features that come from three hidden causes lie near a space of three dimensions, and principal components find it:
        three explain nearly all of the variance. Among features to choose from, greedy search adds the one that helps most, and misses two
        that help only together; best-first search, which can go back to an earlier set, finds them.
        """;

    public override string Question => """
        Two features tell the class only together, and neither helps alone. Does adding the best feature at each step find them?
        """;

    public override Guess Guess => new(
        [
            "Yes, the best set of two contains the best single feature",
            "No, neither is the best addition by itself, so the search stops before",
            "Yes, it only takes more steps",
            "No search short of trying all sets finds them",
        ],
        Right: 1);

    public override string Explanation => """
        There are two ways to fewer features: to make new ones out of all, or to choose among the old ones. Principal component analysis
        makes them. It takes the eigenvectors of the covariance matrix
        $\mathbf{C} = \frac{1}{n} \sum_{i} (\mathbf{x}_i - \bar{\mathbf{x}}) (\mathbf{x}_i - \bar{\mathbf{x}})^T$ in the order of their
        eigenvalues $\lambda_1 \ge \lambda_2 \ge \lambda_3$ and so on; the first $k$ explain the share
        $\frac{\sum_{i \le k} \lambda_i}{\sum_{i} \lambda_i}$ of the variance, and no other $k$ directions explain more. If
        $\mathbf{x} = \mathbf{A} \mathbf{h}$ with three causes $\mathbf{h}$ and a little noise, three eigenvalues are large and the rest is
        the noise.

        PCA never looks at the labels: a direction of large variance need not matter for the task. Selection looks at the score of a model.
        There are $2^m$ sets of $m$ features, so one searches. Greedy search takes the best single addition while it helps. If the class is
        the sign of $x_1 x_2$, neither $x_1$ nor $x_2$ says anything alone, and the search takes a third, weakly informative feature and
        stops.

        Best-first search keeps all sets that it has scored and extends the best one that is not yet extended; when extensions of the leader
        do not help, it goes on from the next. It finds the pair at the cost of more evaluations. Scores must come from held-out examples,
        and the more sets are tried, the more the best score owes to luck.
        """;

    public override string Falsified => """
        Three components that explain less than 93 % of the variance, or a greedy search that finds the pair, or a best-first search that
        does not.
        """;

    public override IReadOnlyList<string> Next => ["dimensions", "l1-l2", "model-choice"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        // Twenty features of three hidden causes.
        var x = Tensor.Randn(500, 3).MatMul(Tensor.Randn(3, 20)) + 0.3 * Tensor.Randn(500, 20);
        var pca = Pca.Fit(x);
        output.WriteLine($"explained by 1 to 5 components: {string.Join(", ", pca.ExplainedRatio.Take(5).Select(r => $"{r:P0}"))}");

        // The class is the sign of the product of features 0 and 1; feature 2 agrees with it seven times in ten; others are noise.
        var z = Tensor.Uniform(new Shape(200, 6), -1, 1);
        var sign = (z[.., 0] * z[.., 1]).Sign();
        z[.., 2] = z[.., 2].Abs() * sign * (2 * Tensor.Bernoulli(new Shape(200), 0.7) - 1);
        double NearestNeighbourIsRight(IReadOnlyList<int> set)
        {
            var chosen = z.IndexSelect(1, Tensor.From<int>([.. set]));
            var nearest = (chosen.Cdist(chosen) + 1000 * Tensor.Eye(200)).ArgMin(1);
            return sign.IndexSelect(0, nearest).Equal(sign).To(DType.Float32).Mean().Item();
        }
        var greedy = FeatureSearch.Forward(6, NearestNeighbourIsRight, gain: 0.05);
        var bestFirst = FeatureSearch.BestFirst(6, NearestNeighbourIsRight, patience: 8, gain: 0.01);
        foreach (var (name, found) in new[] { ("greedy", greedy), ("best first", bestFirst) })
            output.WriteLine($"{name}: features {string.Join(", ", found.Features)}, {found.Score:P0} right, {found.Evaluations} sets");
    }

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
        var map = new Plot("Digits along their first two components")
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
            "First: the curve of three causes has a bend at three. Second: two components instead of 196 pixels already separate some "
                + "digits.");
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
