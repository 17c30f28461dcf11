using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

internal sealed class FiveOptimizers : Lab
{
    private const int BatchSize = 32;

    public override string Name => "five-optimizers";

    public override string Title => "Adaptive steps train faster on badly scaled data; weight decay narrows the generalisation gap";

    public override string Claim => """
        Digits whose pixels have very different scales, a tenth of the labels wrong, and five optimizers, each at the best of four learning
        rates. Those that scale every parameter's step (RMSProp, Adam, AdamW) get the training loss down in fewer epochs than SGD. Left
        running they learn the wrong labels too, so that training and test accuracy part; AdamW, which shrinks the weights, keeps that gap
        smaller than Adam.
        """;

    public override string Question => "The pixels of images have very different scales: which optimizers suffer from it?";

    public override Guess? Guess => new(
        [
            "All alike: the data are the same for each",
            "SGD and momentum; those that scale the step of each parameter by itself hardly do",
            "Adam most, because it has the most state",
        ],
        Right: 1);

    public override string Explanation => """
        A pixel in units of size $s_j$ makes the gradient of its weight proportional to $s_j$ and the curvature proportional to $s_j^2$.
        With scales from 0.01 to 1 the curvatures differ by a factor of ten thousand. One learning rate for all is limited by the largest
        curvature, and the weights of the weak pixels hardly move.

        RMSProp and Adam divide the step of each weight by the root of its mean squared gradient, $\sqrt{v_j}$, which is proportional to
        $s_j$ too: the scale cancels, at least to first order. This is the same cure as scaling the inputs beforehand, which is why the
        gap closes when features have one scale.

        With a tenth of the labels wrong, a training accuracy near 100 % means that mistakes were learned by heart. AdamW shrinks every
        weight at each step, $w \to (1 - \eta \lambda) w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}$. The decay is not divided by
        $\sqrt{\hat{v}}$ as an L2 term in the loss would be, so it acts on all weights alike, and leaves less room for learning by heart.
        The gap is smaller; whether the test accuracy is higher depends on the decay and the data.
        """;

    public override string Falsified => """
        SGD at its best rate that needs fewer than 1.8 times the epochs of Adam on these data, or a gap of AdamW that is not clearly below
        Adam's.
        """;

    public override IReadOnlyList<string> Next => ["adam-generalises", "feature-scaling", "l1-l2"];

    public override void Example(TextWriter output)
    {
        // The second feature counts as much as the first, but is measured in units that make its numbers forty times smaller.
        var x = Tensor.Randn(new Shape(200, 2), DType.Float64, generator: new Generator(1)) * Tensor.From(1.0, 0.025);
        var y = x.MatMul(Tensor.From<double>([1, 40], new Shape(2, 1)));
        int StepsTo(double goal, Func<Parameter, Optimizer> make)
        {
            var w = new Parameter(Tensor.Zeros(new Shape(2, 1), DType.Float64));
            var optimizer = make(w);
            for (int step = 0; step < 3000; step++)
            {
                optimizer.ZeroGrad();
                var loss = Loss.Mse(x.MatMul(w.Value), y);
                if (loss.Item<double>() < goal) return step;
                loss.Backward();
                optimizer.Step();
            }
            return 3000;
        }

        output.WriteLine($"SGD, rate 0.9:  {StepsTo(0.05, w => new Sgd([w], 0.9))} steps");
        output.WriteLine($"Adam, rate 0.9: {StepsTo(0.05, w => new Adam([w], 0.9))} steps");
    }

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
        Outcome Of(string name, double rate, Func<IReadOnlyList<Parameter>, double, Optimizer> make, ulong seed)
            => Train(
                lab, name, rate, p => make(p, rate), Scaled(SmallDigits.Make(500, seed, wrong: 0.1)),
                Scaled(SmallDigits.Make(1000, seed + 50)), seed);
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
        // The rates are chosen at the first seed, and kept for the others.
        var seeds = lab.Seeds(full: 6);
        var first = methods.Select(m => m.Rates.Select(rate => Of(m.Name, rate, m.Make, seeds[0])).MinBy(r => (r.Epochs, r.Losses[^1]))!)
            .ToArray();
        Outcome[][] runs =
            [.. methods.Select((m, i) => (Outcome[])[first[i], .. seeds.Skip(1).Select(s => Of(m.Name, first[i].Rate, m.Make, s))])];
        Spread Over(int method, Func<Outcome, double> of) => new(runs[method].Select(of));

        lab.Table(
            ["", "best rate", "epochs to a loss of 0.7", "final loss", "training accuracy", "test accuracy", "gap in points"],
            methods.Select(
                (m, i) => (string[])[m.Name, $"{first[i].Rate}", Over(i, r => r.Epochs).Number("0"),
                    Over(i, r => r.Losses[^1]).Number("0.000"),
                    Over(i, r => r.Train).Percent(), Over(i, r => r.Test).Percent(), Over(i, r => 100 * r.Gap).Number("0.0")]));
        lab.Figure(
            Draw([.. methods.Select(m => m.Name)], runs),
            $"First: each at its best rate, the mean over {seeds.Count} seeds of data and weights. Second: accuracies at the end; the "
                + $"difference "
                + "of the two bars is the generalisation gap.");
        var (sgd, adam, adamW) = (Over(0, r => r.Epochs), Over(3, r => r.Epochs), Over(4, r => r.Gap).Mean / Over(3, r => r.Gap).Mean);
        lab.Check($"Adam needs {adam.Number("0")} epochs, SGD {sgd.Number("0")}", sgd.Mean / adam.Mean, atLeast: 1.8);
        lab.Check(
            $"AdamW's gap is {Over(4, r => 100 * r.Gap).Number("0.0")} points and Adam's {Over(3, r => 100 * r.Gap).Number("0.0")}", adamW,
            atMost: 0.9);
    }

    private static Outcome Train(
        LabContext lab, string name, double rate, Func<IReadOnlyList<Parameter>, Optimizer> make, SmallDigits train, SmallDigits test,
        ulong seed)
    {
        Generator.SetSeed(seed);
        var model = Networks.Mlp([SmallDigits.Pixels, 64, 10], () => new Relu());
        var optimizer = make(model.Parameters());
        var order = new Generator(seed + 3);
        var losses = new List<double>();
        foreach (int _ in lab.Steps(lab.Pick(full: 40, reduced: 30)))
        {
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

    private static PlotGrid Draw(string[] names, Outcome[][] runs)
    {
        var loss = new Plot("training loss")
        {
            XLabel = "epoch", YLabel = "cross-entropy", YScale = AxisScale.Log, Width = 500, Height = 400,
        };
        for (int i = 0; i < runs.Length; i++)
            loss.Line([.. runs[i][0].Losses.Select((_, e) => runs[i].Average(r => r.Losses[e]))], names[i]);
        return new PlotGrid(
            null, 2, loss,
            new Plot("accuracy at the end") { YLabel = "share right", Width = 520, Height = 400, YMin = 0.5, YMax = 1 }
                .Bar(names, [.. runs.Select(r => r.Average(o => o.Train))], "training")
                .Bar(names, [.. runs.Select(r => r.Average(o => o.Test))], "test"));
    }
}
