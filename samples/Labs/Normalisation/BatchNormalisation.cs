using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Normalisation;

/// <summary>Batch normalisation: larger rates, sigmoids that learn, and two kinds of statistics.</summary>
internal sealed class BatchNormalisation : Lab
{
    public override string Name => "batch-norm";

    public override string Title => "Batch normalisation at 1, 5 and 30 times the learning rate";

    public override string Claim => """
        With batch normalisation a network learns faster at the same rate and still learns at 5 and at 30 times that rate, where the plain
        one is destroyed. Sigmoids in three layers, which do not learn at all without it, learn with it. Evaluation uses running
        statistics: they give an image the same answer alone and in company, where statistics of the batch do not, and a batch of one has
        none. Its γ and β begin as 1 and 0 and can undo it: with γ the deviation and β the mean the layer computes nothing at all.
        """;

    public override IReadOnlyList<string> Mutations => ["no batch normalisation", "running statistics never updated"];

    private const double Rate = 0.1;
    private const int Every = 10;           // steps between two looks at the test accuracy

    private enum Kind { Plain, Normalised }

    private sealed record Trained(Sequential Network, List<double> Accuracies)
    {
        public double End => Accuracies[^1];

        /// <summary>The steps until 80 % of the test digits are right; all of them if that never happens.</summary>
        public int Steps => Every * (Accuracies.FindIndex(a => a >= 0.8) is var at and >= 0 ? at : Accuracies.Count);
    }

    public override void Run(LabContext lab)
    {
        int steps = lab.Pick(full: 400, reduced: 150);
        var train = DigitImages.Rows(lab.Pick(full: 2000, reduced: 800), seed: 1);
        var test = DigitImages.Rows(300, seed: 2);
        (Kind Kind, double Times)[] ways =
            [(Kind.Plain, 1), (Kind.Normalised, 1), (Kind.Normalised, 5), (Kind.Normalised, 30), (Kind.Plain, 5), (Kind.Plain, 30)];

        var results = new Dictionary<(string Name, Kind Kind, double Times), Trained>();
        var plots = new List<Plot>();
        foreach (var (name, activation) in new (string, Func<Module>)[] { ("ReLU", () => new Relu()), ("sigmoid", () => new Sigmoid()) })
        {
            var plot = new Plot(name)
            {
                XLabel = "step", YLabel = "accuracy on test digits", YMin = 0, YMax = 1, Width = 500, Legend = LegendPlace.Below,
            };
            foreach (var (kind, times) in ways)
            {
                var run = results[(name, kind, times)] = Train(lab, Network(lab, activation, kind), Rate * times, steps, train, test);
                double[] at = [.. run.Accuracies.Select((_, i) => (double)(i * Every))];
                plot.Line(at, run.Accuracies, $"{Word(kind)}, ×{times}", kind == Kind.Plain ? LineStyle.Dashed : LineStyle.Solid);
            }
            plots.Add(plot);
        }
        static string Word(Kind kind) => kind.ToString().ToLowerInvariant();
        lab.Table(
            ["network", "rate", "steps to 80 %", "accuracy in the end"],
            results.Select(
                r => (string[])[$"{r.Key.Name}, {Word(r.Key.Kind)}", $"{Rate * r.Key.Times:G2}",
                    r.Value.Steps > steps ? "never" : $"{r.Value.Steps}", $"{r.Value.End:P0}"]));
        lab.Figure(
            new PlotGrid(null, 2, plots),
            $"Three hidden layers on digits. Dashed: plain networks; ×1 is a rate of {Rate}. At 30 times it the plain ReLU network is at "
                + "chance, where the plain sigmoids are at every rate.");

        var (plain, normalised) = (results[("ReLU", Kind.Plain, 1)], results[("ReLU", Kind.Normalised, 1)]);
        var (plain30, normalised30) = (results[("ReLU", Kind.Plain, 30)], results[("ReLU", Kind.Normalised, 30)]);
        var (sigmoid, normalisedSigmoid) = (results[("sigmoid", Kind.Plain, 1)], results[("sigmoid", Kind.Normalised, 1)]);
        lab.Check(
            $"80 % after {normalised.Steps} steps instead of {plain.Steps}{(plain.Steps > steps ? " or more" : "")}",
            (double)plain.Steps / normalised.Steps, atLeast: 2.5);
        lab.Check($"{normalised30.End:P0} at 30 times the rate", normalised30.End, atLeast: 0.8);
        lab.Check($"{plain30.End:P0} without", plain30.End, atMost: 0.5);
        lab.Check($"sigmoids: {normalisedSigmoid.End:P0}", normalisedSigmoid.End, atLeast: 0.8);
        lab.Check($"{sigmoid.End:P0} without", sigmoid.End, atMost: 0.3);
        CheckStatistics(lab, normalised.Network, test.X);
        CheckGammaAndBeta(lab, normalised.Network);
    }

    /// <summary>Checks γ and β before training, as an identity, and after it.</summary>
    private static void CheckGammaAndBeta(LabContext lab, Sequential trained)
    {
        var x = 3 * Tensor.Randn(new Shape(256, 8), generator: lab.Random) + 5;
        var layer = new BatchNorm1d(8, epsilon: 0);
        double ofGamma = (layer.Weight!.Value - 1).Abs().Max().Item<float>(), ofBeta = layer.Bias!.Value.Abs().Max().Item<float>();
        using (Autograd.NoGrad())
        {
            layer.Weight.Value.CopyFrom(x.Var(0, correction: 0).Sqrt());
            layer.Bias.Value.CopyFrom(x.Mean(0));
        }
        double undone = (layer.Forward(x) - x).Abs().Max().Item<float>();
        lab.Check($"γ − 1 and β are {ofGamma + ofBeta:0} before training", ofGamma + ofBeta, atMost: 0);
        lab.Check($"γ = σ and β = μ give the input back to within {undone:0e0}", undone, atMost: 1e-4);

        double[] Of(Func<BatchNorm1d, Parameter?> which)
            => [.. trained.OfType<BatchNorm1d>().SelectMany(n => which(n)!.Value.ToArray()).Select(v => (double)v)];
        double[] gammas = Of(n => n.Weight), betas = Of(n => n.Bias);
        if (gammas.Length == 0) return;
        lab.Figure(
            new PlotGrid(
                null, 2, new Plot("γ") { XLabel = "γ", YLabel = "units", Width = 460, Height = 300 }.Histogram(gammas)
                    .VerticalLine(1, "at first"),
                new Plot("β") { XLabel = "β", YLabel = "units", Width = 460, Height = 300 }.Histogram(betas).VerticalLine(0, "at first")),
            "What training made of γ and β: they stay near where they began, so the normalisation is used and not undone.");
        double used = gammas.Average(g => Math.Abs(g - 1));
        lab.Check($"after training γ is {used:0.00} from 1 on the mean", used, atMost: 0.5);
    }

    /// <summary>The first digit's outputs in different company.</summary>
    private static void CheckStatistics(LabContext lab, Sequential network, Tensor x)
    {
        double Difference(Tensor a, Tensor b) => (a - b).Abs().Max().Item<float>();
        double evaluated = Difference(Evaluate.Output(network, x[..1]), Evaluate.Output(network, x)[..1]);
        network.Train();
        double trained = Difference(network.Forward(x[..2])[..1], network.Forward(x[..64])[..1]);
        bool refused = false;
        try
        {
            network.Forward(x[..1]);
        }
        catch (ArgumentException e)
        {
            refused = true;
            lab.Print($"A batch of one while training is an error: “{e.Message}”");
        }
        lab.Check($"evaluated, an output moves by {evaluated:0e0} with company", evaluated, atMost: 1e-4);
        lab.Check($"by statistics of the batch, by {trained:0.0}", trained, atLeast: 0.5);
        lab.Check($"a batch of one is {(refused ? "refused" : "accepted")}", refused ? 1 : 0, atLeast: 1);
    }

    private static Trained Train(
        LabContext lab, Sequential network, double rate, int steps, (Tensor X, Tensor Y) train, (Tensor X, Tensor Y) test)
    {
        var generator = new Generator(lab.Seed);
        var accuracies = new List<double> { Networks.Accuracy(network, test.X, test.Y) };
        Descent.Run(new Sgd(network.Parameters(), rate), lab.Steps(steps), _ =>
        {
            var (x, y) = Descent.Batch(train.X, train.Y, 64, generator);
            return Loss.CrossEntropy(network.Forward(x), y);
        }, step =>
        {
            if ((step + 1) % Every == 0) accuracies.Add(Networks.Accuracy(network, test.X, test.Y));
        });
        return new(network, accuracies);
    }

    private static Sequential Network(LabContext lab, Func<Module> activation, Kind kind)
    {
        Generator.SetSeed(lab.Seed);        // the same first weights for all
        bool isNormalised = kind == Kind.Normalised && !lab.Mutated("no batch normalisation");
        double momentum = lab.Mutated("running statistics never updated") ? 0 : 0.1;
        int[] widths = [DigitImages.Pixels, 64, 64, 64];
        var parts = new List<Module>();
        for (int i = 1; i < widths.Length; i++)
        {
            parts.Add(new Linear(widths[i - 1], widths[i]));
            if (isNormalised) parts.Add(new BatchNorm1d(widths[i], momentum: momentum));
            parts.Add(activation());
        }
        parts.Add(new Linear(widths[^1], DigitImages.Classes));
        return new Sequential(parts);
    }
}
