using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class GradientVariance : Lab
{
    public override string Name => "gradient-variance";

    public override string Title => "The variance of a mini-batch gradient falls as one over the batch size";

    public override string Claim => """
        The gradient of a mini-batch is the true gradient plus noise. The noise is a mean over the B examples of the batch, drawn
        independently, so its variance is that of one example divided by B: in a plot with two logarithmic axes a line of slope −1. Four
        times the batch costs four times the work and halves the noise.
        """;

    public override string Question => "The batch is made four times as large: how much noise is left in its gradient?";

    public override Guess? Guess => new(
        [
            "A quarter: four times the examples, a quarter of the noise",
            "Half: the variance falls to a quarter, and the noise is its root",
            "All of it: noise is a property of the data",
        ],
        Right: 1);

    public override string Explanation => """
        The gradient of a batch is a mean, $\hat{g} = \frac{1}{B} \sum_{i=1}^{B} g_i$, of the gradients of examples that were drawn
        independently. Each $g_i$ has the mean $g = \nabla L$, so $\hat{g}$ has it too: the batch gradient is unbiased. Variances of
        independent terms add up, so that $\mathrm{Var}(\hat{g}) = \frac{1}{B^2} \sum_{i=1}^{B} \mathrm{Var}(g_i) = \frac{\sigma^2}{B}$.

        The size of the noise is the root of this, $\sigma / \sqrt{B}$. Going from 1 to 100 examples removes nine tenths of it, and going
        from 100 to 10,000 removes nine tenths of the small rest at a hundred times the cost. Beyond the size at which the noise is
        smaller than the gradient itself, larger batches gain little per example.

        The rule needs independent draws. If the examples of a batch resemble each other (neighbouring frames of a film, data in the order
        of their classes), the variance falls more slowly: shuffle. Batches cut from a shuffled epoch, without replacement, have even a
        little less, by the factor $1 - \frac{B - 1}{N - 1}$, and none at all at $B = N$.
        """;

    public override string Falsified => """
        A slope in the plot with two logarithmic axes that differs from −1 by more than 0.05.
        """;

    public override IReadOnlyList<string> Next => ["small-against-large", "linear-scaling", "out-of-minima"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var (x, y) = SyntheticData.Moons(1000, seed: 1).All();
        var model = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2));
        var generator = new Generator(2);
        foreach (int size in new[] { 1, 4, 16, 64 })
        {
            Tensor LossOfBatch(int batch)
            {
                var chosen = Tensor.RandInt(0, 1000, new Shape(size), generator: generator);
                return Loss.CrossEntropy(model.Forward(x.IndexSelect(0, chosen)), y.IndexSelect(0, chosen));
            }
            var noise = GradientNoise.Measure(LossOfBatch, batches: 400, model.Parameters());
            output.WriteLine($"batches of {size,2}: variance {noise.Variance:0.00000}, times the size {noise.Variance * size:0.000}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["sum over the batch", "every batch the same kind of example"];

    public override void Run(LabContext lab)
    {
        // A classifier of spirals, as it is before training: any weights will do, the claim is about sampling.
        var data = SyntheticData.Spirals(count: 2000, arms: 3, seed: lab.Seed);
        var (x, y) = data.All();
        var model = Networks.Mlp([2, 16, 3], () => new Tanh());
        var reduction = lab.Mutated("sum over the batch") ? Reduction.Sum : Reduction.Mean;
        bool isAlike = lab.Mutated("every batch the same kind of example");

        // Batches of each size, drawn with replacement; how far do their gradients lie from their mean?
        int[] sizes = [1, 2, 4, 8, 16, 32, 64, 128];
        int batches = lab.Pick(full: 2000, reduced: 800);
        var variances = new List<GradientNoise>();
        foreach (int size in sizes)
        {
            Tensor LossOfBatch(int batch)
            {
                lab.Cancellation.ThrowIfCancellationRequested();
                var chosen = Tensor.RandInt(0, 2000, new Shape(size), generator: lab.Random);
                if (isAlike) chosen = chosen[0..1].Expand(size);      // as many examples, but not independent
                return Loss.CrossEntropy(model.Forward(x.IndexSelect(0, chosen)), y.IndexSelect(0, chosen), reduction: reduction);
            }
            variances.Add(GradientNoise.Measure(LossOfBatch, batches, model.Parameters()));
        }

        double[] at = [.. sizes.Select(s => (double)s)], measured = [.. variances.Select(v => v.Variance)];
        double slope = Fit.Power(at, measured);
        lab.Table(
            ["batch size B", "variance", "standard error", "variance · B"],
            sizes.Zip(
                variances, (s, v) => (string[])[$"{s}", $"{v.Variance:0.00000}", $"{v.StandardError:0.00000}", $"{v.Variance * s:0.000}"]));
        lab.Figure(
            new Plot("Variance of the mini-batch gradient")
            {
                XLabel = "batch size B", YLabel = "variance", XScale = AxisScale.Log, YScale = AxisScale.Log,
            }
                .Line(at, [.. at.Select(b => measured[0] / b)], "1/B", LineStyle.Dashed)
                .Scatter(at, measured, "measured"),
            $"Measured over {batches} batches of each size; both axes are logarithmic. The points lie on the line of slope −1 through "
                + "the first of them.");
        lab.Check($"slope {slope:0.000} over two decades of batch sizes", slope, atLeast: -1.05, atMost: -0.95);
    }
}
