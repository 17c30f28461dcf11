using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class FiveOptimizers : Lab
{
    private const int BatchSize = 32;

    public override int Number => 14;

    public override string Name => "five-optimizers";

    public override string Title => "Adaptive steps train faster on badly scaled data; decay of weights narrows the gap they leave";

    public override string Claim => """
        Digits whose pixels have very different scales, a tenth of the labels wrong, and five optimizers, each at the best of four learning
        rates. Those that scale every parameter's step (RMSProp, Adam, AdamW) get the training loss down in fewer epochs than SGD. Left
        running they learn the wrong labels too, so that training and test accuracy part; AdamW, which shrinks the weights, keeps that gap
        smaller than Adam. Five epochs of Adam and then SGD end better on test data than SGD alone.
        """;

    public override IReadOnlyList<string> Mutations => ["features of one scale", "no weight decay"];

    private sealed record Outcome(string Name, double Rate, double[] Losses, double Train, double Test)
    {
        public double Gap => Train - Test;

        /// <summary>The first epoch after which the training loss is below 0.7.</summary>
        public int Epochs => Array.FindIndex(Losses, l => l < 0.7) is var i and >= 0 ? i + 1 : 999;
    }

    public override void Run(LabContext lab)
    {
        // Every pixel in units of its own: between a hundredth and one.
        var scale = lab.Mutated("features of one scale")
            ? Tensor.Full(new Shape(SmallDigits.Pixels), 1)
            : Tensor.Uniform(new Shape(SmallDigits.Pixels), Math.Log(0.01), 0, generator: lab.Random).Exp();
        SmallDigits Scaled(SmallDigits digits) => new(digits.X * scale, digits.Y);
        var train = Scaled(SmallDigits.Make(500, lab.Seed, wrong: 0.1));
        var test = Scaled(SmallDigits.Make(1000, lab.Seed + 50));
        double weightDecay = lab.Mutated("no weight decay") ? 0 : 0.3;

        (string Name, double[] Rates, Func<IReadOnlyList<Parameter>, double, Optimizer> Make)[] methods =
        [
            ("SGD", lab.Pick<double[]>([0.1, 0.3, 1, 3], [0.3, 1]), (p, rate) => new Sgd(p, rate)),
            ("momentum", lab.Pick<double[]>([0.01, 0.03, 0.1, 0.3], [0.1, 0.3]), (p, rate) => new Sgd(p, rate, momentum: 0.9)),
            ("RMSProp", lab.Pick<double[]>([0.001, 0.003, 0.01, 0.03], [0.01, 0.03]), (p, rate) => new RmsProp(p, rate)),
            ("Adam", lab.Pick<double[]>([0.001, 0.003, 0.01, 0.03], [0.01, 0.03]), (p, rate) => new Adam(p, rate)),
            ("AdamW", lab.Pick<double[]>([0.001, 0.003, 0.01, 0.03], [0.01, 0.03]),
                (p, rate) => new AdamW(p, rate) { WeightDecay = weightDecay }),
        ];
        var best = methods.Select(
            m => m.Rates.Select(rate => Train(lab, m.Name, rate, p => m.Make(p, rate), train, test)).MinBy(r => (r.Epochs, r.Losses[^1]))!)
                .ToList();
        var (sgd, adam, adamW) = (best[0], best[3], best[4]);
        best.Add(Train(lab, "Adam, then SGD", adam.Rate, p => new Adam(p, adam.Rate), train, test, switchAfter: 5, sgd.Rate));

        lab.Table(
            ["", "best rate", "epochs to a loss of 0.7", "final loss", "training accuracy", "test accuracy", "gap"],
            best.Select(
                r => (string[])[r.Name, $"{r.Rate}", $"{r.Epochs}", $"{r.Losses[^1]:0.000}", $"{r.Train:P1}", $"{r.Test:P1}",
                    $"{100 * r.Gap:0.0} points"]));
        lab.Figure(
            Draw(best),
            "First: each at its best rate. Second: accuracies at the end; the difference of the two bars is the generalisation gap.");
        double faster = (double)sgd.Epochs / adam.Epochs;
        lab.Check($"Adam needs {adam.Epochs} epochs, SGD {sgd.Epochs}", faster, atLeast: 1.8);
        lab.Check($"AdamW's gap is {100 * adamW.Gap:0.0} points and Adam's {100 * adam.Gap:0.0}", adamW.Gap / adam.Gap, atMost: 0.8);
        lab.Check(
            $"Adam and then SGD is {100 * (best[^1].Test - sgd.Test):0.0} points above SGD on test data", best[^1].Test - sgd.Test,
            atLeast: 0.01);
    }

    private static Outcome Train(
        LabContext lab, string name, double rate, Func<IReadOnlyList<Parameter>, Optimizer> make, SmallDigits train, SmallDigits test,
            int switchAfter = int.MaxValue, double switchTo = 0)
    {
        Generator.SetSeed(lab.Seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 64, 10], () => new Relu());
        var optimizer = make(model.Parameters());
        var order = new Generator(lab.Seed + 3);
        var losses = new List<double>();
        foreach (int epoch in lab.Steps(lab.Pick(full: 40, reduced: 30)))
        {
            if (epoch == switchAfter) optimizer = new Sgd(model.Parameters(), switchTo);
            foreach (var batch in train.Batches(BatchSize, order))
            {
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(batch.X), batch.Y).Backward();
                optimizer.Step();
            }
            losses.Add(train.LossOf(model));
        }
        return new(name, rate, [.. losses], train.AccuracyOf(model), test.AccuracyOf(model));
    }

    private static PlotGrid Draw(List<Outcome> runs)
    {
        var loss = new Plot("training loss")
        {
            XLabel = "epoch", YLabel = "cross-entropy", YScale = AxisScale.Log, Width = 500, Height = 400,
        };
        foreach (var run in runs)
            loss.Line(
                [.. Enumerable.Range(1, run.Losses.Length).Select(e => (double)e)], run.Losses, run.Name,
                run.Name.Contains(',', StringComparison.Ordinal) ? LineStyle.Dashed : LineStyle.Solid);
        string[] names = [.. runs.Select(r => r.Name.Replace(", then", " →", StringComparison.Ordinal))];
        return new PlotGrid(
            null, 2, loss,
            new Plot("accuracy at the end")
            {
                YLabel = "share right", Width = 520, Height = 400, YMin = 0.5, YMax = 1,
            }.Bar(names, [.. runs.Select(r => r.Train)], "training").Bar(names, [.. runs.Select(r => r.Test)], "test"));
    }
}
