using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Batches;

internal sealed class SmallAgainstLarge : Lab
{
    private const double Goal = 0.1;

    public override int Number => 18;

    public override string Name => "small-against-large";

    public override string Title => "Small batches end in flatter places than large ones, at the same training loss";

    public override string Claim => """
        The same network is trained at the same learning rate with batches of different size, each until the training loss is 0.1. Small
        batches need far fewer epochs. Where they end is flatter: the largest eigenvalue of the Hessian is smaller, because their noise
        shakes the weights out of narrow places. On test data they are no worse; on so small a task they are hardly better either.
        """;

    public override IReadOnlyList<string> Mutations => ["every step on all examples"];

    private sealed record End(double Epochs, double Loss, double Train, double Test, double Sharpness, LossLine Around);

    public override void Run(LabContext lab)
    {
        int examples = lab.Pick(full: 512, reduced: 256), starts = lab.Pick(full: 2, reduced: 1);
        int[] sizes = lab.Pick<int[]>([8, 32, 128, 512], [8, 256]);
        var test = SmallDigits.Make(1000, lab.Seed + 50);
        var ends = sizes.Select(size => Enumerable.Range(0, starts).Select(start =>
            Train(
                lab, lab.Mutated("every step on all examples") ? examples : size,
                SmallDigits.Make(examples, lab.Seed + (ulong)start, wrong: 0.1), test, lab.Seed + (ulong)start)).ToArray()).ToArray();

        lab.Table(
            ["batch size", "epochs", "training loss", "training accuracy", "test accuracy", "sharpness"],
            sizes.Zip(ends, (size, e) => (string[])[
                $"{size}", $"{e.Average(x => x.Epochs):0.0}", $"{e.Average(x => x.Loss):0.000}", $"{e.Average(x => x.Train):P1}",
                    $"{e.Average(x => x.Test):P1}", $"{e.Average(x => x.Sharpness):0.00}"]));
        string[] names = [.. sizes.Select(s => $"{s}")];
        var lines = new Plot("training loss around the end")
        {
            XLabel = "way along the steepest curvature", YLabel = "cross-entropy", Width = 460, Height = 360,
        };
        foreach (int i in new[] { 0, sizes.Length - 1 }) lines.Line(ends[i][0].Around.At, ends[i][0].Around.Loss, $"batches of {sizes[i]}");
        lab.Figure(
            new PlotGrid(
                null, 2, new Plot("sharpness of the end")
                {
                    XLabel = "batch size", YLabel = "largest eigenvalue", Width = 460, Height = 360,
                }.Bar(names, [.. ends.Select(e => e.Average(x => x.Sharpness))]), lines),
            "First: the largest eigenvalue of the Hessian where each training ended. Second: walking away from there along its "
                + "eigenvector, the loss rises more slowly around the end of the small batches.");
        double Mean(int i, Func<End, double> of) => ends[i].Average(of);
        double sharper = Mean(sizes.Length - 1, e => e.Sharpness) / Mean(0, e => e.Sharpness),
            better = Mean(0, e => e.Test) - Mean(sizes.Length - 1, e => e.Test);
        lab.Check(
            $"at a training loss of {Goal} full batches end {sharper:0.00} times as sharp as batches of {sizes[0]}", sharper,
            atLeast: 1.25);
        lab.Check(
            $"the small ones need {Mean(sizes.Length - 1, e => e.Epochs) / Mean(0, e => e.Epochs):0} times fewer epochs",
            Mean(sizes.Length - 1, e => e.Epochs) / Mean(0, e => e.Epochs), atLeast: 10);
        lab.Check($"and are {100 * better:+0.0;-0.0} points better on test data", better, atLeast: -0.02);
    }

    private static End Train(LabContext lab, int size, SmallDigits train, SmallDigits test, ulong seed)
    {
        Generator.SetSeed(seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Tanh());
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.3);
        var order = new Generator(seed + 3);
        int updates = 0;
        while (updates < 20_000 && (updates % 4 != 0 || train.LossOf(model) > Goal))
        {
            foreach (var batch in train.Batches(size, order))
            {
                lab.Cancellation.ThrowIfCancellationRequested();
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(batch.X), batch.Y).Backward();
                optimizer.Step();
                // All end at the same loss, not at the next end of an epoch.
                if (++updates % 4 == 0 && train.LossOf(model) <= Goal) break;
            }
        }
        var objective = new Objective(() => Loss.CrossEntropy(model.Forward(train.X), train.Y), model);
        var steepest = HessianSpectrum.Extreme(objective, largest: 1, cancellation: lab.Cancellation).Largest[0];
        return new(
            (double)updates * size / train.Count, objective.Value(), train.AccuracyOf(model), test.AccuracyOf(model), steepest.Value,
            LossLandscape.Line(objective, Direction.Along(steepest), -1.5, 1.5, points: 41));
    }
}
