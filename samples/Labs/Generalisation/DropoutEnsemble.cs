using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Dropout trains an ensemble, and evaluation asks all of it at once.</summary>
internal sealed class DropoutEnsemble : Lab
{
    public override string Name => "dropout";

    public override string Title => "Dropout as an ensemble of thinned networks";

    public override string Claim => """
        Dropout trains one of 2ⁿ thinned networks at each step. Evaluation, with all units and without chance, computes their mean: exactly
        the normalised geometric mean where one layer leads to a softmax, and approximately the mean of many thinned networks where there
        are more layers. It is better than a single thinned network, and on data of which some labels are wrong it is better than a network
        trained without dropout.
        """;

    public override string Question => "What does a network trained with dropout compute in evaluation, when no unit is dropped?";

    public override Guess Guess => new(
        [
            "The answer of the best of its thinned networks",
            "Approximately the mean of all its thinned networks, in one pass",
            "The same as a network trained without dropout",
            "The sum of all thinned networks, so its outputs are too large",
        ],
        Right: 1);

    public override string Explanation => """
        In training each unit is kept with probability $1 - p$ and its output divided by $1 - p$, so that the expected input of the next
        layer stays the same: with a mask $\mathbf{m}$ of zeros and ones, $\mathrm{E}\left[ \frac{\mathbf{m}}{1 - p} \right] = 1$. Every
        step draws another mask, and all $2^n$ thinned networks share their weights.

        Where one linear layer leads to a softmax, $\log p(y) = z_y - \log \sum_{k} \exp(z_k)$ with logits that are linear in the mask. The
        mean of the logarithms over all masks is therefore, up to normalisation, the logit of the mean mask, which is the whole network:
        evaluation is the geometric mean of all thinned networks, with no approximation. With further nonlinear layers this is no longer
        exact, but it stays close.

        The mean of models that err differently errs less than they do. In addition no unit can rely on a particular other one being
        present, so units learn features that are useful by themselves, and a wrong label is harder to memorise. The price is slower
        training, and in small networks with plenty of clean data dropout only takes capacity away.
        """;

    public override string Falsified => """
        A whole network that is no better than one thinned network, or further from the mean of many than 2.5 points of accuracy; or a
        geometric mean that differs from the whole softmax by more than rounding.
        """;

    public override IReadOnlyList<string> Next => ["bagging-and-attacks", "l1-l2", "noisy-labels"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        const int units = 10;
        Tensor weights = Tensor.Randn(3, units), x = Tensor.Randn(1, units);
        // All thinned networks: each unit is dropped (0) or kept and doubled (2), as dropout with p = 1/2 does.
        var masks = new float[1 << units, units];
        for (int m = 0; m < 1 << units; m++)
            for (int u = 0; u < units; u++) masks[m, u] = 2 * (m >> u & 1);
        var logProbabilities = (x * Tensor.From(masks)).MatMul(weights.T).LogSoftmax(1);
        var geometric = logProbabilities.Mean(0).Softmax(0);
        var arithmetic = logProbabilities.Exp().Mean(0);
        var whole = x.MatMul(weights.T).Softmax(1)[0];

        static string Text(Tensor p) => string.Join("  ", p.ToArray().Select(v => $"{v:0.0000}"));
        output.WriteLine($"one thinned network   {Text(logProbabilities[123].Exp())}");
        output.WriteLine($"geometric mean        {Text(geometric)}");
        output.WriteLine($"arithmetic mean       {Text(arithmetic)}");
        output.WriteLine($"the whole network     {Text(whole)}");
    }

    public override IReadOnlyList<string> Mutations => ["no scaling for dropped units", "dropout left on in evaluation", "no dropout"];

    private const int Units = 10;

    public override void Run(LabContext lab)
    {
        // 1. Ten inputs, each dropped or not: all 1024 thinned networks of one layer, averaged, against the whole one.
        double gap = GeometricMeanGap(lab);

        // 2. A network with two hidden layers, learned from 400 digits of which three in ten have random labels.
        double p = lab.Mutated("no dropout") ? 0 : 0.5;
        int steps = lab.Pick(full: 800, reduced: 600), asked = lab.Pick(full: 100, reduced: 30);
        var train = DigitImages.Rows(400, seed: 1);
        var isWrong = Tensor.Bernoulli(train.Y.Shape, 0.3, DType.Bool, generator: lab.Random);
        train.Y = Tensor.Where(isWrong, Tensor.RandInt(0, DigitImages.Classes, train.Y.Shape, generator: lab.Random), train.Y);
        var test = DigitImages.Rows(lab.Pick(full: 1000, reduced: 600), seed: 2);
        var network = Train(lab, p, steps, train);
        var plain = Train(lab, 0, steps, train);

        double whole = lab.Mutated("dropout left on in evaluation")
            ? Accuracy(Probabilities(network, test.X), test.Y)
            : Networks.Accuracy(network, test.X, test.Y);
        double without = Networks.Accuracy(plain, test.X, test.Y);
        var (singles, means) = (new List<double>(), new List<double>());
        Tensor? sum = null;
        for (int k = 1; k <= asked; k++)
        {
            var one = Probabilities(network, test.X);
            sum = sum is null ? one : sum + one;
            singles.Add(Accuracy(one, test.Y));
            means.Add(Accuracy(sum, test.Y));
        }

        lab.Table(["network", "accuracy on new digits"],
        [
            ["one thinned network, on average", $"{singles.Average():P1}"],
            [$"the mean of {asked} thinned networks", $"{means[^1]:P1}"],
            ["the whole network", $"{whole:P1}"],
            ["trained without dropout", $"{without:P1}"],
        ]);
        lab.Figure(
            new Plot("The mean of thinned networks")
            {
                XLabel = "thinned networks", YLabel = "accuracy on new digits", XScale = AxisScale.Log, Legend = LegendPlace.Below,
            }
            .Line([.. means.Select((_, i) => i + 1.0)], means, "their mean")
            .Line([1, asked], [whole, whole], "the whole network, once", LineStyle.Dashed)
            .Line([1, asked], [without, without], "trained without dropout", LineStyle.Dotted),
            "The more thinned networks are averaged, the closer their mean comes to what evaluation computes in one pass.");
        lab.Check(
            $"the geometric mean of 1024 thinned softmaxes is that of the whole network within {Math.Max(gap, 1e-8):0e0}",
            gap, atMost: 1e-5);
        lab.Check(
            $"a thinned network has an accuracy of {singles.Average():P1}, the whole network {whole:P1}",
            whole - singles.Average(), atLeast: 0.02);
        lab.Check($"the mean of {asked} has {means[^1]:P1}", Math.Abs(means[^1] - whole), atMost: 0.025);
        lab.Check($"a network trained without dropout has {without:P1}", whole - without, atLeast: 0.03);
    }

    private static double GeometricMeanGap(LabContext lab)
    {
        var weights = Tensor.Randn(new Shape(3, Units), generator: lab.Random);
        var input = Tensor.Randn(new Shape(1, Units), generator: lab.Random);
        double scale = lab.Mutated("no scaling for dropped units") ? 1 : 2;        // what is left counts 1 / (1 − p)
        var masks = new float[1 << Units, Units];
        for (int m = 0; m < 1 << Units; m++)
            for (int u = 0; u < Units; u++) masks[m, u] = (float)((m >> u & 1) * scale);
        var thinned = (input * Tensor.From(masks)).MatMul(weights.T).LogSoftmax(1);
        var geometric = thinned.Mean(0, keepDim: true).Softmax(1);                  // normalised, in logarithms
        return (geometric - input.MatMul(weights.T).Softmax(1)).Abs().Max().Item<float>();
    }

    private static Sequential Train(LabContext lab, double p, int steps, (Tensor X, Tensor Y) train)
    {
        Generator.SetSeed(lab.Seed);
        var network = new Sequential(
            new Linear(DigitImages.Pixels, 96), new Relu(), new Dropout(p), new Linear(96, 96), new Relu(), new Dropout(p),
                new Linear(96, DigitImages.Classes));
        var generator = new Generator(lab.Seed);
        Descent.Run(new Adam(network.Parameters(), learningRate: 1e-3), lab.Steps(steps), _ =>
        {
            var (x, y) = Descent.Batch(train.X, train.Y, 50, generator);
            return Loss.CrossEntropy(network.Forward(x), y);
        });
        return network;
    }

    /// <summary>Computes the predictions with dropout on: of one thinned network, another for each image.</summary>
    private static Tensor Probabilities(Sequential network, Tensor x)
    {
        using var quiet = Autograd.NoGrad();
        network.Train();
        return network.Forward(x).Softmax(1);
    }

    private static double Accuracy(Tensor probabilities, Tensor labels)
        => probabilities.ArgMax(1).Equal(labels).To(DType.Float64).Mean().Item<double>();
}
