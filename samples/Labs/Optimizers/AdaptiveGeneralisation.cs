using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Optimizers;

/// <summary>A data set on which Adam provably learns the wrong thing, and one on which it does not.</summary>
internal sealed class AdaptiveGeneralisation : Lab
{
    public override string Name => "adam-generalises";

    public override string Title => "Adam generalises worse than SGD: true on one task, not true on another";

    public override string Claim => """
        Where many solutions fit the training data, the optimizer chooses one. On a task made for it, with one feature that tells the
        class, two that only say which class is the more frequent, and some that each occur in one example, Adam weighs all features
        alike: it fits every training example and answers the frequent class for every new one, where plain descent is right on all. That
        is no law: on digits, each method at its best rate, Adam's test accuracy is no worse. Whether adaptive steps generalise worse
        depends on the task.
        """;

    public override string Question => "Does Adam generalise worse than SGD?";

    public override Guess? Guess => new(
        [
            "Yes, always: adaptive steps find sharper minima",
            "No, never: both minimise the same loss",
            "On some tasks much worse, on others not: it depends on which solution the data reward",
        ],
        Right: 2);

    public override string Explanation => """
        With more weights than examples many solutions have zero training loss. Descent on squares from zero ends at $\mathbf{w} =
        \mathbf{X}^T \mathbf{a}$, the solution of least norm: a feature gets weight in proportion to how consistently it goes with the
        label. The feature that tells the class is right in every example, the constant ones are right in 70 % and wrong in 30 %, so that
        the first outweighs them.

        Adam divides each component of the gradient by its own size. In this construction the gradients stay such that all weights move by
        the same amount, $\mathbf{w} = \tau \cdot \mathrm{sign}(\mathbf{X}^T \mathbf{y})$. Then a new example, whose own features were
        never seen, gets the score $\tau (y + 1 + 1)$ from the three features it shares with the others: above zero for $y = 1$ and for $y
        = -1$. Hence the frequent class, always.

        The construction is by Wilson and others (2017). It needs features that are rare and features that only reflect frequencies, and
        no regularisation. On digits, where pixels are alike in kind, the difference vanishes as soon as each method gets its own best
        learning rate; many reported gaps come from tuning only one of them, or from weight decay that acts differently in both.
        """;

    public override string Falsified => """
        Plain descent that errs on new examples of the constructed task, Adam that is right on clearly more than the share of the frequent
        class, or an SGD that beats Adam on the digits by more than 1.5 points.
        """;

    public override IReadOnlyList<string> Next => ["five-optimizers", "small-against-large", "l1-l2"];

    public override void Example(TextWriter output)
    {
        // Features: the label, two constants, and five columns of its own for each example. Seven of ten labels are +1.
        const int count = 20, news = 20, width = 3 + 5 * (count + news);
        double[,] x = new double[count + news, width], y = new double[count + news, 1];
        for (int i = 0; i < count + news; i++)
        {
            y[i, 0] = i % 10 < 7 ? 1 : -1;
            (x[i, 0], x[i, 1], x[i, 2]) = (y[i, 0], 1, 1);
            for (int k = 0; k < (y[i, 0] > 0 ? 1 : 5); k++) x[i, 3 + 5 * i + k] = 1;
        }
        Tensor inputs = Tensor.From(x), labels = Tensor.From(y);
        foreach (var (name, make) in new (string, Func<Parameter, Optimizer>)[]
            { ("plain descent", w => new Sgd([w], 0.02)), ("Adam", w => new Adam([w], 0.01)) })
        {
            var w = new Parameter(Tensor.Zeros(new Shape(width, 1), DType.Float64));
            var optimizer = make(w);
            for (int step = 0; step < 1500; step++)
            {
                optimizer.ZeroGrad();
                Loss.Mse(inputs[..count].MatMul(w.Value), labels[..count]).Backward();
                optimizer.Step();
            }
            var right = (inputs.MatMul(w.Value) * labels > 0).To(DType.Float64);
            output.WriteLine($"{name}: right on {right[..count].Mean().Item<double>():P0} of the examples it was trained on, "
                + $"on {right[count..].Mean().Item<double>():P0} of new ones");
        }
    }

    public override IReadOnlyList<string> Mutations => ["classes equally frequent", "Adam replaced by plain descent"];

    public override void Run(LabContext lab)
    {
        MadeForIt(lab);
        OnDigits(lab);
    }

    /// <summary>
    /// The construction of Wilson and others (2017). With it the vector sign(Xᵀy) gives every example the right sign, with the same margin.
    /// Adam's steps from zero stay on that vector.
    /// </summary>
    private static void MadeForIt(LabContext lab)
    {
        const int count = 50, news = 200;
        double frequent = lab.Mutated("classes equally frequent") ? 0.5 : 0.7;
        var (x, y) = Task(count, frequent, count + news, first: 0);
        var (newX, newY) = Task(news, frequent, count + news, first: count);
        int steps = lab.Pick(full: 4000, reduced: 1500);
        (string Name, Func<Parameter, Optimizer> Make)[] methods =
        [
            ("plain descent", p => new Sgd([p], 0.02)),
            ("momentum", p => new Sgd([p], 0.002, momentum: 0.9)),
            ("Adam", p => lab.Mutated("Adam replaced by plain descent") ? new Sgd([p], 0.02) : new Adam([p], 0.01)),
            ("RMSProp", p => new RmsProp([p], 0.0005)),
        ];
        var rows = new List<(string Name, double Train, double Test, double Positive)>();
        foreach (var (name, make) in methods)
        {
            var w = new Parameter(Tensor.Zeros(new Shape(x.Shape[1]), DType.Float64));
            Descent.Run(make(w), lab.Steps(steps), () => (x.MatMul(w.Value) - y).Square().Mean());
            double Right(Tensor inputs, Tensor labels)
                => (inputs.MatMul(w.Value) * labels > 0).To(DType.Float64).Mean().Item<double>();
            rows.Add((name, Right(x, y), Right(newX, newY), (newX.MatMul(w.Value) > 0).To(DType.Float64).Mean().Item<double>()));
        }
        lab.Table(
            ["on the task made for it", "right on training examples", "right on new ones", "answers the frequent class"],
            rows.Select(r => (string[])[r.Name, $"{r.Train:P0}", $"{r.Test:P0}", $"{r.Positive:P0}"]));
        lab.Figure(
            new Plot("A task made for it") { YLabel = "share right", YMin = 0, YMax = 1.02 }
                .Bar([.. rows.Select(r => r.Name)], [.. rows.Select(r => r.Train)], "training examples")
                .Bar([.. rows.Select(r => r.Name)], [.. rows.Select(r => r.Test)], "new examples"),
            "All four fit the training examples. The adaptive ones answer the frequent class whatever they are shown.");
        lab.Check($"plain descent is right on {rows[0].Test:P0} of new examples", rows[0].Test, atLeast: 1);
        lab.Check($"Adam fits {rows[2].Train:P0} of the training examples", rows[2].Train, atLeast: 1);
        lab.Check($"and is right on {rows[2].Test:P0} of new ones", rows[2].Test, atLeast: 0.65, atMost: 0.75);
        lab.Check($"it answers the frequent class for {rows[2].Positive:P0}", rows[2].Positive, atLeast: 1);
    }

    /// <summary>
    /// Examples with the label as their first feature, two constant ones, and five of their own, of which the frequent class sets one and
    /// the other all.
    /// </summary>
    private static (Tensor X, Tensor Y) Task(int count, double frequent, int all, int first)
    {
        var x = new double[count, 3 + 5 * all];
        var y = new double[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = i % 10 < 10 * frequent ? 1 : -1;
            (x[i, 0], x[i, 1], x[i, 2]) = (y[i], 1, 1);
            for (int own = 0; own < (y[i] > 0 ? 1 : 5); own++) x[i, 3 + 5 * (first + i) + own] = 1;
        }
        return (Tensor.From(x), Tensor.From(y));
    }

    private static void OnDigits(LabContext lab)
    {
        const int batch = 32;
        var seeds = lab.Seeds(full: 6, reduced: 2);
        (string Name, double[] Rates, Func<IReadOnlyList<Parameter>, double, Optimizer> Make)[] methods =
        [
            ("SGD", [0.03, 0.1, 0.3], (p, rate) => new Sgd(p, rate)),
            ("momentum", [0.003, 0.01, 0.03], (p, rate) => new Sgd(p, rate, momentum: 0.9)),
            ("Adam", [0.001, 0.003, 0.01], (p, rate) => new Adam(p, rate)),
        ];
        var best = new List<(string Name, double Rate, Spread Test)>();
        foreach (var (name, rates, make) in methods)
        {
            best.Add(rates.Select(rate => (name, rate, new Spread(seeds.Select(seed => Accuracy(seed, rate, make)))))
                .MaxBy(r => r.Item3.Mean));
        }
        double behind = best.Take(2).Max(b => b.Test.Mean) - best[2].Test.Mean;
        lab.Table(
            ["on digits", "best rate", "test accuracy"], best.Select(b => (string[])[b.Name, $"{b.Rate}", b.Test.Percent("0.0")]));
        lab.Figure(
            new Plot("Digits") { YLabel = "test accuracy", YMin = 0.7, YMax = 1 }
                .Bar(
                    [.. best.Select(b => b.Name)], [.. best.Select(b => b.Test.Mean)],
                    errors: [.. best.Select(b => (b.Test.Max - b.Test.Min) / 2)]),
            $"The mean over {seeds.Count} seeds of data and weights, each method at the best of three rates; the ends of the bars reach "
                + $"from "
                + "the least to the greatest.");
        lab.Check($"on digits the better of the other two is {100 * behind:+0.0;-0.0} points ahead of Adam", behind, atMost: 0.015);

        double Accuracy(ulong seed, double rate, Func<IReadOnlyList<Parameter>, double, Optimizer> make)
        {
            var (train, test) = (SmallDigits.Make(500, seed), SmallDigits.Make(1000, seed + 50));
            Generator.SetSeed(seed);
            var model = Networks.Mlp([SmallDigits.Pixels, 64, 10], () => new Relu());
            var optimizer = make(model.Parameters(), rate);
            var order = new Generator(seed + 3);
            foreach (int _ in lab.Steps(lab.Pick(full: 30, reduced: 15)))
                foreach (var part in train.Batches(batch, order))
                    Descent.Run(optimizer, [0], () => Loss.CrossEntropy(model.Forward(part.X), part.Y));
            return test.AccuracyOf(model);
        }
    }
}
