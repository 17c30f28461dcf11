using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

internal sealed class LoraRank : Lab
{
    public override string Name => "lora-rank";

    public override string Title => "A change of small rank tunes a network nearly as well as a change of all its weights";

    public override string Claim => """
        A network that knows upright digits is tuned to mirrored ones, of which there are few hundred. LoRA leaves its weights as they are
        and adds to each layer a product of two thin matrices. With each rank more it can change more: rank 1 is already far better than
        the head alone, and some ranks later nothing is left to gain over tuning every weight, though only a part of the numbers is
        trained.
        """;

    public override IReadOnlyList<string> Mutations => ["head only", "adapters of rank 1 for all"];

    public override void Run(LabContext lab)
    {
        int[] ranks = lab.Pick<int[]>([0, 1, 2, 4, 8, 16], [0, 1, 8]);
        var seeds = lab.Seeds(full: 4);
        var trials = seeds.Select(seed => Trial(lab, seed, ranks)).ToArray();
        Spread[] tuned = [.. ranks.Select((_, i) => new Spread(trials.Select(t => t.Tuned[i])))];
        Spread whole = new(trials.Select(t => t.Whole)), before = new(trials.Select(t => t.Before));
        double[] shares = trials[0].Shares;
        lab.Table(
            ["what is trained", "share of the numbers", "accuracy on mirrored digits"],
            [
                ["nothing", "0.0 %", before.Percent()],
                .. ranks.Select((r, i) => (string[])[r == 0 ? "head alone" : $"head, and rank {r}", $"{shares[i]:P1}", tuned[i].Percent()]),
                ["everything", "100 %", whole.Percent()],
            ]);
        lab.Figure(
            new Plot("Mirrored digits")
            {
                XLabel = "rank of the adapters (0: head alone)", YLabel = "accuracy",
                Legend = LegendPlace.BottomRight
            }
                .Spreads([.. ranks.Select(r => (double)r)], tuned, "adapters and head", 0).HorizontalLine(whole.Mean, "everything"),
            $"{seeds.Count} seeds; the band reaches from the least to the greatest.");
        lab.Check($"the head alone reaches {tuned[0].Percent()}, with rank 1 {tuned[1].Percent()}", tuned[1].Mean - tuned[0].Mean,
            atLeast: 0.02);
        lab.Check($"rank {ranks[^1]} reaches {tuned[^1].Percent()}", tuned[^1].Mean - tuned[1].Mean, atLeast: 0.005);
        lab.Check($"everything {whole.Percent()}", whole.Mean - tuned[^1].Mean, atMost: 0.02);
        lab.Check($"rank {ranks[^1]} trains {shares[^1]:P1} of the numbers", shares[^1], atMost: 0.3);
    }

    private sealed record Outcome(double Before, double[] Tuned, double[] Shares, double Whole);

    private static Outcome Trial(LabContext lab, ulong seed, int[] ranks)
    {
        SmallDigits known = SmallDigits.Make(lab.Pick(full: 1500, reduced: 1000), seed), few = Mirrored(SmallDigits.Make(300, seed + 10)),
            test = Mirrored(SmallDigits.Make(1000, seed + 20));
        Generator.SetSeed(seed);
        var network = Networks.Mlp([SmallDigits.Pixels, 128, 64, 10], () => new Relu());
        Learn(lab, network, known, 8, seed);
        double before = test.AccuracyOf(network);
        double Tune(Action<Sequential> prepare, out double share)
        {
            var copy = Module.Clone(network);
            prepare(copy);
            share = copy.Parameters().Where(p => p.RequiresGrad).Sum(p => p.Value.Count) / (double)network.Parameters()
                .Sum(p => p.Value.Count);
            Learn(lab, copy, few, 25, seed);
            return test.AccuracyOf(copy);
        }
        double[] tuned = new double[ranks.Length], shares = new double[ranks.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            int rank = lab.Mutated("head only") ? 0 : lab.Mutated("adapters of rank 1 for all") && ranks[i] > 0 ? 1 : ranks[i];
            tuned[i] = Tune(copy =>
            {
                copy.Freeze();
                if (rank > 0) Lora.Add(copy, rank, generator: new Generator(seed));
                copy.Unfreeze("4*");
            }, out shares[i]);
        }
        return new(before, tuned, shares, Tune(_ => { }, out _));
    }

    private static SmallDigits Mirrored(SmallDigits digits)
        => new(digits.X.Reshape(-1, 14, 14).Flip(2).Reshape(-1, SmallDigits.Pixels), digits.Y);

    private static void Learn(LabContext lab, Sequential network, SmallDigits digits, int epochs, ulong seed)
    {
        var optimizer = new Adam([.. network.Parameters().Where(p => p.RequiresGrad)], learningRate: 2e-3);
        var order = new Generator(seed + 3);
        foreach (int _ in lab.Steps(epochs))
            foreach (var part in digits.Batches(32, order))
                Descent.Run(optimizer, [0], () => Loss.CrossEntropy(network.Forward(part.X), part.Y));
    }
}
