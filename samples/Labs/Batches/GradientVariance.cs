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
