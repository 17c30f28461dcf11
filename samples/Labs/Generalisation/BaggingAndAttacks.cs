using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Bagging, and adversarial training.</summary>
internal sealed class BaggingAndAttacks : Lab
{
    public override int Number => 40;

    public override string Name => "bagging-and-attacks";

    public override string Title => "Bagging, and a model trained on attacks";

    public override string Claim => """
        Models that over-fit err in different ways: those trained on bootstrap samples of the same data err less together than each alone.
        And models that are right on new examples are still brittle: a change too small to matter, along the sign of the gradient, makes a
        plain one wrong on most digits. One trained on such changes stays right on most.
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
        int count = lab.Pick(full: 25, reduced: 12), steps = lab.Pick(full: 400, reduced: 200);
        var train = SyntheticData.Moons(100, noise: 0.35, seed: lab.Seed);
        var (testX, testY) = SyntheticData.Moons(2000, noise: 0.35, seed: lab.Seed + 1).All();

        var members = new List<Sequential>();
        for (int m = 0; m < count; m++)
        {
            ulong seed = lab.Mutated("all members the same") ? lab.Seed : lab.Seed + (ulong)m;
            Generator.SetSeed(seed);
            var (x, y) = train.Bootstrap(seed).Train.All();
            var member = Networks.Mlp([2, 32, 32, 2], () => new Relu());
            Descent.Run(new Adam(member.Parameters(), learningRate: 0.01), lab.Steps(steps), () => Loss.CrossEntropy(member.Forward(x), y));
            members.Add(member);
        }
        double[] alone = [.. members.Select(m => Evaluate.Error(m, testX, testY))];
        double[] together = [.. Enumerable.Range(1, count)
            .Select(k => Evaluate.Error(new Ensemble(members.Take(k), y => y.Softmax(1)), testX, testY))];

        lab.Figure(new Plot("Members together") { XLabel = "members", YLabel = "share of new points answered wrongly" }
            .Line([.. together.Select((_, i) => i + 1.0)], together, "the mean of their probabilities", markers: true)
            .Scatter([.. alone.Select((_, i) => i + 1.0)], alone, "each alone").HorizontalLine(alone.Average(), "the mean of them alone"),
            "Each member saw another bootstrap sample of the same hundred points.");
        lab.Check(
            $"alone the members err on {alone.Average():P1}, together on {together[^1]:P1}", together[^1] / alone.Average(), atMost: 0.9);
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
            null, 3, Draw($"taken for {Answer(x)}", x, 0), Draw("the change", worse - x, -0.06),
            Draw($"taken for {Answer(worse)}", worse, 0));
    }

    private static Plot Draw(string name, Tensor x, double least)
    {
        double[] axis = Fit.Grid(1, DigitImages.Side, DigitImages.Side);
        var upright = x.Reshape(1, 1, DigitImages.Side, DigitImages.Side).Flip(2);       // the first row of an image is on top
        double most = least == 0 ? 1 : -least;
        return new Plot(name)
        {
            XLabel = "pixel", YLabel = "pixel", ZLabel = "ink", Width = 320, Height = 260, EqualAspect = true, ZMin = least, ZMax = most,
        }
            .HeatMap(axis, axis, Plane.Fold(upright, axis, axis));
    }
}
