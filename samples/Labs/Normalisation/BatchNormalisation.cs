using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Normalisation;

/// <summary>Batch normalisation: larger rates, sigmoids that learn, and two kinds of statistics.</summary>
internal sealed class BatchNormalisation : Lab
{
    public override string Name => "batch-norm";

    public override string Title => "Batch normalisation at 1, 5 and 30 times the learning rate";

    public override string Claim => """
        With batch normalisation a network learns faster at the same learning rate and still learns at 5 and at 30 times that rate, where
        the plain one fails. Three layers of sigmoids, which do not learn at all without it, learn with it. Evaluation uses running
        statistics: an image then gets the same answer alone and in a batch, which statistics of the batch do not give, and a batch of one
        has none. γ and β begin as 1 and 0 and can undo the normalisation: with γ = σ and β = μ the layer is the identity.
        """;

    public override string Question => "Why can a network with batch normalisation be trained at a learning rate 30 times as large?";

    public override Guess Guess => new(
        [
            "It makes all gradients smaller, so that the steps stay the same",
            "The layer's output does not depend on the scale of the weights, and larger weights get smaller gradients",
            "It removes the nonlinearity, so that the loss becomes a parabola",
            "It averages the gradients of several batches",
        ],
        Right: 1);

    public override string Explanation => """
        For each unit the layer takes mean and variance over the batch and computes
        $\hat{z} = \frac{z - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}$ and then $y = \gamma \hat{z} + \beta$. Each unit begins with mean 0 and
        variance 1 whatever the layers before it do, so no layer starts in the saturated part of a sigmoid, and a change in early layers
        shifts the inputs of later ones less (internal covariate shift). The loss surface becomes smoother: gradients vary less along a
        step, so longer steps can be trusted.

        The scale of the weights drops out: $\mathrm{BN}(c \mathbf{W} \mathbf{x}) = \mathrm{BN}(\mathbf{W} \mathbf{x})$ for every $c > 0$.
        Hence the gradient by the weights falls as $\frac{1}{c}$. A step that is too long makes the weights larger, and larger weights take
        relatively smaller steps: the learning rate adjusts itself, where a plain network would diverge.

        In training an example's output depends on the others of its batch, a noise that regularises a little. Evaluation must not depend on
        company, so it uses running averages $\bar{\mu} \to (1 - m) \bar{\mu} + m \mu_B$ collected in training. The method needs batches
        that are not too small and test data of the same distribution as the training data; with a batch of one the variance is not defined.
        """;

    public override string Falsified => """
        A normalised network that needs as many steps as the plain one to reach 80 %, or fails at 30 times the rate; or evaluated outputs
        that change with the other images of the batch.
        """;

    public override IReadOnlyList<string> Next => ["vanishing", "feature-scaling", "initial-variance"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Blobs(512, classes: 4, features: 16, std: 3, seed: 1).All();
        foreach (double rate in new[] { 0.1, 3.0 })
            foreach (bool isNormalised in new[] { false, true })
            {
                Generator.SetSeed(1);
                var layers = new List<Module>();
                for (int l = 0; l < 3; l++)
                {
                    layers.Add(new Linear(l == 0 ? 16 : 32, 32));
                    if (isNormalised) layers.Add(new BatchNorm1d(32));
                    layers.Add(new Relu());
                }
                var network = new Sequential([.. layers, new Linear(32, 4)]);
                var optimizer = new Sgd(network.Parameters(), rate);
                for (int step = 0; step < 40; step++)
                {
                    optimizer.ZeroGrad();
                    Loss.CrossEntropy(network.Forward(x), y).Backward();
                    optimizer.Step();
                }
                network.Eval();
                double accuracy = network.Forward(x).ArgMax(1).Equal(y).To(DType.Float32).Mean().Item();
                output.WriteLine($"rate {rate}, {(isNormalised ? "normalised" : "plain")}: accuracy {accuracy:P0}");
            }
    }

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
            ["network", "learning rate", "steps to 80 %", "final accuracy"],
            results.Select(
                r => (string[])[$"{r.Key.Name}, {Word(r.Key.Kind)}", $"{Rate * r.Key.Times:G2}",
                    r.Value.Steps > steps ? "never" : $"{r.Value.Steps}", $"{r.Value.End:P0}"]));
        lab.Figure(
            new PlotGrid(null, 2, plots),
            $"Three hidden layers on digits. Dashed: plain networks; ×1 is a learning rate of {Rate}. At ×30 the plain ReLU network only "
                + "guesses; the plain sigmoid network does so at every rate.");

        var (plain, normalised) = (results[("ReLU", Kind.Plain, 1)], results[("ReLU", Kind.Normalised, 1)]);
        var (plain30, normalised30) = (results[("ReLU", Kind.Plain, 30)], results[("ReLU", Kind.Normalised, 30)]);
        var (sigmoid, normalisedSigmoid) = (results[("sigmoid", Kind.Plain, 1)], results[("sigmoid", Kind.Normalised, 1)]);
        lab.Check(
            $"80 % of the test digits are right after {normalised.Steps} steps instead of {plain.Steps}"
                + (plain.Steps > steps ? " or more" : ""),
            (double)plain.Steps / normalised.Steps, atLeast: 2.5);
        lab.Check($"at 30 times the rate the normalised network reaches {normalised30.End:P0}", normalised30.End, atLeast: 0.8);
        lab.Check($"at 30 times the rate the plain network reaches {plain30.End:P0}", plain30.End, atMost: 0.5);
        lab.Check($"with sigmoids the normalised network reaches {normalisedSigmoid.End:P0}", normalisedSigmoid.End, atLeast: 0.8);
        lab.Check($"with sigmoids the plain network reaches {sigmoid.End:P0}", sigmoid.End, atMost: 0.3);
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
        lab.Check($"before training |γ − 1| + |β| is {ofGamma + ofBeta:0}", ofGamma + ofBeta, atMost: 0);
        lab.Check($"γ = σ and β = μ give the input back to within {undone:0e0}", undone, atMost: 1e-4);

        double[] Of(Func<BatchNorm1d, Parameter?> which)
            => [.. trained.OfType<BatchNorm1d>().SelectMany(n => which(n)!.Value.ToArray()).Select(v => (double)v)];
        double[] gammas = Of(n => n.Weight), betas = Of(n => n.Bias);
        if (gammas.Length == 0) return;
        lab.Figure(
            new PlotGrid(
                null, 2, new Plot("γ") { XLabel = "γ", YLabel = "units", Width = 460, Height = 300 }.Histogram(gammas)
                    .VerticalLine(1, "initial value"),
                new Plot("β") { XLabel = "β", YLabel = "units", Width = 460, Height = 300 }.Histogram(betas)
                    .VerticalLine(0, "initial value")),
            "γ and β after training: they stay near their initial values, so the normalisation is used and not undone.");
        double used = gammas.Average(g => Math.Abs(g - 1));
        lab.Check($"after training the mean of |γ − 1| is {used:0.00}", used, atMost: 0.5);
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
            lab.Print($"Training with a batch of one is an error: “{e.Message}”");
        }
        lab.Check($"in evaluation the other images change an output by {evaluated:0e0}", evaluated, atMost: 1e-4);
        lab.Check($"with statistics of the batch by {trained:0.0}", trained, atLeast: 0.5);
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
