using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class Schedules : Lab
{
    private const int BatchSize = 16;

    public override string Name => "schedules";

    public override string Title => "A falling rate gets below the floor of a constant one; a warm-up gets lower still";

    public override string Claim => """
        With a constant learning rate the noise of the batches keeps the loss above a floor: the larger the rate, the higher. A rate that
        falls to zero starts as fast and gets below that floor. At a large rate a warm-up over the first steps helps once more, because the
        first gradients are the worst guides. The best run with warm-up and cosine decay beats the best one with a constant rate.
        """;

    public override string Question => "With a constant learning rate the loss stops falling above zero: what keeps it there?";

    public override Guess? Guess => new(
        [
            "A local minimum; only another start helps",
            "The noise of the batches: each step is a random one as well, and its length does not shrink",
            "A network too small for the data",
        ],
        Right: 1);

    public override string Explanation => """
        Close to a minimum with the curvature $\lambda$ a step on a mini-batch is $w \to w - \eta (\lambda w + \xi)$ with noise $\xi$ of
        variance $\sigma^2$. Pull and noise come to a balance at the variance $\frac{\eta \sigma^2}{\lambda (2 - \eta \lambda)}$ of $w$,
        so that the loss stays above its minimum by about $\frac{\eta \sigma^2}{4}$ for each direction. That floor is proportional to the
        rate.

        A small rate has a low floor and takes long to get there; a large rate is there soon and stays high. A schedule takes both: large
        first, and then towards zero, as with cosine decay $\eta_t = \frac{\eta}{2} (1 + \mathrm{cos}(\pi t / T))$. Lowered too early, the
        weights are still far away; never lowered, the noise remains.

        A warm-up raises the rate from near zero over the first steps. At that time the gradients are largest and change fastest, the
        curvature may be high, and Adam's mean squares rest on few gradients, so that long steps can carry the weights to a bad region
        from which the rest of the run recovers slowly. At a rate that is small anyway a warm-up gains nothing.
        """;

    public override string Falsified => """
        A constant large rate that ends as low as the same rate with cosine decay, or a best result with warm-up and decay that does not
        beat the best constant rate.
        """;

    public override IReadOnlyList<string> Next => ["no-longer-falls", "gradient-variance", "early-stopping"];

    public override void Example(TextWriter output)
    {
        // 500 weights, each at the bottom of ½w², with gradients that have noise of variance 1.
        double LossOf(double rate, Curve curve, int steps)
        {
            var generator = new Generator(1);
            var w = new Parameter(3 * Tensor.Ones(new Shape(500), DType.Float64));
            var optimizer = new Sgd([w], rate);
            var schedule = new Schedule(optimizer, curve);
            for (int step = 0; step < steps; step++)
            {
                optimizer.ZeroGrad();
                (0.5 * w.Value.Square() + Tensor.Randn(w.Shape, DType.Float64, generator: generator) * w.Value).Sum().Backward();
                optimizer.Step();
                schedule.Step();
            }
            return 0.5 * w.Value.Square().Mean().Item<double>();
        }

        foreach (double rate in new[] { 0.003, 0.03, 0.3 })
            output.WriteLine($"rate {rate}: constant {LossOf(rate, new ConstantRate(), 300):0.0000} (floor {rate / 4:0.0000}), "
                + $"cosine {LossOf(rate, new CosineDecay(300), 300):0.0000}");
    }

    public override IReadOnlyList<string> Mutations => ["no decay", "no warm-up"];

    public override void Run(LabContext lab)
    {
        var train = SmallDigits.Make(lab.Pick(full: 1000, reduced: 600), lab.Seed, wrong: 0.1);
        double[] rates = lab.Pick<double[]>([0.003, 0.01, 0.03], [0.01, 0.03]);
        int last = rates.Length - 1, seeds = lab.Pick(full: 3, reduced: 1), epochs = 12,
            steps = epochs * ((train.Count + BatchSize - 1) / BatchSize);
        Curve constant = new ConstantRate();
        Curve cosine = lab.Mutated("no decay") ? constant : new CosineDecay(steps),
            inSteps = lab.Mutated("no decay") ? constant : new StepDecay(steps / 3, 0.2);
        (string Name, Curve Curve)[] schedules =
        [
            ("constant", constant),
            ("a fifth after each third", inSteps),
            ("cosine", cosine),
            ("warm-up, cosine",
                lab.Mutated("no warm-up")
                    ? cosine
                    : (lab.Mutated("no decay") ? constant : new CosineDecay(steps - steps / 8)).WithWarmUp(steps / 8)),
        ];

        // The training loss after each epoch, in the mean over some starts.
        var losses = new double[schedules.Length, rates.Length][];
        for (int s = 0; s < schedules.Length; s++)
            for (int r = 0; r < rates.Length; r++)
            {
                var runs = Enumerable.Range(0, seeds)
                    .Select(seed => Train(lab, schedules[s].Curve, rates[r], train, epochs, lab.Seed + (ulong)seed)).ToArray();
                losses[s, r] = [.. Enumerable.Range(0, epochs).Select(e => runs.Average(run => run[e]))];
            }

        double End(int s, int r) => losses[s, r][^1];
        double Best(int s) => Enumerable.Range(0, rates.Length).Min(r => End(s, r));
        lab.Table(
            ["training loss at the end", .. rates.Select(r => $"rate {r}")],
            schedules.Select((s, i) => (string[])[s.Name, .. rates.Select((_, r) => $"{End(i, r):0.000}")]));
        lab.Figure(
            Draw(schedules, losses, rates, steps),
            $"First: the loss at the largest rate (starts averaged: {seeds}); that of the constant rate rests on its floor. Second: "
                + "the four schedules.");
        lab.Check(
            $"at the rate {rates[^1]} the constant one ends {End(0, last) / End(2, last):0.0} times as high as cosine",
            End(0, last) / End(2, last), atLeast: 1.3);
        lab.Check($"warm-up takes it down to {End(3, last) / End(2, last):0.00} of that again", End(3, last) / End(2, last), atMost: 0.95);
        lab.Check(
            $"the best with warm-up and cosine ends at {Best(3):0.000}, the best constant at {Best(0):0.000}", Best(3) / Best(0),
            atMost: 0.8);
    }

    private static double[] Train(LabContext lab, Curve curve, double rate, SmallDigits train, int epochs, ulong seed)
    {
        Generator.SetSeed(seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 64, 64, 64, 10], () => new Relu());
        var optimizer = new Adam(model.Parameters(), rate);
        var schedule = new Schedule(optimizer, curve);
        var order = new Generator(seed + 3);
        var losses = new List<double>();
        foreach (int _ in lab.Steps(epochs))
        {
            foreach (var batch in train.Batches(BatchSize, order))
            {
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(batch.X), batch.Y).Backward();
                optimizer.Step();
                schedule.Step();
            }
            losses.Add(train.LossOf(model));
        }
        return [.. losses];
    }

    private static PlotGrid Draw((string Name, Curve Curve)[] schedules, double[,][] losses, double[] rates, int steps)
    {
        int last = rates.Length - 1;
        var loss = new Plot($"training loss, rate {rates[^1]}") { XLabel = "epoch", YLabel = "cross-entropy", Width = 480, Height = 380 };
        var curves = new Plot("learning rate") { XLabel = "step", YLabel = "share of the largest", Width = 480, Height = 380 };
        for (int s = 0; s < schedules.Length; s++)
        {
            double[] epochs = [.. Enumerable.Range(1, losses[s, last].Length).Select(e => (double)e)];
            loss.Line(epochs, losses[s, last], schedules[s].Name);
            curves.Line([.. Enumerable.Range(0, steps).Select(t => schedules[s].Curve.At(t, 1))], schedules[s].Name);
        }
        return new PlotGrid(null, 2, loss, curves);
    }
}
