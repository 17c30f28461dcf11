using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

/// <summary>Outputs that depend on one another.</summary>
internal sealed class StructuredOutput : Lab
{
    public override string Name => "structured-output";

    public override string Title => "Outputs that depend on one another want to be chosen together";

    public override string Claim => """
        A sequence of three phases that only follow each other in a ring is seen through noise. A classifier of each position by itself is
        often wrong and breaks the rule in almost every sequence. One that sees the neighbours' inputs is right more often and still breaks
        it. Choosing the best whole sequence, by the same classifier and the counted transitions between outputs, never breaks it and is far
        more accurate than position by position.
        """;

    public override string Question => "A classifier labels each step of a process by itself: can its labels make an impossible sequence?";

    public override Guess? Guess => new(
        [
            "No: it has learned from possible sequences alone",
            "Yes, unless it sees the neighbouring inputs too",
            "Yes, and seeing the neighbouring inputs is no cure: the outputs have to know of each other",
        ],
        Right: 2);

    public override string Explanation => """
        Position by position, each label is $\arg\max_k p(y_t = k | x_t)$. Two neighbours are decided apart, so nothing keeps them from a
        pair that never occurs, such as B before A. With a window of inputs each decision gets better, but there are still two decisions:
        where both labels are doubtful, one may fall this way and its neighbour that way.

        The score of a whole sequence adds what pairs say: $s(y) = \sum_t \log \frac{p(y_t | x_t)}{p(y_t)} + \sum_t \log a(y_{t-1}, y_t)$,
        in which $a$ are the shares of transitions in the training sequences. A transition that never occurred has $\log 0 = -\infty$ and
        is never chosen.

        There are $3^{30}$ sequences of 30 steps, and none has to be tried: the best one that ends in $k$ at step $t$ is the best one
        at step $t - 1$ and a transition. This is Viterbi's algorithm, $T K^2$ operations. Conditional random fields train classifier and
        transitions together; networks that generate text choose each word with all earlier ones as input, which is another way for
        outputs to know of each other.
        """;

    public override string Falsified => """
        A classifier of single positions or of windows whose sequences keep the rule, or a choice of whole sequences that is no more
        accurate than single positions.
        """;

    public override IReadOnlyList<string> Next => ["lstm-gates", "attention-sorts", "one-hot"];

    public override void Example(TextWriter output)
    {
        // Two states that last long, seen through noise: the label of each step by itself, and by the best sequence.
        var random = new Random(1);
        int[] state = new int[200];
        for (int t = 1; t < 200; t++) state[t] = random.NextDouble() < 0.05 ? 1 - state[t - 1] : state[t - 1];
        double[] x = [.. state.Select(s => 2 * s - 1 + 3 * (random.NextDouble() + random.NextDouble() - 1))];
        // The score of ending in state 1 minus that of ending in 0, and what a change of state costs.
        double up = 0, change = Math.Log(0.05 / 0.95);
        var from = new (int Zero, int One)[200];
        for (int t = 0; t < 200; t++)
        {
            from[t] = (up + change > 0 ? 1 : 0, up > change ? 1 : 0);
            up = Math.Max(up, change) - Math.Max(0, up + change) + 4 * x[t] / 3;
        }
        int last = up > 0 ? 1 : 0, right = 0;
        for (int t = 199; t >= 0; t--)
        {
            if (last == state[t]) right++;
            last = last == 1 ? from[t].One : from[t].Zero;
        }
        output.WriteLine($"each step by itself: {x.Zip(state).Count(p => p.First > 0 == (p.Second == 1)) / 2.0}% right");
        output.WriteLine($"the best sequence:   {right / 2.0}% right");
    }

    public override IReadOnlyList<string> Mutations => ["outputs independent", "transitions left out"];

    private const int States = 3, Length = 30, Reach = 4;
    private static readonly string[] Ways = ["each position alone", "a window of inputs", "the best sequence"];

    public override void Run(LabContext lab)
    {
        var trials = lab.Seeds(full: 4, reduced: 2).Select(seed => Trial(lab, seed)).ToArray();
        Spread[] right = [.. Ways.Select((_, w) => new Spread(trials.Select(t => t.Right[w])))],
            broken = [.. Ways.Select((_, w) => new Spread(trials.Select(t => t.Broken[w])))];
        lab.Table(
            ["labels chosen by", "labels right", "sequences that break the rule"],
            Ways.Select((name, w) => (string[])[name, right[w].Percent("0.0"), broken[w].Percent()]));
        var plot = new Plot("One sequence") { XLabel = "step", YLabel = "phase", Width = 760, Height = 320, Legend = LegendPlace.Below };
        double[] steps = [.. Enumerable.Range(0, Length).Select(t => (double)t)];
        plot.Line(steps, [.. trials[0].Truth.Select(s => (double)s)], "true");
        plot.Scatter(steps, [.. trials[0].Alone.Select(s => s + 0.08)], Ways[0], size: 5);
        plot.Scatter(steps, [.. trials[0].Best.Select(s => s - 0.08)], Ways[2], size: 5);
        lab.Figure(plot, "Phases 0, 1, 2 follow each other in a ring. Single positions jump to and fro; the best sequence goes in order.");
        lab.Figure(
            new Plot("Labels and sequences") { YLabel = "share", YMin = 0, YMax = 1.02, Width = 640 }
                .Bar(Ways, [.. right.Select(r => r.Mean)], "labels right")
                .Bar(Ways, [.. broken.Select(b => b.Mean)], "sequences that break the rule"),
            $"{trials.Length} seeds of 200 sequences of {Length} steps each.");
        lab.Check($"each position alone, {right[0].Percent("0.0")} of the labels are right, by the best sequence {right[2].Percent("0.0")}",
            right[2].Mean - right[0].Mean, atLeast: 0.08);
        lab.Check($"each position alone, {broken[0].Percent()} of the sequences break the rule", broken[0].Mean, atLeast: 0.8);
        lab.Check($"with a window {broken[1].Percent()}", broken[1].Mean, atLeast: 0.1);
        lab.Check($"the best sequence breaks it in {broken[2].Percent()}", broken[2].Max, atMost: 0);
    }

    private sealed record Outcome(double[] Right, double[] Broken, int[] Truth, int[] Alone, int[] Best);

    private static Outcome Trial(LabContext lab, ulong seed)
    {
        var (x, y) = Sequences(lab, lab.Pick(full: 300, reduced: 150), seed);
        var (newX, newY) = Sequences(lab, 200, seed + 500);
        Generator.SetSeed(seed);
        Module alone = Fitted(lab, new Linear(2, States), x.Reshape(-1, 2), y);
        Module window = Fitted(lab, Networks.Mlp([2 * (2 * Reach + 1), 32, States], () => new Relu()), Windows(x), y);
        double[,] logits = Evaluate.Output(alone, newX.Reshape(-1, 2)).LogSoftmax(1).To(DType.Float64).ToMatrix<double>();

        // The shares of transitions and of states in the training sequences.
        var transitions = new double[States, States];
        double[] share = new double[States];
        for (int i = 0; i < y.Length; i++)
        {
            share[y[i]] += 1.0 / y.Length;
            if (i % Length > 0) transitions[y[i - 1], y[i]]++;
        }
        if (lab.Mutated("transitions left out"))
            for (int a = 0; a < States; a++)
                for (int b = 0; b < States; b++) transitions[a, b] = 1;

        int[][] answers =
        [
            Labels(Evaluate.Output(alone, newX.Reshape(-1, 2))), Labels(Evaluate.Output(window, Windows(newX))),
            [.. Enumerable.Range(0, newY.Length / Length).SelectMany(s => BestSequence(logits, s * Length, share, transitions))],
        ];
        bool Breaks(int[] labels, int s)
            => Enumerable.Range(s * Length + 1, Length - 1).Any(i => (labels[i] - labels[i - 1] + States) % States > 1);
        return new(
            [.. answers.Select(a => a.Zip(newY).Count(p => p.First == p.Second) / (double)newY.Length)],
            [.. answers.Select(a => Enumerable.Range(0, newY.Length / Length).Count(s => Breaks(a, s)) * Length / (double)newY.Length)],
            newY[..Length], answers[0][..Length], answers[2][..Length]);

        static int[] Labels(Tensor outputs) => [.. outputs.ArgMax(1).ToArray<long>().Select(k => (int)k)];
    }

    /// <summary>Viterbi's algorithm: the sequence of the highest score.</summary>
    private static int[] BestSequence(double[,] logits, int start, double[] share, double[,] transitions)
    {
        var score = new double[Length, States];
        var from = new int[Length, States];
        for (int t = 0; t < Length; t++)
            for (int k = 0; k < States; k++)
            {
                double Reaching(int j) => score[t - 1, j] + Math.Log(transitions[j, k] / share[j]);
                if (t > 0) from[t, k] = Enumerable.Range(0, States).MaxBy(Reaching);
                score[t, k] = (t > 0 ? Reaching(from[t, k]) : Math.Log(share[k])) + logits[start + t, k] - Math.Log(share[k]);
            }
        int[] labels = new int[Length];
        labels[^1] = Enumerable.Range(0, States).MaxBy(k => score[Length - 1, k]);
        for (int t = Length - 1; t > 0; t--) labels[t - 1] = from[t, labels[t]];
        return labels;
    }

    private static Module Fitted(LabContext lab, Module model, Tensor x, int[] y)
    {
        var labels = Tensor.From<long>([.. y.Select(k => (long)k)]);
        Descent.Run(new Adam(model.Parameters(), learningRate: 0.02), lab.Steps(lab.Pick(full: 150, reduced: 80)),
            () => Loss.CrossEntropy(model.Forward(x), labels));
        return model;
    }

    /// <summary>Each position with the inputs of its neighbours, zeros beyond the ends.</summary>
    private static Tensor Windows(Tensor x)
    {
        var padded = x.Pad([(0, 0), (Reach, Reach), (0, 0)]);
        return Tensor.Cat([.. Enumerable.Range(0, 2 * Reach + 1).Select(d => padded.Narrow(1, d, Length))], 2)
            .Reshape(-1, 2 * (2 * Reach + 1));
    }

    /// <summary>Phases that stay or go on in a ring, and points about the corners of a triangle.</summary>
    private static (Tensor X, int[] Y) Sequences(LabContext lab, int count, ulong seed)
    {
        var random = new Generator(seed);
        int[] y = new int[count * Length];
        for (int i = 0; i < y.Length; i++)
            y[i] = i % Length == 0 || lab.Mutated("outputs independent") ? (int)(States * random.NextDouble())
                : random.NextDouble() < 0.2 ? (y[i - 1] + 1) % States : y[i - 1];
        float[,] corners = { { 0, 1 }, { 0.87f, -0.5f }, { -0.87f, -0.5f } };
        var centre = Tensor.From(corners).IndexSelect(0, Tensor.From<int>(y));
        return ((centre + 0.8 * Tensor.Randn(centre.Shape, generator: random)).Reshape(count, Length, 2), y);
    }
}
