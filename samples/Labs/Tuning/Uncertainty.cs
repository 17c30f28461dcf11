using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

internal sealed class Uncertainty : Lab
{
    public override string Name => "uncertainty";

    public override string Title => "Away from the data a Bayesian network knows that it does not know";

    public override string Claim => """
        Points of a curve are given on two stretches, with a gap between them. A network whose weights are distributions, learned by
        variational inference from a prior, answers with a spread: small where there are points, larger in the gap, largest far outside. At
        the points its mean answer is right. The prior does it: weights that no point determines keep their spread.
        """;

    public override string Question => "Where is a Bayesian network's answer most uncertain?";

    public override Guess Guess => new(
        [
            "At the noisy points themselves",
            "Everywhere alike, since all weights are distributions",
            "Far away from all points",
            "Where the curve is steepest",
        ],
        Right: 2);

    public override string Explanation => """
        Bayes' rule gives the distribution of the weights after seeing the data $D$:
        $p(\mathbf{w} | D) = \frac{p(D | \mathbf{w}) p(\mathbf{w})}{p(D)}$. Its integral cannot be computed for a network, so variational
        inference takes a family that can be handled, a normal distribution $q(w_i)$ with mean $\mu_i$ and deviation $\sigma_i$ for each
        weight, and minimises $\mathrm{KL}(q, p(\mathbf{w})) - \mathrm{E}_q[\log p(D | \mathbf{w})]$: fit the data, and stay near the prior.

        The second term forces a small $\sigma_i$ on weights whose change would spoil the fit; the first pulls all others back to the
        prior's deviation. Answers are averaged over draws from $q$: where there are points all draws agree, since each of them had to fit;
        elsewhere they differ, and the standard deviation of the answers grows with the distance.

        This is uncertainty about the model, which more data would remove; the noise of the points is another kind, which no amount of data
        removes. With a maximum in place of the distribution the prior is weight decay: $-\log p(\mathbf{w})$ of a normal prior is a
        multiple of $\sum_{i} w_i^2$. The independent normal family is narrow and underestimates the spread in the gap.
        """;

    public override string Falsified => """
        A spread in the gap that is not 1.5 times, or far outside not three times, as large as at the points; or a mean answer at the points
        that is off by more than 0.2.
        """;

    public override IReadOnlyList<string> Next => ["noisy-labels", "bagging-and-attacks", "l1-l2"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        // Points of a sine between 0.7 and 1.7 and between −1.7 and −0.7.
        var x = Tensor.Uniform(new Shape(60, 1), 0.7, 1.7) * (2 * Tensor.Bernoulli(new Shape(60, 1), 0.5) - 1);
        var y = (2 * x).Sin() + 0.1 * Tensor.Randn(60, 1);
        var model = new BayesianMlp(new BayesianMlpConfig([1, 32, 32, 1]) { PriorStd = 1 });
        var optimizer = new Adam(model.Parameters(), learningRate: 0.02);
        for (int step = 0; step < 800; step++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            // Squares in units of the noise, and the divergence from the prior.
            ((model.Forward(x) - y).Square().Sum() / (2 * 0.1 * 0.1) + model.KlDivergence()).Backward();
            optimizer.Step();
        }
        var (mean, std) = model.Predict(Tensor.From<float>([1.2f, 0.2f, 3], new Shape(3, 1)), draws: 200);
        for (int i = 0; i < 3; i++)
        {
            string place = new[] { "at the points", "in the gap", "far outside" }[i];
            output.WriteLine($"{place}: {mean[i, 0].Item():0.00} ± {std[i, 0].Item():0.000}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["points in the gap too", "no prior"];

    public override void Run(LabContext lab)
    {
        double[] axis = Fit.Grid(-3, 3, 121);
        var at = Tensor.From<float>([.. axis.Select(v => (float)v)]).Reshape(-1, 1);
        var runs = lab.Seeds(full: 3).Select(seed => Learn(lab, seed, at)).ToArray();
        double[] mean = runs[0].Mean, std = runs[0].Std;
        lab.Figure(
            new Plot("The curve, the points and the network's answers") { XLabel = "x", YLabel = "y", Width = 760, YMin = -3, YMax = 3 }
                .Band(axis, [.. mean.Zip(std, (m, s) => m - 2 * s)], [.. mean.Zip(std, (m, s) => m + 2 * s)], "two standard deviations",
                    color: 0)
                .Line(axis, mean, "mean answer", color: 0).Line(axis, [.. axis.Select(Curve)], "curve", LineStyle.Dashed, color: 1)
                .Scatter(runs[0].X, runs[0].Y, "points", color: 7, size: 4),
            "The band is the spread of a hundred networks drawn from the learned distributions.");
        Spread Within(Func<double, bool> where) => new(runs.Select(r => r.Std.Where((_, i) => where(axis[i])).Average()));
        Spread inside = Within(IsSeen), gap = Within(v => Math.Abs(v) < 0.4), outside = Within(v => Math.Abs(v) > 2.5);
        Spread error =
            new(runs.Select(r
                => Math.Sqrt(r.Mean.Where((_, i) => IsSeen(axis[i])).Zip(axis.Where(IsSeen), (m, v) => Math.Pow(m - Curve(v), 2))
                    .Average())));
        lab.Table(
            ["", "standard deviation of the answers"],
            [["where there are points", inside.Number()], ["in the gap", gap.Number()], ["far outside", outside.Number()]]);
        lab.Check($"in the gap the spread is {gap.Mean / inside.Mean:0.0} times that at the points", gap.Mean / inside.Mean, atLeast: 1.5);
        lab.Check($"far outside it is {outside.Mean / inside.Mean:0.0} times that at the points", outside.Mean / inside.Mean, atLeast: 3);
        lab.Check($"at the points the mean answer is off by {error.Number()}", error.Mean, atMost: 0.2);
    }

    private static double Curve(double x) => Math.Sin(2 * x) + 0.3 * x;

    private static bool IsSeen(double x) => Math.Abs(x) is > 0.7 and < 1.7;

    private sealed record Learned(double[] Mean, double[] Std, double[] X, double[] Y);

    private static Learned Learn(LabContext lab, ulong seed, Tensor at)
    {
        const int count = 80;
        const double noise = 0.1;
        var generator = new Generator(seed);
        double[] xs = [.. Enumerable.Range(0, count).Select(i =>
        {
            double u = generator.NextDouble();
            return lab.Mutated("points in the gap too") ? 3.4 * u - 1.7 : (i % 2 == 0 ? 1 : -1) * (0.7 + u);
        })];
        double[] ys =
            [.. xs.Select(v => Curve(v) + noise * (generator.NextDouble() + generator.NextDouble() + generator.NextDouble() - 1.5) * 2)];
        var x = Tensor.From<float>([.. xs.Select(v => (float)v)]).Reshape(-1, 1);
        var y = Tensor.From<float>([.. ys.Select(v => (float)v)]).Reshape(-1, 1);
        Generator.SetSeed(seed);
        var model = new BayesianMlp(new BayesianMlpConfig([1, 32, 32, 1]) { PriorStd = 1 });
        double weight = lab.Mutated("no prior") ? 0 : 1;
        // The negative evidence bound over all points: squares in units of the noise, and the divergence from the prior.
        Descent.Run(
            new Adam(model.Parameters(), learningRate: 0.01), lab.Steps(lab.Pick(full: 2500, reduced: 1500)),
            () => (model.Forward(x) - y).Square().Sum() / (2 * noise * noise) + weight * model.KlDivergence());
        using var quiet = Autograd.NoGrad();
        var (mean, std) = model.Predict(at, draws: 100);
        return new([.. mean.ToArray().Select(v => (double)v)], [.. std.ToArray().Select(v => (double)v)], xs, ys);
    }
}
