using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class LinearScaling : Lab
{
    private const int BaseSize = 8, Epochs = 10, Factor = 16;
    private const double BaseRate = 0.02;

    public override string Name => "linear-scaling";

    public override string Title => "k times the batch with k times the learning rate trains the same, until curvature limits the rate";

    public override string Claim => """
        A batch k times as large makes k times fewer updates per epoch. If each is k times as long, k small steps are replaced by one that
        goes as far: loss against epochs is the same curve. The rule breaks where the scaled rate comes near 2/λ, with the largest curvature
        λ on the way: then a step no longer replaces small ones but overshoots. Without scaling, large batches just train k times more
        slowly.
        """;

    public override string Question
        => "The batch is made sixteen times as large: what has to change for the loss to fall as fast per epoch?";

    public override Guess? Guess => new(
        [
            "Nothing: the gradient has the same mean",
            "The learning rate, to a sixteenth, because the batch counts sixteen times",
            "The learning rate, to sixteen times, as long as curvature allows it",
        ],
        Right: 2);

    public override string Explanation => """
        In $k$ small steps the weights move by $-\eta \sum_{j=1}^{k} \hat{g}_j(\theta_j)$. If they move so little that the gradient hardly
        changes on the way, this is $-k \eta \cdot \frac{1}{k} \sum_j \hat{g}_j(\theta)$: one step at the rate $k \eta$ on the mean
        gradient of all $k$ batches, which is the gradient of a batch $k$ times as large.

        The noise agrees as well. The $k$ small steps add up noise of variance $k \cdot \eta^2 \frac{\sigma^2}{B}$, and the large one has
        $(k \eta)^2 \frac{\sigma^2}{k B}$, which is the same. What counts for the path is the ratio $\eta / B$.

        The condition is that the gradient hardly changes during the $k$ steps, $k \eta \lambda$ well below 2 for the largest curvature
        $\lambda$. Beyond, one step overshoots where many small ones would have turned. A warm-up of the rate, or a batch that grows
        during training, moves the limit; with Adam, whose steps do not grow with the gradient, the factor is nearer to $\sqrt{k}$.
        """;

    public override string Falsified => """
        A loss at sixteen times the batch and rate that ends more than 3 % off, or a scaled rate above 2/λ that still follows the same
        curve.
        """;

    public override IReadOnlyList<string> Next => ["learning-rate", "schedules", "small-against-large"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Moons(512, noise: 0.2, seed: 1).All();
        double LossAfterAnEpoch(int size, double rate)
        {
            Generator.SetSeed(1);
            var model = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 2));
            var optimizer = new Sgd(model.Parameters(), rate);
            var order = Tensor.RandPerm(512, generator: new Generator(2));
            for (int start = 0; start < 512; start += size)
            {
                var chosen = order.Narrow(0, start, size);
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x.IndexSelect(0, chosen)), y.IndexSelect(0, chosen)).Backward();
                optimizer.Step();
            }
            return Loss.CrossEntropy(model.Forward(x), y).Item();
        }

        foreach (int k in new[] { 1, 4, 16, 64 })
            output.WriteLine($"batches of {4 * k,3}: loss {LossAfterAnEpoch(4 * k, 0.02 * k):0.000} at the rate {0.02 * k:0.00}, "
                + $"{LossAfterAnEpoch(4 * k, 0.02):0.000} at the rate 0.02");
    }

    public override IReadOnlyList<string> Mutations => ["rate not scaled", "rate scaled by the square"];

    public override void Run(LabContext lab)
    {
        var train = SmallDigits.Make(1024, lab.Seed);
        int[] sizes = lab.Pick<int[]>([8, 16, 32, 64, 128, 256, 512, 1024], [8, 128, 1024]);
        double power = lab.Mutated("rate not scaled") ? 0 : lab.Mutated("rate scaled by the square") ? 2 : 1;
        double[][] scaled = [.. sizes.Select(size => Train(lab, size, BaseRate * Math.Pow((double)size / BaseSize, power), train))];
        double[][] unscaled = [.. sizes.Select(size => Train(lab, size, BaseRate, train))];

        // The rate that curvature allows: at the sharpest place of the way.
        double sharpest = Sharpest(lab, train);
        lab.Table(
            ["batch size", "scaled rate", $"loss after {Epochs} epochs", "loss at the unscaled rate"],
            sizes.Select(
                (size, i)
                    => (string[])[$"{size}", $"{BaseRate * size / BaseSize:0.00}", $"{scaled[i][^1]:0.000}", $"{unscaled[i][^1]:0.000}"]));
        lab.Print(
            $"The largest curvature on the way is {sharpest:0.0}, so that a rate of {2 / sharpest:0.00} is the limit; a batch of "
                + $"{2 / sharpest / BaseRate * BaseSize:0} would need it.");
        lab.Figure(
            Draw(sizes, scaled, unscaled),
            "First: scaled, the curves lie on each other up to the limit. Second: the loss at the end, with and without scaling.");

        int large = Array.IndexOf(sizes, Factor * BaseSize);
        double apart = Math.Abs(scaled[large][^1] / scaled[0][^1] - 1), slower = unscaled[large][^1] / unscaled[0][^1],
            broken = scaled[^1][^1] / scaled[0][^1];
        lab.Check($"with {Factor} times the batch and the rate the loss ends {apart:P1} off", apart, atMost: 0.03);
        lab.Check($"with {Factor} times the batch at the old rate {slower:0.0} times as high", slower, atLeast: 3);
        lab.Check(
            $"at {sizes[^1] / BaseSize} times, a rate {BaseRate * sizes[^1] / BaseSize / (2 / sharpest):0.0} times the limit, the rule "
                + $"breaks: {broken:0.0} times as high", broken, atLeast: 1.5);
    }

    private static Sequential Network(LabContext lab)
    {
        Generator.SetSeed(lab.Seed);
        return Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Tanh());
    }

    private static double[] Train(LabContext lab, int size, double rate, SmallDigits train, Action<Module>? afterEpoch = null)
    {
        var model = Network(lab);
        var optimizer = new Sgd(model.Parameters(), rate);
        var order = new Generator(lab.Seed + 3);
        var losses = new List<double> { train.LossOf(model) };
        foreach (int _ in lab.Steps(Epochs))
        {
            foreach (var batch in train.Batches(size, order))
            {
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(batch.X), batch.Y).Backward();
                optimizer.Step();
            }
            losses.Add(Math.Min(train.LossOf(model), 100));
            afterEpoch?.Invoke(model);
        }
        return [.. losses];
    }

    private static double Sharpest(LabContext lab, SmallDigits train)
    {
        double sharpest = 0;
        Train(lab, BaseSize * Factor, BaseRate * Factor, train, model =>
        {
            var objective = new Objective(() => Loss.CrossEntropy(model.Forward(train.X), train.Y), model.Parameters());
            sharpest = Math.Max(sharpest, Sharpness.Largest(objective, new() { Tolerance = 1e-2 }));
        });
        return sharpest;
    }

    private static PlotGrid Draw(int[] sizes, double[][] scaled, double[][] unscaled)
    {
        var curves = new Plot("loss, rate scaled with the batch")
        {
            XLabel = "epoch", YLabel = "cross-entropy", YScale = AxisScale.Log, Width = 480, Height = 380,
        };
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] is 8 or 128 or 512 or 1024)
                curves.Line(scaled[i], $"batch {sizes[i]}", sizes[i] == 8 ? LineStyle.Solid : LineStyle.Dashed);
        double[] at = [.. sizes.Select(s => (double)s)];
        return new PlotGrid(
            null, 2, curves,
            new Plot($"loss after {Epochs} epochs")
            {
                XLabel = "batch size", YLabel = "cross-entropy", XScale = AxisScale.Log, YScale = AxisScale.Log, Width = 480, Height = 380,
            }
                .Line(at, [.. scaled.Select(l => l[^1])], "rate scaled", markers: true)
                .Line(at, [.. unscaled.Select(l => l[^1])], "rate unscaled", markers: true));
    }
}
