using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

internal sealed class Boosting : Lab
{
    public override string Name => "boosting";

    public override string Title => "Weak models, each trained on the mistakes of those before, add up to a strong one";

    public override string Claim => """
        A single threshold on one coordinate cannot separate two moons: that is under-fitting, and no amount of training cures it. Boosting
        does: each next weak model sees the examples that were answered wrongly with more weight, and all vote. The training error falls
        with every few models, far below that of the best single one, and new points are answered better too. Where bagging averages models
        that over-fit, boosting adds up models that under-fit.
        """;

    public override string Question => "A model is too simple and under-fits. Does it help to combine many of its kind?";

    public override Guess Guess => new(
        [
            "No: the mean of models that are all too simple is too simple",
            "Yes, if each is trained on another random sample",
            "Yes, if each is trained on the mistakes of those before and all vote with weights",
        ],
        Right: 2);

    public override string Explanation => """
        AdaBoost keeps a weight $D_i$ for each example, at first all equal. In round $t$ the weak model $h_t$ with answers $\pm 1$ that has
        the least weighted error $e_t$ is found; it gets the vote $\alpha_t = \frac{1}{2} \log \frac{1 - e_t}{e_t}$, and the weights become
        $D_i \to D_i \exp(-\alpha_t y_i h_t(\mathbf{x}_i))$, normalised. Wrong examples gain weight, so the next model attends to them. The
        answer is the sign of $\sum_{t} \alpha_t h_t(\mathbf{x})$.

        This is coordinate descent on the exponential loss $\sum_{i} \exp(-y_i \sum_{t} \alpha_t h_t(\mathbf{x}_i))$, and the training error
        is at most $\prod_{t} 2 \sqrt{e_t (1 - e_t)}$. As long as each weak model is better than chance on the weighted examples,
        $e_t < \frac{1}{2}$, every factor is below 1 and the error falls exponentially. A sum of thresholds on single coordinates makes a
        boundary of steps, which a single threshold cannot.

        A plain mean of models that were all trained on the same weights would not help, since they would all be the same. The danger is the
        reverse of that of bagging: examples with wrong labels get ever more weight, so boosting suits clean data.
        """;

    public override string Falsified => """
        A training error of many models that stays above 30 % of that of one, or an error on new points that does not fall with it.
        """;

    public override IReadOnlyList<string> Next => ["bagging-and-attacks", "noisy-labels", "polynomial-degree"];

    public override void Example(TextWriter output)
    {
        var (points, labels) = SyntheticData.Moons(100, noise: 0.2, seed: 1).All();
        double[][] x = [.. Enumerable.Range(0, 2).Select(axis => points[.., axis].ToArray<double>())];
        double[] y = [.. labels.ToArray<long>().Select(l => l == 1 ? 1.0 : -1)];
        double[] weight = [.. y.Select(_ => 1.0 / y.Length)], votes = new double[y.Length];
        for (int model = 1; model <= 30; model++)
        {
            // The threshold, axis and sign with the least weighted error.
            var best = (Error: 1.0, Answers: y);
            for (int axis = 0; axis < 2; axis++)
                foreach (double threshold in x[axis])
                    foreach (int sign in new[] { -1, 1 })
                    {
                        double[] answers = [.. x[axis].Select(v => v > threshold ? sign : -sign)];
                        double error = weight.Where((_, i) => answers[i] != y[i]).Sum();
                        if (error < best.Error) best = (error, answers);
                    }
            double vote = 0.5 * Math.Log((1 - best.Error) / Math.Max(best.Error, 1e-9));
            for (int i = 0; i < y.Length; i++)
            {
                votes[i] += vote * best.Answers[i];
                weight[i] *= Math.Exp(-vote * best.Answers[i] * y[i]);
            }
            double sum = weight.Sum();
            for (int i = 0; i < y.Length; i++) weight[i] /= sum;
            double wrong = votes.Where((v, i) => v * y[i] <= 0).Count() / (double)y.Length;
            if (model is 1 or 10 or 30) output.WriteLine($"{model} models: wrong on {wrong:P1} of the points");
        }
    }

    public override IReadOnlyList<string> Mutations => ["weights not raised", "a single model"];

    public override void Run(LabContext lab)
    {
        int models = lab.Mutated("a single model") ? 1 : lab.Pick(full: 100, reduced: 50);
        var trials = lab.Seeds(full: 10, reduced: 3).Select(seed => Boost(lab, seed, models)).ToArray();
        double[] axis = Fit.Grid(1, Math.Max(2, models), models);
        Spread At(int i, Func<(double[] Train, double[] Test), double[]> of) => new(trials.Select(t => of(t)[i]));
        lab.Figure(
            new Plot("Vote of the models") { XLabel = "models", YLabel = "share answered wrongly", YMin = 0 }
                .Spreads(axis, [.. axis.Select((_, i) => At(i, t => t.Train))], "training points", 0)
                .Spreads(axis, [.. axis.Select((_, i) => At(i, t => t.Test))], "new points", 1),
            $"{trials.Length} times two hundred points of two moons; the bands reach from the smallest to the largest.");
        Spread one = At(0, t => t.Train), all = At(models - 1, t => t.Train), oneNew = At(0, t => t.Test),
            allNew = At(models - 1, t => t.Test);
        lab.Check($"one model is wrong on {one.Percent()} of the training points", one.Mean, atLeast: 0.1);
        lab.Check($"the vote of {models} is wrong on {all.Percent()}", all.Mean / one.Mean, atMost: 0.3);
        lab.Check(
            $"on new points one is wrong on {oneNew.Percent()}, the vote on {allNew.Percent()}", allNew.Mean / oneNew.Mean, atMost: 0.7);
    }

    /// <summary>AdaBoost with thresholds on one coordinate.</summary>
    private static (double[] Train, double[] Test) Boost(LabContext lab, ulong seed, int models)
    {
        var train = Points(200, seed);
        var test = Points(1000, seed + 500);
        double[] weight = [.. Enumerable.Repeat(1.0 / train.Length, train.Length)], votes = new double[train.Length],
            testVotes = new double[test.Length];
        var (errors, testErrors) = (new double[models], new double[models]);
        for (int m = 0; m < models; m++)
        {
            lab.Cancellation.ThrowIfCancellationRequested();
            var (axis, threshold, sign, error) = Best(train, weight);
            double say = 0.5 * Math.Log((1 - error) / Math.Max(error, 1e-9));
            double Answer(double[] p) => (p[axis] > threshold ? 1 : -1) * sign;
            for (int i = 0; i < train.Length; i++)
            {
                votes[i] += say * Answer(train[i]);
                if (!lab.Mutated("weights not raised")) weight[i] *= Math.Exp(-say * Answer(train[i]) * train[i][2]);
            }
            double sum = weight.Sum();
            weight = [.. weight.Select(w => w / sum)];
            for (int i = 0; i < test.Length; i++) testVotes[i] += say * Answer(test[i]);
            errors[m] = train.Where((p, i) => votes[i] * p[2] <= 0).Count() / (double)train.Length;
            testErrors[m] = test.Where((p, i) => testVotes[i] * p[2] <= 0).Count() / (double)test.Length;
        }
        return (errors, testErrors);
    }

    /// <summary>Points as (x, y, ±1).</summary>
    private static double[][] Points(int count, ulong seed)
    {
        var (x, y) = SyntheticData.Moons(count, noise: 0.2, seed: seed).All();
        var at = x.ToMatrix();
        long[] classes = y.ToArray<long>();
        return [.. Enumerable.Range(0, count).Select(i => (double[])[at[i, 0], at[i, 1], classes[i] == 1 ? 1 : -1])];
    }

    private static (int Axis, double Threshold, int Sign, double Error) Best(double[][] points, double[] weight)
    {
        (int, double, int, double) best = (0, 0, 1, 1);
        for (int axis = 0; axis < 2; axis++)
        {
            int[] order = [.. Enumerable.Range(0, points.Length).OrderBy(i => points[i][axis])];
            // Of all points above the threshold said 1: wrong are those of class −1. Each point passed moves to the other side.
            double wrong = order.Where(i => points[i][2] < 0).Sum(i => weight[i]);
            for (int k = 0; k < order.Length - 1; k++)
            {
                wrong += weight[order[k]] * points[order[k]][2];
                double threshold = (points[order[k]][axis] + points[order[k + 1]][axis]) / 2;
                foreach (var (sign, error) in new[] { (1, wrong), (-1, 1 - wrong) })
                    if (error < best.Item4) best = (axis, threshold, sign, error);
            }
        }
        return best;
    }
}
