using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

internal sealed class DivergenceOfDistributions : Lab
{
    public override string Name => "cross-entropy-is-kl";

    public override string Title => "To minimise cross-entropy is to minimise the divergence from the true distribution";

    public override string Claim => """
        The cross-entropy of answers q for a truth p is the entropy of p, which no answer can change, plus the Kullback–Leibler divergence
        of q from p. So its lowest value is at q = p, for soft truths too, and it is zero only for a truth that is certain. For the
        certain truth (0, 1, 0) the answer (0, 0.9, 0.1) costs 0.105 and (0.3, 0.4, 0.3) costs 0.916. Softmax amplifies: adding 1 to a
        score multiplies odds by e.
        """;

    public override string Question
        => "The truth is not certain but has the probabilities 0.5, 0.3 and 0.2: how low can cross-entropy get?";

    public override Guess? Guess => new(
        [
            "To zero, if the network is large enough",
            "To the entropy of the truth, with exactly these probabilities as the answer",
            "To its lowest value for an answer that is certain of the first class",
        ],
        Right: 1);

    public override string Explanation => """
        Cross-entropy splits into two parts: $-\sum_i p_i \log q_i = -\sum_i p_i \log p_i + \sum_i p_i \log \frac{p_i}{q_i}$. The first is
        the entropy of the truth and does not depend on the answer. The second is the Kullback–Leibler divergence, which is never negative
        and is zero only for $q = p$. Minimising one is minimising the other.

        For a certain truth the sum has one term: the loss is $-\log q$ of the right class, and it does not matter how the rest is shared
        out. An answer with 0.4 on the right class has the largest probability there and is still 8.7 times as costly as one with 0.9: the
        loss asks for certainty and not only for the right order.

        Softmax makes probabilities of scores by $q_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$, so that $\frac{q_i}{q_j} = e^{z_i - z_j}$: odds
        depend on differences of scores only. A lead of one multiplies them by $e \approx 2.7$ and a lead of five by 148. Adding a
        constant to all scores changes nothing.
        """;

    public override string Falsified => """
        A loss that differs from entropy plus divergence, or descent that ends at other probabilities than those of the truth.
        """;

    public override IReadOnlyList<string> Next => ["likelihood", "cross-entropy", "uncertainty"];

    public override void Example(TextWriter output)
    {
        double[] truth = [0.5, 0.3, 0.2];
        double entropy = -truth.Sum(p => p * Math.Log(p));
        var target = Tensor.From<double>(truth).Reshape(1, 3);
        var logits = new Parameter(Tensor.Zeros(new Shape(1, 3), DType.Float64));
        var optimizer = new Sgd([logits], learningRate: 1);
        for (int step = 0; step <= 20; step++)
        {
            optimizer.ZeroGrad();
            var loss = Loss.CrossEntropy(logits.Value, target);
            loss.Backward();
            if (step % 4 == 0)
            {
                double[] answer = logits.Value.Softmax(1).ToArray<double>();
                double divergence = truth.Zip(answer, (p, q) => p * Math.Log(p / q)).Sum();
                output.WriteLine($"answer {string.Join(", ", answer.Select(q => $"{q:0.000}"))}: loss {loss.Item<double>():0.0000} "
                    + $"= entropy {entropy:0.0000} + divergence {divergence:0.0000}");
            }
            optimizer.Step();
        }
    }

    public override IReadOnlyList<string> Mutations => ["squared error in its place", "scores normalised without exponentials"];

    public override void Run(LabContext lab)
    {
        double Entropy(double[] p) => -p.Where(v => v > 0).Sum(v => v * Math.Log(v));
        double Divergence(double[] p, double[] q) => p.Zip(q, (a, b) => a > 0 ? a * Math.Log(a / b) : 0).Sum();
        Tensor LossOf(Tensor logits, double[] p)
        {
            var target = Tensor.From<double>(p).Reshape(1, -1);
            return lab.Mutated("squared error in its place") ? Loss.Mse(logits.Softmax(1), target) : Loss.CrossEntropy(logits, target);
        }

        // Random truths and answers: the loss against the sum of both parts.
        double worst = 0;
        for (int i = 0; i < 50; i++)
        {
            var logits = Tensor.Randn(new Shape(1, 4), DType.Float64, generator: lab.Random);
            double[] p = [.. Tensor.Randn(new Shape(1, 4), DType.Float64, generator: lab.Random).Softmax(1).ToArray<double>()];
            worst = Math.Max(worst,
                Math.Abs(LossOf(logits, p).Item<double>() - Entropy(p) - Divergence(p, logits.Softmax(1).ToArray<double>())));
        }
        lab.Check($"the loss is entropy + divergence to within {Say.Short(worst)}", worst, atMost: 1e-10);

        // Descent on the logits finds the soft truth, and stops at its entropy.
        double[] soft = [0.5, 0.3, 0.2];
        var free = new Parameter(Tensor.Zeros(new Shape(1, 3), DType.Float64));
        var losses = Descent.Run(new Sgd([free], 1), lab.Steps(400), () => LossOf(free.Value, soft));
        double[] answer = free.Value.Softmax(1).ToArray<double>();
        double off = answer.Zip(soft, (a, b) => Math.Abs(a - b)).Max();
        lab.Check($"descent ends at the truth to within {Say.Short(off)}", off, atMost: 1e-3);
        lab.Check($"with the loss {losses[^1]:0.0000}, the truth's entropy", Math.Abs(losses[^1] - Entropy(soft)), atMost: 1e-4);

        double Cost(double[] q) => -Math.Log(q[1]);
        double[] vague = [0.3, 0.4, 0.3], sure = [0, 0.9, 0.1];
        lab.Table(
            ["answer for the truth (0, 1, 0)", "cross-entropy"],
            [["(0.3, 0.4, 0.3)", $"{Cost(vague):0.000}"], ["(0, 0.9, 0.1)", $"{Cost(sure):0.000}"]]);
        lab.Check($"the vague answer costs {Cost(vague) / Cost(sure):0.0} times the sure one", Cost(vague) / Cost(sure), atLeast: 8,
            atMost: 9);

        // Both answers are right by their largest share; softmax makes the shares differ more than the scores do.
        double[] scores = [1, 2, 3];
        var s = Tensor.From<double>(scores).Reshape(1, 3);
        double[] shares = lab.Mutated("scores normalised without exponentials") ? [.. scores.Select(v => v / scores.Sum())] : s
            .Softmax(1).ToArray<double>();
        double odds = shares[2] / shares[1];
        lab.Check($"a score one higher has {odds:0.000} times the share", Math.Abs(odds - Math.E), atMost: 1e-9);
        double[] axis = Fit.Grid(0.02, 0.98, 97);
        lab.Figure(
            new PlotGrid(
                null, 2,
                new Plot("cost of a share given to the right class") { XLabel = "share", YLabel = "−log share", Width = 460 }
                    .Line(axis, [.. axis.Select(q => -Math.Log(q))])
                        .Scatter([0.4, 0.9], [Cost(vague), Cost(sure)], "both answers", size: 9),
                new Plot("softmax amplifies") { YLabel = "share", Width = 460 }
                    .Bar(["score 1", "score 2", "score 3"], [.. scores.Select(v => v / scores.Sum())], "by the scores themselves")
                    .Bar(["score 1", "score 2", "score 3"], s.Softmax(1).ToArray<double>(), "by softmax")),
            "First: what an answer costs. Second: scores 1, 2, 3 as shares.");
    }
}
