using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>L1 and L2.</summary>
internal sealed class PenaltiesOnWeights : Lab
{
    public override string Name => "l1-l2";

    public override string Title => "L1 makes zeros, L2 makes small weights";

    public override string Claim => """
        A penalty on the sum of absolute weights sets those that do not matter to exactly zero, because its ball has corners on the axes:
        a weight stays at zero as long as the slope of the error there is smaller than the penalty's. One on the sum of squares makes the
        weights together shorter and none zero; where features are uncorrelated it shrinks all by one and the same factor. The zeros need
        the proximal step, which stops at zero: subgradient steps jump across it for ever.
        """;

    public override IReadOnlyList<string> Mutations => ["no penalty", "subgradient in place of the proximal step", "every feature matters"];

    private const int Features = 20, Relevant = 4;

    public override void Run(LabContext lab)
    {
        // Twenty features, of which four have something to do with y.
        int relevant = lab.Mutated("every feature matters") ? Features : Relevant;
        double[] truth = [.. Enumerable.Range(0, Features).Select(f => f < relevant ? (f % 2 == 0 ? 2.0 : -1.5) : 0)];
        var (x, y) = SyntheticData.Regression(100, truth, noise: 1, seed: lab.Seed).All();
        double strength = lab.Mutated("no penalty") ? 0 : 0.5;
        int steps = lab.Pick(full: 2000, reduced: 600);
        bool isProximal = !lab.Mutated("subgradient in place of the proximal step");

        var none = Solve(x, _ => { });
        var l2 = Solve(x, o => o.WeightDecay = strength);
        var l1 = Solve(x, o => (o.L1, o.ProximalL1) = (strength, isProximal));
        var subgradient = Solve(x, o => (o.L1, o.ProximalL1) = (strength, false));

        (string Name, double[] Weights)[] all = [("no penalty", none), ("L2", l2), ("L1, proximal", l1), ("L1, subgradient", subgradient)];
        lab.Table(["penalty", "exact zeros", "largest weight that should be 0", "length of all weights"],
            all.Select(
                a => (string[])[a.Name, $"{Zeros(a.Weights)}", $"{a.Weights[relevant..].DefaultIfEmpty().Max(Math.Abs):0.0000}",
                    $"{Length(a.Weights):0.00}"]));
        var plot = new Plot("Weights") { XLabel = "feature (the first four matter)", YLabel = "weight", Width = 760 };
        string[] places = [.. Enumerable.Range(1, Features).Select(f => $"{f}")];
        foreach (var (name, weights) in all[..3]) plot.Bar(places, weights, name);
        lab.Figure(
            plot,
            "L1 leaves the four that matter and nothing else. L2 makes the weights together shorter; as these features are a little "
                + "correlated, one or the other grows even so.");
        double[] sizes = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75];
        lab.Sliders(
            [new("C", [.. sizes.Select(c => $"{c}")], Start: 3)], at => Geometry(sizes[at[0]]),
            "Two weights. The bottom of the error is at the round point; the penalty keeps the weights on the diamond or the disc. "
            + "The diamond is met at a corner, where w₂ is zero, the disc beside it.");
        lab.Check(
            $"L1 with the proximal step makes {Zeros(l1)} of {Features - Relevant} superfluous weights exactly zero",
            Zeros(l1), atLeast: Features - Relevant - 2, atMost: Features - Relevant);
        lab.Check($"subgradient steps {Zeros(subgradient)}", Zeros(subgradient), atMost: 0);
        lab.Check($"L2 {Zeros(l2)}", Zeros(l2), atMost: 0);
        lab.Check($"L2 shortens the weights to {Length(l2) / Length(none):P0}", Length(l2) / Length(none), atMost: 0.9);

        // The same with features that are not correlated: of each weight it is known beforehand what the penalties do to it.
        var apart = Linalg.Qr(x.To(DType.Float64)).Q.To(DType.Float32) * Math.Sqrt(x.Shape[0]);
        double[] plain = Solve(apart, _ => { }), shrunk = Solve(apart, o => o.WeightDecay = strength),
            sparse = Solve(apart, o => (o.L1, o.ProximalL1) = (strength, isProximal));
        double factor = 2 / (2 + strength);
        double[] slopes = [.. (apart.T.MatMul(y) * (-2.0 / x.Shape[0])).ToArray().Select(g => Math.Abs((double)g))];
        int foretold = slopes.Count(g => g <= strength), asForetold = slopes.Where((g, i) => g <= strength == (sparse[i] == 0)).Count();
        lab.Print(
            $"With features that are not correlated L2 multiplies each weight by 2/(2 + λ) = {factor:0.00}, and L1 leaves at zero the "
                + $"{foretold} weights at whose zero the error's slope is at most λ = {strength:0.0}.");
        double off = plain.Zip(shrunk, (p, s) => Math.Abs(s / p - factor)).Max();
        lab.Check($"uncorrelated, L2's factors are {factor:0.00} to within {Say.Short(off)}", off, atMost: 0.01);
        lab.Check($"L1's zeros are where they were foretold for {asForetold} of {Features} weights", asForetold, atLeast: Features);

        double[] Solve(Tensor inputs, Action<Sgd> penalise)
        {
            var model = new Linear(Features, 1, bias: false);
            Init.Zeros(model.Weight);
            var optimizer = new Sgd(model.Parameters(), learningRate: 0.05);
            penalise(optimizer);
            Descent.Run(optimizer, lab.Steps(steps), () => Loss.Mse(model.Forward(inputs), y));
            return [.. model.Weight.Value.ToArray().Select(w => (double)w)];
        }
    }

    private static int Zeros(double[] weights) => weights.Count(w => w == 0);

    private static double Length(double[] weights) => Math.Sqrt(weights.Sum(w => w * w));

    /// <summary>The smallest error within |w₁| + |w₂| ≤ C, and within w₁² + w₂² ≤ C².</summary>
    private static Plot Geometry(double size)
    {
        static double Error(double w1, double w2) => Math.Pow(w1 - 1.9, 2) + 1.5 * Math.Pow(w2 - 0.6, 2) + 0.4 * (w1 - 1.9) * (w2 - 0.6);
        double[] turn = Fit.Grid(0, 2 * Math.PI, 721);
        (double X, double Y)[] disc = [.. turn.Select(a => (size * Math.Cos(a), size * Math.Sin(a)))];
        (double X, double Y)[] diamond = [.. disc.Select(
            p => (size * p.X / (Math.Abs(p.X) + Math.Abs(p.Y)), size * p.Y / (Math.Abs(p.X) + Math.Abs(p.Y))))];
        var (atDisc, atDiamond) = (disc.MinBy(p => Error(p.X, p.Y)), diamond.MinBy(p => Error(p.X, p.Y)));
        double[] first = Fit.Grid(-1.5, 3, 61), second = Fit.Grid(-1.5, 2, 61);
        return new Plot("Diamond and disc")
        {
            XLabel = "w₁", YLabel = "w₂", ZLabel = "error", EqualAspect = true, Width = 600, Height = 440, Legend = LegendPlace.Right,
        }
            .Contour(first, second, Fit.Surface(first, second, Error), levels: 14, filled: false)
            .Line([.. diamond.Select(p => p.X)], [.. diamond.Select(p => p.Y)], "|w₁| + |w₂| = C", color: 1)
            .Line([.. disc.Select(p => p.X)], [.. disc.Select(p => p.Y)], "w₁² + w₂² = C²", color: 2)
            .Scatter([atDiamond.X], [atDiamond.Y], "L1 solution", color: 1, size: 11)
            .Scatter([atDisc.X], [atDisc.Y], "L2 solution", color: 2, size: 11)
            .Scatter([1.9], [0.6], "no penalty", color: 0, size: 9);
    }
}
