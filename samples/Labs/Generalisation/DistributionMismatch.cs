using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Training and use from different worlds.</summary>
internal sealed class DistributionMismatch : Lab
{
    public override string Name => "mismatch";

    public override string Title => "More data does not mend another distribution";

    public override string Claim => """
        Train on upright digits, use on digits that lie on their side: sixteen times as many upright examples lower the error on upright
        digits again and again, and leave the error on lying ones where it was. That is no over-fitting, and no regularisation helps; two
        hundred lying examples do.
        """;

    public override IReadOnlyList<string> Mutations => ["used on upright digits too", "the added examples upright too"];

    public override void Run(LabContext lab)
    {
        int steps = lab.Pick(full: 600, reduced: 300);
        int[] counts = lab.Pick<int[]>(full: [250, 500, 1000, 2000, 4000], reduced: [250, 4000]);
        var pool = DigitImages.Images(counts[^1], seed: 1);
        var upright = DigitImages.Images(600, seed: 2);
        var lying = (X: lab.Mutated("used on upright digits too") ? upright.X : OnTheirSide(upright.X), upright.Y);
        var some = DigitImages.Images(200, seed: 3);
        if (!lab.Mutated("the added examples upright too")) some.X = OnTheirSide(some.X);

        var (errors, errorsLying) = (new List<double>(), new List<double>());
        foreach (int count in counts)
        {
            var network = Train(lab, steps, pool.X[..count], pool.Y[..count]);
            errors.Add(Evaluate.Error(network, upright.X, upright.Y));
            errorsLying.Add(Evaluate.Error(network, lying.X, lying.Y));
        }
        // The smallest set and 200 of the other kind.
        var both = Train(lab, steps, Tensor.Cat([pool.X[..counts[0]], some.X]), Tensor.Cat([pool.Y[..counts[0]], some.Y]));
        double mended = Evaluate.Error(both, lying.X, lying.Y);

        double[] axis = [.. counts.Select(c => (double)c)];
        lab.Table(
            ["upright examples", "error on upright digits", "on lying ones"],
            counts.Select((c, i) => (string[])[$"{c}", $"{errors[i]:P1}", $"{errorsLying[i]:P1}"])
            .Append([$"{counts[0]} and 200 lying", $"{Evaluate.Error(both, upright.X, upright.Y):P1}", $"{mended:P1}"]));
        lab.Figure(new Plot("Error against the number of upright examples")
        { XLabel = "upright examples in training", YLabel = "share answered wrongly", XScale = AxisScale.Log, YMin = 0, YMax = 1 }
            .Line(axis, errors, "used on upright digits", markers: true).Line(axis, errorsLying, "used on lying digits", markers: true)
            .Scatter([axis[0] + 200], [mended], $"lying: {counts[0]} upright and 200 lying examples", size: 9),
            "The gap is not between training and test, but between two worlds.");
        lab.Check(
            $"{counts[^1] / counts[0]} times the data take the error from {errors[0]:P0} to {errors[^1]:P0}", errors[^1] / errors[0],
            atMost: 0.6);
        lab.Check($"on lying digits from {errorsLying[0]:P0} to {errorsLying[^1]:P0}", errorsLying[^1] / errorsLying[0], atLeast: 0.85);
        lab.Check($"200 lying examples to {mended:P0}", errorsLying[0] - mended, atLeast: 0.3);
    }

    private static Tensor OnTheirSide(Tensor images) => images.Transpose(2, 3).Flip(2).Contiguous();

    private static Sequential Train(LabContext lab, int steps, Tensor x, Tensor y)
    {
        Generator.SetSeed(lab.Seed);
        var network = new Sequential(
            new Flatten(), new Linear(DigitImages.Pixels, 64), new Relu(), new Linear(64, DigitImages.Classes));
        var generator = new Generator(lab.Seed);
        Descent.Run(new Adam(network.Parameters(), learningRate: 2e-3), lab.Steps(steps), _ =>
        {
            var (images, labels) = Descent.Batch(x, y, 64, generator);
            return Loss.CrossEntropy(network.Forward(images), labels);
        });
        return network;
    }
}
