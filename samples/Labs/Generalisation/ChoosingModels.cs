using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Generalisation;

/// <summary>Choosing a model by validation: k folds, and what happens when a small public test set is asked too often.</summary>
internal sealed class ChoosingModels : Lab
{
    public override string Name => "model-choice";

    public override string Title => "Choosing a model by k folds, and a bad model that wins by luck";

    public override string Claim => """
        A single small validation set often chooses a bad model by chance; the mean over k folds, in which every example is held out once,
        chooses better ones. And picking the best of very many models by a small public test set selects luck: of two thousand models that
        answer at random the best is right on more than four in five public examples, and on half of the private ones.
        """;

    public override string Question => "The best of 2000 submitted models is right on 17 of 20 public test examples. How good is it?";

    public override Guess Guess => new(
        [
            "About 85 % right, since that is what was measured",
            "A little below 85 %, since the set is small",
            "Nothing can be concluded: the best of 2000 coin-throwing models would do as well",
        ],
        Right: 2);

    public override string Explanation => """
        A validation set of six points estimates the error with a large variance, and the minimum over many models picks those whose
        estimate happens to be too low. Five folds use all thirty points for validation, each once, $\frac{1}{5} \sum_{k=1}^{5} \hat{E}_k$,
        which lowers the variance at the price of training five times. Afterwards the chosen model is trained on all data.

        The second part is the same effect without any training. A model that throws coins is right on $k$ of 20 examples with the
        probability $\frac{20!}{k! (20 - k)!} 2^{-20}$, so 17 or more come up with a probability of about 0.0013. Among 2000 such models two
        or three get there. The expected maximum rises with the number of models and falls with the size of the set: for $m$ models and $n$
        examples it is about $\frac{1}{2} + \sqrt{\frac{\log m}{2 n}}$.

        So a set that was used for choosing no longer measures. Keep a test set that decides nothing, look at it once, and the more
        candidates are compared, the larger the validation set must be. Folds help against the variance of a small set, not against choosing
        among thousands of candidates.
        """;

    public override string Falsified => """
        Five folds that do not lower the cost of a wrong choice; or a winner among random models that does in private as well as in public.
        """;

    public override IReadOnlyList<string> Next => ["early-stopping", "noisy-labels", "polynomial-degree"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        const int models = 2000, publicSize = 20, privateSize = 5000;
        // Each answer of each model is right by chance, one time in two.
        double[] inPublic = Tensor.Bernoulli(new Shape(models, publicSize), 0.5).Mean(1).ToArray<double>();
        int winner = Array.IndexOf(inPublic, inPublic.Max());
        double inPrivate = Tensor.Bernoulli(new Shape(privateSize), 0.5).Mean().Item();
        output.WriteLine($"model {winner} wins with {inPublic[winner]:P0} of {publicSize} public examples");
        output.WriteLine($"on {privateSize} private examples it is right on {inPrivate:P0}");

        // The more examples, the less luck is worth.
        foreach (int size in new[] { 100, 1000 })
        {
            double best = Tensor.Bernoulli(new Shape(models, size), 0.5).Mean(1).Max().Item();
            output.WriteLine($"with {size} public examples the winner has {best:P0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["one fold instead of five", "large public test set", "a single model handed in"];

    private const int HighestDegree = 9, Points = 30;

    public override void Run(LabContext lab)
    {
        FoldsAgainstOnePart(lab);
        LuckyModel(lab);
    }

    /// <summary>Thirty noisy points of a cubic curve: which degree is chosen, again and again with other points.</summary>
    private static void FoldsAgainstOnePart(LabContext lab)
    {
        int trials = lab.Pick(full: 200, reduced: 80), usedFolds = lab.Mutated("one fold instead of five") ? 1 : 5;
        double[] byPart = new double[HighestDegree], byFolds = new double[HighestDegree];       // how often each degree is chosen
        double costOfPart = 0, costOfFolds = 0;
        foreach (int t in lab.Steps(trials))
        {
            var points = SyntheticData.Curve(Points, Cubic, noise: 0.3, seed: lab.Seed + (ulong)t);
            var fresh = Columns(SyntheticData.Curve(300, Cubic, noise: 0.3, seed: lab.Seed + 1_000_000 + (ulong)t));
            double[] truth = Errors(Columns(points), fresh);
            double[][] folds = [.. points.KFold(5, lab.Seed + (ulong)t).Select(f => Errors(Columns(f.Train), Columns(f.Test)))];
            double[] mean = [.. Enumerable.Range(0, HighestDegree).Select(d => folds.Take(usedFolds).Average(errors => errors[d]))];

            int chosenByPart = Array.IndexOf(folds[0], folds[0].Min()), chosenByFolds = Array.IndexOf(mean, mean.Min());
            byPart[chosenByPart]++;
            byFolds[chosenByFolds]++;
            // How many times larger the error on new points is than that of the degree that would have been best; in logarithms, because
            // some are huge.
            costOfPart += Math.Log(truth[chosenByPart] / truth.Min()) / trials;
            costOfFolds += Math.Log(truth[chosenByFolds] / truth.Min()) / trials;
        }

        string[] degrees = [.. Enumerable.Range(1, HighestDegree).Select(d => $"{d}")];
        lab.Figure(new Plot("Which degree is chosen") { XLabel = "degree of the polynomial", YLabel = $"times chosen of {trials}" }
            .Bar(degrees, byPart, "by one set of six points").Bar(degrees, byFolds, "by five folds"),
            "The points come from a curve of degree 3. A single validation set often chooses a high degree by chance; five folds do "
                + "so less.");
        lab.Check(
            $"chosen by one set, the error is {Math.Exp(costOfPart):0.00} times that of the best degree, by five folds "
                + $"{Math.Exp(costOfFolds):0.00} times",
            costOfPart / costOfFolds, atLeast: 1.5);
    }

    private static double Cubic(double x) => 3 * x * x * x - 2 * x;

    private static (double[] X, double[] Y) Columns(IDataset points)
    {
        var (x, y) = points.All();
        return (x.ToArray<double>(), y.ToArray<double>());
    }

    /// <summary>The errors of all degrees on points that they were not fitted to.</summary>
    private static double[] Errors((double[] X, double[] Y) train, (double[] X, double[] Y) test)
        => [.. Enumerable.Range(1, HighestDegree).Select(d => Polynomial.Fit(d, train.X, train.Y).Error(test.X, test.Y))];

    /// <summary>Models that throw coins, handed in to a public test set.</summary>
    private static void LuckyModel(LabContext lab)
    {
        const int privateSize = 5000;
        int publicSize = lab.Mutated("large public test set") ? privateSize : 20,
            models = lab.Mutated("a single model handed in") ? 1 : 2000, contests = lab.Pick(full: 50, reduced: 20);
        // Each answer is right by chance, one time in two.
        double[] Accuracies(int of, int size)
        {
            using var scope = Memory.Scope();
            return Tensor.Bernoulli(new Shape(of, size), 0.5, generator: lab.Random).Mean(1).ToArray<double>();
        }
        double[] inPublic = Accuracies(models, publicSize), inPrivate = Accuracies(models, privateSize);
        lab.Figure(new Plot($"Accuracy of {models} models that answer at random")
        {
            XLabel = "accuracy", YLabel = "models", XMin = 0, XMax = 1,
        }
            .Histogram(inPublic, 17, $"public, {publicSize} examples").Histogram(inPrivate, 17, $"private, {privateSize} examples")
            .VerticalLine(inPublic.Max(), "the winner"),
            "All models are equally bad. The one that happens to do best in public is chosen.");

        // What the winner does in private has nothing to do with its luck in public, so it is drawn for the winner alone.
        Spread publicly = new(Enumerable.Range(0, contests).Select(_ => Accuracies(models, publicSize).Max())),
            privately = new(Enumerable.Range(0, contests).Select(_ => Accuracies(1, privateSize)[0]));
        lab.Check(
            $"the winner of {models} models has {publicly.Percent()} in public and {privately.Percent()} in private, over {contests} "
                + "contests",
            publicly.Mean - privately.Mean, atLeast: 0.3);
    }
}
