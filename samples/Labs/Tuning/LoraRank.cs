using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

internal sealed class LoraRank : Lab
{
    public override string Name => "lora-rank";

    public override string Title => "A change of small rank tunes a network nearly as well as a change of all its weights";

    public override string Claim => """
        A network that knows upright digits is fine-tuned to mirrored ones, of which there are only a few hundred. LoRA keeps its weights
        fixed and adds to each layer a product of two thin matrices. The higher the rank, the more it can change: rank 1 is already far
        better than training the head alone, and after a few ranks nothing more is gained by tuning every weight, although only a part of
        the parameters is trained.
        """;

    public override string Question => "How large must the rank of an adapter be to match the fine-tuning of all weights?";

    public override Guess Guess => new(
        [
            "Full rank: every weight has to change",
            "A small one, since the change that the new task needs is close to low rank",
            "Rank 0: the features are fixed, and a new head is always enough",
        ],
        Right: 1);

    public override string Explanation => """
        Fine-tuning replaces $\mathbf{W}$ by $\mathbf{W} + \Delta \mathbf{W}$. LoRA writes the change as a product,
        $\Delta \mathbf{W} = \frac{\alpha}{r} \mathbf{B} \mathbf{A}$, with $\mathbf{A}$ of $r$ rows and $\mathbf{B}$ of $r$ columns. For a
        layer of $n \times m$ weights that is $r (n + m)$ trained parameters in place of $n m$. $\mathbf{B}$ begins at zero, so that
        training starts from the pretrained network.

        Every matrix is a sum of rank-1 parts by its singular value decomposition,
        $\Delta \mathbf{W} = \sum_{i} s_i \mathbf{u}_i \mathbf{v}_i^T$, and the best approximation of rank $r$ keeps the $r$ largest $s_i$.
        A related task asks for a change in few directions: the features exist already and have to be combined anew. Then the $s_i$ fall
        quickly, and a small $r$ loses little. With few examples the restriction may even help, since fewer parameters over-fit less.

        The head alone can only recombine the features of the last layer linearly, and those were made for upright strokes. How far a small
        rank reaches depends on the distance of the tasks: a network of random weights, or a task that has nothing to do with the old one,
        needs nearly full rank.
        """;

    public override string Falsified => """
        Rank 1 that is no better than the head alone, or the highest rank still more than two points of accuracy below the tuning of all
        weights.
        """;

    public override IReadOnlyList<string> Next => ["lottery-ticket", "fewer-features", "mismatch"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var known = new Sequential(new Linear(32, 32, bias: false));
        var x = Tensor.Randn(256, 32);
        // The new task differs from the old one by a matrix of rank 3.
        var change = Tensor.Randn(32, 3).MatMul(Tensor.Randn(3, 32)) / 8;
        var y = (known.Forward(x) + x.MatMul(change)).Detach();
        foreach (int rank in new[] { 1, 2, 3, 4 })
        {
            var model = Module.Clone(known);
            model.Freeze();
            Lora.Add(model, rank, generator: new Generator(1));
            var trained = Lora.Parameters(model);
            var optimizer = new Adam([.. trained], learningRate: 0.02);
            for (int step = 0; step < 200; step++)
            {
                using var scope = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.Mse(model.Forward(x), y).Backward();
                optimizer.Step();
            }
            long count = trained.Sum(p => (long)p.Value.Count);
            double error = Loss.Mse(model.Forward(x), y).Item();
            output.WriteLine($"rank {rank}, {count} of {known.ParameterCount} parameters: error {error:0.000}");
        }
    }

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
            ["what is trained", "share of the parameters", "accuracy on mirrored digits"],
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
            $"{seeds.Count} seeds; the band reaches from the smallest to the largest.");
        lab.Check($"the head alone reaches {tuned[0].Percent()}, with rank 1 {tuned[1].Percent()}", tuned[1].Mean - tuned[0].Mean,
            atLeast: 0.02);
        lab.Check($"rank {ranks[^1]} reaches {tuned[^1].Percent()}", tuned[^1].Mean - tuned[1].Mean, atLeast: 0.005);
        lab.Check($"tuning every weight reaches {whole.Percent()}", whole.Mean - tuned[^1].Mean, atMost: 0.02);
        lab.Check($"rank {ranks[^1]} trains {shares[^1]:P1} of the parameters", shares[^1], atMost: 0.3);
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
