using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

internal sealed class LotteryTicket : Lab
{
    public override string Name => "lottery-ticket";

    public override string Title => "A tenth of a network learns as well as the whole, if it is the right tenth";

    public override string Claim => """
        A network is trained, and its smallest weights are pruned. What is left is set back to the values that it was drawn with, and
        trained again, in a few rounds down to a tenth: it does as well as the whole. A tenth chosen at random, from the same first
        values, does worse. Large networks are trained because they hold many such tickets, and nobody knows the winning one beforehand.
        """;

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
            ["weights kept", "those that were large", "as many at random"],
            [["100 %", whole.Percent("0.0"), ""],
                .. kept.Select((k, i) => (string[])[$"{k:P0}", ticket[i].Percent("0.0"), random[i].Percent("0.0")])]);
        lab.Figure(
            new Plot("Accuracy on new digits")
            {
                XLabel = "share of the weights that is kept", YLabel = "share right", XScale = AxisScale.Log,
                Legend = LegendPlace.BottomRight,
            }
                .Spreads(kept, ticket, "the large ones, set back and trained again", 0).Spreads(kept, random, "as many at random", 1)
                .HorizontalLine(whole.Mean, "the whole network"),
            $"{seeds.Count} seeds; bands from the least to the greatest.");
        lab.Check($"the whole network is right on {whole.Percent("0.0")}, {kept[^1]:P0} of it on {ticket[^1].Percent("0.0")}",
            whole.Mean - ticket[^1].Mean, atMost: 0.015);
        lab.Check($"a random {kept[^1]:P0} on {random[^1].Percent("0.0")}", ticket[^1].Mean - random[^1].Mean, atLeast: 0.02);
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
