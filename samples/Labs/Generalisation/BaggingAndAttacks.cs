using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Bagging, and adversarial training.</summary>
internal sealed class BaggingAndAttacks : Lab
{
    public override string Name => "bagging-and-attacks";

    public override string Title => "Bagging, and a model trained on attacks";

    public override string Claim => """
        Models that over-fit err in different ways: those trained on bootstrap samples of the same data err less together than they do
        alone on the mean, and less than most of them. And models that are right on new examples are still brittle: a change too small to
        matter, along the sign of the gradient, makes a plain one wrong on most digits. One trained on such changes stays right on most.
        """;

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
            new Plot("Members together") { XLabel = "members", YLabel = "share of new points answered wrongly" }
                .Spreads(counts, together, "the mean of their probabilities", color: 0)
                .HorizontalLine(trials.Average(t => t.Alone.Average()), "the mean of them alone"),
            $"{seeds.Count} times a hundred points; each member saw another bootstrap sample of them. The line is the mean over trials "
                + $"and over "
                + "which members stand together, the band reaches from the least to the greatest trial.");
        lab.Check(
            $"alone the members err on {trials.Average(t => t.Alone.Average()):P1}, together on {together[^1].Percent("0.0")}", ratio.Mean,
            atMost: 0.92);
        lab.Check($"together they err less than alone on the mean in {ratio.Values.Count(r => r < 1)} of {seeds.Count} trials",
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
            XLabel = "most that a pixel may change (ink is from 0 to 1)", YLabel = "accuracy on new digits", YMin = 0, YMax = 1.02,
            Legend = LegendPlace.BottomLeft
        }
            .Line(radii, ofPlain, "plain training", markers: true)
            .Line(radii, ofHardened, $"trained on changes up to {trainedRadius}", markers: true),
            "The attack: the fast gradient sign method.");
        lab.Figure(
            Images(plain, test.X[3..4], test.Y[3..4]),
            "A digit, the change, and their sum, which the plain model takes for another digit.");
        lab.Check($"the plain model is right on {ofPlain[0]:P0} of new digits", ofPlain[0], atLeast: 0.9);
        lab.Check($"under attack on {ofPlain[at]:P0}", ofPlain[at], atMost: 0.35);
        lab.Check($"the one trained on attacks on {ofHardened[at]:P0}", ofHardened[at], atLeast: 0.65);

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
            null, 3, Picture.Draw($"taken for {Answer(x)}", x), Picture.DrawChange("the change", worse - x, 0.06),
            Picture.Draw($"taken for {Answer(worse)}", worse));
    }
}
