using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Bagging, and adversarial training.</summary>
internal sealed class BaggingAndAttacks : Lab
{
    public override string Name => "bagging-and-attacks";

    public override string Title => "Bagging, and training on adversarial examples";

    public override string Claim => """
        Models that over-fit err in different ways: those trained on bootstrap samples of the same data err less together than they do alone
        on average, and less than most of them. And models that are right on new examples are still brittle: a change too small to matter,
        along the sign of the gradient, makes an ordinary one wrong on most digits. One trained on such changes stays right on most.
        """;

    public override string Question => "A model is right on 97 % of new digits. Is it safe against a change of each pixel by at most 6 %?";

    public override Guess Guess => new(
        [
            "Yes: random noise of that size hardly matters",
            "No: if all pixels change along the sign of the gradient, their effects add up",
            "Yes, if it was trained with enough data",
            "No, but an ensemble of such models is safe",
        ],
        Right: 1);

    public override string Explanation => """
        Bagging: let $m$ models have errors of variance $s^2$ and pairwise correlation $\rho$. The variance of their mean is
        $\rho s^2 + \frac{1 - \rho}{m} s^2$: averaging removes what they do not share. Bootstrap samples, drawn with replacement, leave out
        about a third of the examples each, so models of high variance come out different. What all models get wrong together stays, and a
        stable model gains nothing.

        Attacks: to first order a change $\mathbf{d}$ of the image raises the loss by $\mathbf{d} \cdot \nabla_{\mathbf{x}} L$. Among all
        changes of at most $\epsilon$ in each pixel the largest is $\mathbf{d} = \epsilon \cdot \mathrm{sign}(\nabla_{\mathbf{x}} L)$, and
        it raises the loss by $\epsilon \sum_{i} |\frac{\partial L}{\partial x_i}|$. The sum over 196 pixels is large although each
        $\epsilon$ is small; a random change of the same size has terms of both signs that mostly cancel. So brittleness is due to many
        dimensions and nearly linear behaviour, and not to noise.

        Adversarial training minimises the loss after the worst change,
        $\min_{\mathbf{w}} \mathrm{E}[\max_{\mathbf{d}} L(\mathbf{x} + \mathbf{d})]$, with one gradient step in place of the inner maximum.
        It protects against changes of the size it was trained on, costs twice the time and some accuracy on unchanged images, and several
        smaller attack steps are stronger than the single one used here.
        """;

    public override string Falsified => """
        Members that together err as much as alone on average; or an ordinary model that stays right on more than 35 % of the digits under
        the attack, or training on attacks that does not help.
        """;

    public override IReadOnlyList<string> Next => ["boosting", "dropout", "uncertainty"];

    public override void Example(TextWriter output)
    {
        var (x, y) = SyntheticData.Digits(400, seed: 1).All();
        x = x.AvgPool2d(2).Flatten(1);
        var (testX, testY) = (x[300..], y[300..]);
        foreach (double radius in new[] { 0, 0.06 })
        {
            Generator.SetSeed(1);
            var network = new Sequential(new Linear(196, 64), new Relu(), new Linear(64, 10));
            Tensor Attacked(Tensor images, Tensor labels, double size)
                => Adversarial.SignStep(changed => Loss.CrossEntropy(network.Forward(changed), labels), images, size, low: 0, high: 1);
            double Accuracy(Tensor images) => network.Forward(images).ArgMax(1).Equal(testY).To(DType.Float32).Mean().Item();

            var optimizer = new Adam(network.Parameters(), learningRate: 3e-3);
            for (int step = 0; step < 120; step++)
            {
                using var scope = Memory.Scope();
                var shown = radius == 0 ? x[..300] : Attacked(x[..300], y[..300], radius);
                optimizer.ZeroGrad();
                Loss.CrossEntropy(network.Forward(shown), y[..300]).Backward();
                optimizer.Step();
            }
            output.WriteLine(
                $"{(radius == 0 ? "ordinary" : "adversarial")} training: accuracy {Accuracy(testX):P0}, "
                    + $"under attack {Accuracy(Attacked(testX, testY, 0.06)):P0}");
        }
    }

    public override IReadOnlyList<string> Mutations
        => ["all members the same", "change in a random direction", "trained on plain digits only"];

    public override void Run(LabContext lab)
    {
        Bagging(lab);
        Attacks(lab);
    }

    private static void Bagging(LabContext lab)
    {
        int count = lab.Pick(full: 25, reduced: 12);
        var seeds = lab.Seeds(full: 8, reduced: 2);
        var trials = seeds.Select(seed => Committee(lab, count, seed)).ToArray();
        double[] counts = Fit.Grid(1, count, count);
        Spread[] together = [.. Enumerable.Range(0, count).Select(k => new Spread(trials.Select(t => t.Together[k])))];
        var ratio = new Spread(trials.Select(t => t.Together[^1] / t.Alone.Average()));
        var rank = new Spread(trials.Select(t => t.Alone.Count(a => a < t.Together[^1]) / (double)count));

        lab.Figure(
            new Plot("The mean of several members") { XLabel = "members", YLabel = "share of new points answered wrongly" }
                .Spreads(counts, together, "mean of their probabilities", color: 0)
                .HorizontalLine(trials.Average(t => t.Alone.Average()), "members alone, on average"),
            $"{seeds.Count} times a hundred points; each member was trained on another bootstrap sample of them. The line is the mean over "
                + "trials and over choices of the members, the band reaches from the smallest to the largest trial.");
        lab.Check(
            $"alone the members err on {trials.Average(t => t.Alone.Average()):P1}, together on {together[^1].Percent("0.0")}", ratio.Mean,
            atMost: 0.92);
        lab.Check($"together they err less than alone on average in {ratio.Values.Count(r => r < 1)} of {seeds.Count} trials",
            ratio.Max, atMost: 0.999);
        lab.Check($"{rank.Percent()} of the members are better than all together", rank.Mean, atMost: 0.25);
    }

    /// <summary>The errors of members alone, and of any k together: the mean over ten choices of them.</summary>
    private static (double[] Alone, double[] Together) Committee(LabContext lab, int count, ulong seed)
    {
        var train = SyntheticData.Moons(100, noise: 0.35, seed: seed);
        var (testX, testY) = SyntheticData.Moons(2000, noise: 0.35, seed: seed + 500).All();
        var answers = new List<Tensor>();
        for (int m = 0; m < count; m++)
        {
            ulong own = lab.Mutated("all members the same") ? seed : seed + (ulong)m;
            Generator.SetSeed(own);
            var (x, y) = train.Bootstrap(own).Train.All();
            var member = Networks.Mlp([2, 32, 32, 2], () => new Relu());
            Descent.Run(
                new Adam(member.Parameters(), learningRate: 0.01), lab.Steps(lab.Pick(full: 400, reduced: 200)),
                () => Loss.CrossEntropy(member.Forward(x), y));
            answers.Add(Evaluate.Output(member, testX).Softmax(1));
        }
        double Error(IEnumerable<Tensor> of)
            => of.Aggregate((a, b) => a + b).ArgMax(1).NotEqual(testY).To(DType.Float64).Mean().Item<double>();
        var order = new Random((int)seed);
        double[] together = [.. Enumerable.Range(1, count).Select(k => Enumerable.Range(0, k == count ? 1 : 10).Average(_ =>
        {
            Tensor[] shuffled = [.. answers];
            order.Shuffle(shuffled);
            return Error(shuffled.Take(k));
        }))];
        return ([.. answers.Select(a => Error([a]))], together);
    }

    private static void Attacks(LabContext lab)
    {
        double[] radii = lab.Pick<double[]>(full: [0, 0.02, 0.04, 0.06, 0.08, 0.1], reduced: [0, 0.06]);
        const double trainedRadius = 0.06;
        int at = Array.IndexOf(radii, trainedRadius);
        var train = DigitImages.Rows(lab.Pick(full: 3000, reduced: 1500), seed: 1);
        var test = DigitImages.Rows(400, seed: 2);
        bool isHardened = !lab.Mutated("trained on plain digits only");

        var plain = Train(0);
        var hardened = Train(isHardened ? trainedRadius : 0);
        double[] ofPlain = [.. radii.Select(r => Accuracy(plain, r))], ofHardened = [.. radii.Select(r => Accuracy(hardened, r))];

        lab.Figure(new Plot("Accuracy under attack")
        {
            XLabel = "largest change of a pixel (values from 0 to 1)", YLabel = "accuracy on new digits", YMin = 0, YMax = 1.02,
            Legend = LegendPlace.BottomLeft
        }
            .Line(radii, ofPlain, "ordinary training", markers: true)
            .Line(radii, ofHardened, $"trained on changes up to {trainedRadius}", markers: true),
            "The attack is the fast gradient sign method.");
        lab.Figure(
            Images(plain, test.X[3..4], test.Y[3..4]),
            "A digit, the change, and their sum, which the ordinary model classifies as another digit.");
        lab.Check($"the ordinary model is right on {ofPlain[0]:P0} of new digits", ofPlain[0], atLeast: 0.9);
        lab.Check($"under attack on {ofPlain[at]:P0}", ofPlain[at], atMost: 0.35);
        lab.Check($"the model trained on attacks is then right on {ofHardened[at]:P0}", ofHardened[at], atLeast: 0.65);

        Sequential Train(double radius)
        {
            Generator.SetSeed(lab.Seed);
            var network = Networks.Mlp([DigitImages.Pixels, 96, DigitImages.Classes], () => new Relu());
            var generator = new Generator(lab.Seed);
            Descent.Run(new Adam(network.Parameters(), learningRate: 3e-3), lab.Steps(lab.Pick(full: 800, reduced: 400)), _ =>
            {
                var (x, y) = Descent.Batch(train.X, train.Y, 64, generator);
                return Loss.CrossEntropy(network.Forward(radius == 0 ? x : Worse(network, x, y, radius)), y);
            });
            return network;
        }

        double Accuracy(Sequential network, double radius)
        {
            var changed = lab.Mutated("change in a random direction")
                ? (test.X + radius * Tensor.RandnLike(test.X, generator: lab.Random).Sign()).Clamp(0, 1)
                : Worse(network, test.X, test.Y, radius);
            return Networks.Accuracy(network, changed, test.Y);
        }
    }

    /// <summary>The images, with every pixel changed by up to the radius so that the loss rises.</summary>
    private static Tensor Worse(Sequential network, Tensor x, Tensor y, double radius)
        => Adversarial.SignStep(images => Loss.CrossEntropy(network.Forward(images), y), x, radius, low: 0, high: 1);

    private static PlotGrid Images(Sequential network, Tensor x, Tensor y)
    {
        var worse = Worse(network, x, y, 0.06);
        long Answer(Tensor image) => Evaluate.Output(network, image).ArgMax(1).Item<long>();
        return new PlotGrid(
            null, 3, Picture.Draw($"classified as {Answer(x)}", x), Picture.DrawChange("the change", worse - x, 0.06),
            Picture.Draw($"classified as {Answer(worse)}", worse));
    }
}
