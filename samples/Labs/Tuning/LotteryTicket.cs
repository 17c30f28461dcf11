using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

internal sealed class LotteryTicket : Lab
{
    public override string Name => "lottery-ticket";

    public override string Title => "A tenth of a network learns as well as the whole, if it is the right tenth";

    public override string Claim => """
        A network is trained, and its smallest weights are pruned. The rest is reset to its initial values and trained again, in a few
        rounds down to a tenth: it does as well as the whole network. A random tenth, from the same initial values, does worse. Large
        networks are trained because they hold many such tickets, and nobody knows the winning one beforehand.
        """;

    public override string Question => """
        If nine tenths of the weights can be removed after training, could one have trained the remaining tenth from the start?
        """;

    public override Guess Guess => new(
        [
            "No: a small network can never be trained as well",
            "Yes, if it is the tenth that survives pruning, with its own initial values",
            "Yes, any tenth will do",
            "Only with the trained values, not with the initial ones",
        ],
        Right: 1);

    public override string Explanation => """
        Write the network with a mask, $f(\mathbf{x}; \mathbf{m} \cdot \mathbf{w})$, in which $\mathbf{m}$ is 1 for weights that are kept
        and 0 for the others. Magnitude pruning keeps the largest $|w_i|$ after training. Rewinding sets $\mathbf{w}$ to the values
        $\mathbf{w}_0$ of the start, and training is repeated with $\mathbf{m}$ fixed. Several rounds, each pruning a part, find better
        masks than one.

        Why does the mask matter? It carries knowledge: which pixels are worth looking at, and which hidden units happened to be drawn near
        a useful feature. In the first layer most weights belong to pixels at the rim of the image, which are always blank; these go first.
        A random mask of the same density throws away useful connections as readily as useless ones.

        The number of subnetworks of a tenth of $n$ weights grows exponentially with $n$, so a large network almost surely contains good
        ones; training finds one, and its cost is that of the large network. In large models rewinding to the very first values fails, and
        one goes back to an early step instead. Unstructured masks make a network smaller but not faster without hardware for sparse
        matrices.
        """;

    public override string Falsified => """
        A pruned and reset network that stays more than 1.5 points of accuracy below the whole one, or a random mask of the same density
        that does as well.
        """;

    public override IReadOnlyList<string> Next => ["lora-rank", "depth", "l1-l2"];

    public override void Example(TextWriter output)
    {
        // Forty features, of which three decide the class: the sign of the first, and the order of the next two.
        Generator.SetSeed(1);
        var x = Tensor.Randn(1400, 40);
        var y = (x[.., 0] > 0).To(DType.Int64) + 2 * (x[.., 1] > x[.., 2]).To(DType.Int64);
        var network = new Sequential(new Linear(40, 64), new Relu(), new Linear(64, 4));
        double Train(Sequential model)
        {
            var optimizer = new Adam(model.Parameters(), learningRate: 5e-3);
            for (int step = 0; step < 150; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x[..400]), y[..400]).Backward();
                optimizer.Step();
            }
            return model.Forward(x[400..]).ArgMax(1).Equal(y[400..]).To(DType.Float32).Mean().Item();
        }
        var start = Pruning.Snapshot(network);
        output.WriteLine($"whole network: accuracy {Train(network):P1}");
        Pruning.Magnitude(network, share: 0.92);
        var random = Module.Clone(network);
        Pruning.ShuffleMasks(random, new Generator(1));
        foreach (var (name, model) in new[] { ("the largest 8 %", network), ("a random 8 %", random) })
        {
            Pruning.Rewind(model, start);
            output.WriteLine($"{name}: accuracy {Train(model):P1}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["random weights kept", "nothing pruned"];

    public override void Run(LabContext lab)
    {
        double[] kept = lab.Mutated("nothing pruned") ? [0.98, 0.97] : lab.Pick<double[]>([0.6, 0.36, 0.22, 0.13, 0.08], [0.3, 0.08]);
        var seeds = lab.Seeds(full: 4, reduced: 2);
        var trials = seeds.Select(seed => Trial(lab, seed, kept)).ToArray();
        Spread whole = new(trials.Select(t => t.Whole));
        Spread[] ticket = [.. kept.Select((_, i) => new Spread(trials.Select(t => t.Ticket[i])))],
            random = [.. kept.Select((_, i) => new Spread(trials.Select(t => t.Random[i])))];
        lab.Table(
            ["weights kept", "the largest", "as many at random"],
            [["100 %", whole.Percent("0.0"), ""],
                .. kept.Select((k, i) => (string[])[$"{k:P0}", ticket[i].Percent("0.0"), random[i].Percent("0.0")])]);
        lab.Figure(
            new Plot("Accuracy on new digits")
            {
                XLabel = "share of the weights that is kept", YLabel = "accuracy", XScale = AxisScale.Log,
                Legend = LegendPlace.BottomRight,
            }
                .Spreads(kept, ticket, "the largest, reset and trained again", 0).Spreads(kept, random, "as many at random", 1)
                .HorizontalLine(whole.Mean, "the whole network"),
            $"{seeds.Count} seeds; the bands reach from the smallest to the largest.");
        lab.Check($"the whole network reaches {whole.Percent("0.0")}, the largest {kept[^1]:P0} of its weights {ticket[^1].Percent("0.0")}",
            whole.Mean - ticket[^1].Mean, atMost: 0.015);
        lab.Check($"a random {kept[^1]:P0} reaches {random[^1].Percent("0.0")}", ticket[^1].Mean - random[^1].Mean, atLeast: 0.02);
    }

    private sealed record Outcome(double Whole, double[] Ticket, double[] Random);

    private static Outcome Trial(LabContext lab, ulong seed, double[] kept)
    {
        SmallDigits train = SmallDigits.Make(lab.Pick(full: 1500, reduced: 1000), seed), test = SmallDigits.Make(1000, seed + 50);
        Generator.SetSeed(seed);
        var network = Networks.Mlp([SmallDigits.Pixels, 100, 10], () => new Relu());
        var start = Pruning.Snapshot(network);
        Learn(lab, network, train, seed);
        double whole = test.AccuracyOf(network);
        double[] ticket = new double[kept.Length], random = new double[kept.Length];
        for (int round = 0; round < kept.Length; round++)
        {
            Pruning.Magnitude(network, 1 - kept[round]);
            var other = Module.Clone(network);
            Pruning.ShuffleMasks(other, new Generator(seed + 9));
            if (lab.Mutated("random weights kept")) Pruning.ShuffleMasks(network, new Generator(seed + 8));
            foreach (var (model, result) in new[] { (network, ticket), (other, random) })
            {
                Pruning.Rewind(model, start);
                Learn(lab, model, train, seed);
                result[round] = test.AccuracyOf(model);
            }
        }
        return new(whole, ticket, random);
    }

    private static void Learn(LabContext lab, Sequential network, SmallDigits digits, ulong seed)
    {
        var optimizer = new Adam(network.Parameters(), learningRate: 2e-3);
        var order = new Generator(seed + 3);
        foreach (int _ in lab.Steps(lab.Pick(full: 10, reduced: 8)))
            foreach (var part in digits.Batches(32, order))
                Descent.Run(optimizer, [0], () => Loss.CrossEntropy(network.Forward(part.X), part.Y));
    }
}
