using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>L1 and L2.</summary>
internal sealed class PenaltiesOnWeights : Lab
{
    public override string Name => "l1-l2";

    public override string Title => "L1 makes zeros, L2 makes small weights";

    public override string Claim => """
        A penalty on the sum of absolute weights (L1) sets those that do not matter to exactly zero: its ball has corners on the axes, and a
        weight stays at zero as long as the slope of the error there is smaller than that of the penalty. One on the sum of squares (L2)
        shortens the weight vector and makes none zero; where features are uncorrelated it shrinks all by the same factor. Exact zeros need
        the proximal step, which stops at zero; subgradient steps jump back and forth across it.
        """;

    public override string Question => "Why does an L1 penalty make weights exactly zero, while L2 only makes them small?";

    public override Guess Guess => new(
        [
            "L1 is the stronger penalty; a stronger L2 would make zeros too",
            "The slope of |w| does not vanish at 0, the slope of w² does",
            "L1 removes a weight once it falls below a threshold of rounding",
            "L2 spreads the error over all weights, L1 over half of them",
        ],
        Right: 1);

    public override string Explanation => """
        Look at one weight whose error has its minimum at $w_0$ and curvature 2: $(w - w_0)^2$. With an L2 penalty $\frac{\lambda}{2} w^2$
        the slope is $2 (w - w_0) + \lambda w = 0$, so $w = \frac{2}{2 + \lambda} w_0$: every weight is multiplied by the same factor below
        1, and none becomes zero unless it was. The pull towards zero is proportional to $w$ and fades as the weight gets small.

        With an L1 penalty $\lambda |w|$ the pull is $\lambda$ however small the weight is. The solution is
        $|w| = \max(0, |w_0| - \frac{\lambda}{2})$ with the sign of $w_0$, and it is zero exactly when the slope of the error at zero,
        $2 |w_0|$, is at most $\lambda$. In several dimensions the set $\sum_i |w_i| \le C$ is a diamond, and the contours of the error
        usually touch it first at a corner, where some weights are zero; the disc $\sum_i w_i^2 \le C$ has no corners.

        A subgradient step subtracts $\eta \lambda$ times the sign of the weight, so a weight near zero changes its sign at each step and
        never rests there. The proximal step takes the gradient step of the error first and then moves the weight towards zero by
        $\eta \lambda$, at most as far as zero. With correlated features the closed forms do not hold weight by weight; a single weight may
        then grow under L2 though the whole vector becomes shorter.
        """;

    public override string Falsified => """
        Fewer than 14 of the 16 superfluous weights exactly zero under L1 with proximal steps, or any weight exactly zero under L2 or under
        subgradient steps.
        """;

    public override IReadOnlyList<string> Next => ["dropout", "early-stopping", "fewer-features"];

    public override void Example(TextWriter output)
    {
        // Six features, of which the first two matter.
        var (x, y) = SyntheticData.Regression(100, [2, -1.5, 0, 0, 0, 0], noise: 1, seed: 1).All();
        (string Name, Action<Sgd> Penalise)[] ways =
        [
            ("no penalty", _ => { }),
            ("L2", o => o.WeightDecay = 0.5),
            ("L1, proximal", o => (o.L1, o.ProximalL1) = (0.5, true)),
            ("L1, subgradient", o => (o.L1, o.ProximalL1) = (0.5, false)),
        ];
        foreach (var (name, penalise) in ways)
        {
            var model = new Linear(6, 1, bias: false);
            Init.Zeros(model.Weight);
            var optimizer = new Sgd(model.Parameters(), learningRate: 0.05);
            penalise(optimizer);
            for (int step = 0; step < 300; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.Mse(model.Forward(x), y).Backward();
                optimizer.Step();
            }
            output.WriteLine($"{name}: {string.Join("  ", model.Weight.Value.ToArray().Select(w => $"{w:0.0000}"))}");
        }
    }

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
        lab.Table(["penalty", "exact zeros", "largest weight that should be 0", "norm of all weights"],
            all.Select(
                a => (string[])[a.Name, $"{Zeros(a.Weights)}", $"{a.Weights[relevant..].DefaultIfEmpty().Max(Math.Abs):0.0000}",
                    $"{Length(a.Weights):0.00}"]));
        var plot = new Plot("Weights") { XLabel = "feature (the first four matter)", YLabel = "weight", Width = 760 };
        string[] places = [.. Enumerable.Range(1, Features).Select(f => $"{f}")];
        foreach (var (name, weights) in all[..3]) plot.Bar(places, weights, name);
        lab.Figure(
            plot,
            "L1 leaves the four that matter and nothing else. L2 shortens the weight vector; since these features are slightly "
                + "correlated, a single weight may still grow.");
        double[] sizes = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75];
        lab.Sliders(
            [new("C", [.. sizes.Select(c => $"{c}")], Start: 3)], at => Geometry(sizes[at[0]]),
            "Two weights. Without a penalty the minimum of the error is the solution; the penalty keeps the weights within the diamond "
                + "or the disc. The contours touch the diamond at a corner, where w₂ is zero, and the disc beside it.");
        lab.Check(
            $"L1 with the proximal step makes {Zeros(l1)} of {Features - Relevant} superfluous weights exactly zero",
            Zeros(l1), atLeast: Features - Relevant - 2, atMost: Features - Relevant);
        lab.Check($"subgradient steps make {Zeros(subgradient)} weights zero", Zeros(subgradient), atMost: 0);
        lab.Check($"L2 makes {Zeros(l2)} weights zero", Zeros(l2), atMost: 0);
        lab.Check($"L2 shortens the weight vector to {Length(l2) / Length(none):P0}", Length(l2) / Length(none), atMost: 0.9);

        // The same with features that are not correlated: of each weight it is known beforehand what the penalties do to it.
        var apart = Linalg.Qr(x.To(DType.Float64)).Q.To(DType.Float32) * Math.Sqrt(x.Shape[0]);
        double[] plain = Solve(apart, _ => { }), shrunk = Solve(apart, o => o.WeightDecay = strength),
            sparse = Solve(apart, o => (o.L1, o.ProximalL1) = (strength, isProximal));
        double factor = 2 / (2 + strength);
        double[] slopes = [.. (apart.T.MatMul(y) * (-2.0 / x.Shape[0])).ToArray().Select(g => Math.Abs((double)g))];
        int predicted = slopes.Count(g => g <= strength), asPredicted = slopes.Where((g, i) => g <= strength == (sparse[i] == 0)).Count();
        lab.Print(
            $"With uncorrelated features L2 should multiply each weight by 2/(2 + λ) = {factor:0.00}, and L1 should set {predicted} "
                + $"weights to zero: those for which the slope of the error at zero is at most λ = {strength:0.0}.");
        double off = plain.Zip(shrunk, (p, s) => Math.Abs(s / p - factor)).Max();
        lab.Check($"the factors of L2 are {factor:0.00} to within {Say.Short(off)}", off, atMost: 0.01);
        lab.Check($"L1 decides as predicted for {asPredicted} of {Features} weights", asPredicted, atLeast: Features);

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
