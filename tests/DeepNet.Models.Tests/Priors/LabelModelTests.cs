namespace DeepNet.Models.Tests.Priors;

public class LabelModelTests
{
    private static readonly double[] accuracies = [0.95, 0.8, 0.7, 0.6, 0.55], coverage = [0.3, 0.7, 0.6, 0.9, 0.8];

    // Votes of functions whose accuracies are known, for items whose classes are known.
    private static (int[] Truth, int[,] Votes) Draw(ulong seed, int items, int classes, double first)
    {
        var generator = new Generator(seed);
        var (truth, votes) = (new int[items], new int[items, accuracies.Length]);
        for (int i = 0; i < items; i++)
        {
            truth[i] = generator.NextDouble() < first ? 0 : 1 + (int)(generator.NextDouble() * (classes - 1));
            for (int j = 0; j < accuracies.Length; j++)
                votes[i, j] = generator.NextDouble() >= coverage[j] ? LabelModel.Abstain
                    : generator.NextDouble() < accuracies[j] ? truth[i]
                    : (truth[i] + 1 + (int)(generator.NextDouble() * (classes - 1))) % classes;
        }
        return (truth, votes);
    }

    [Theory]
    [InlineData(1, 2, 0.5)]
    [InlineData(2, 2, 0.7)]
    [InlineData(3, 4, 0.4)]
    public void Accuracies_are_found_without_labels(ulong seed, int classes, double first)
    {
        var (truth, votes) = Draw(seed, 20_000, classes, first);
        var model = LabelModel.Fit(votes, classes);
        for (int j = 0; j < accuracies.Length; j++) Assert.Equal(accuracies[j], model.Accuracies[j], 0.04);
        Assert.Equal(first, model.ClassShares[0], 0.04);
        for (int s = 1; s < model.LogLikelihoods.Count; s++) Assert.True(model.LogLikelihoods[s] >= model.LogLikelihoods[s - 1] - 1e-12);
        Assert.True(Right(model.Predict(votes), truth) > Right(Majority(votes, classes), truth) + 0.02);
    }

    [Fact]
    public void Probabilities_are_as_often_right_as_they_say()
    {
        var (truth, votes) = Draw(5, 20_000, 2, 0.5);
        var p = LabelModel.Fit(votes, 2, [0.5, 0.5]).Predict(votes);
        var sure = Enumerable.Range(0, truth.Length).Where(i => p[i, 0] is > 0.8 and < 0.9).ToList();
        Assert.True(sure.Count > 500);
        Assert.Equal(sure.Average(i => p[i, 0]), sure.Average(i => truth[i] == 0 ? 1.0 : 0), 0.03);
    }

    [Fact]
    public void Functions_vote_or_abstain()
    {
        string[] mails = ["win money", "meeting at nine", "hello"];
        var votes = LabelModel.Vote(mails, m => m.Contains("win", StringComparison.Ordinal) ? 1 : null,
            m => m.Contains("meeting", StringComparison.Ordinal) ? 0 : null, m => m.Length > 8 ? 0 : 1);
        Assert.Equal(new[,] { { 1, -1, 0 }, { -1, 0, 0 }, { -1, -1, 1 } }, votes);
        var shares = LabelModel.Fit(votes, 2, [0.3, 0.7]);
        var silent = shares.Predict(new[,] { { -1, -1, -1 } });
        Assert.Equal(0.3, silent[0, 0], 1e-12);
        Assert.Throws<ArgumentException>(() => LabelModel.Fit(new[,] { { 2 } }, 2));
    }

    private static double[,] Majority(int[,] votes, int classes)
    {
        var counts = new double[votes.GetLength(0), classes];
        for (int i = 0; i < votes.GetLength(0); i++)
            for (int j = 0; j < votes.GetLength(1); j++)
                if (votes[i, j] >= 0) counts[i, votes[i, j]]++;
        return counts;
    }

    private static double Right(double[,] scores, int[] truth)
    {
        int right = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            int best = 0;
            for (int c = 1; c < scores.GetLength(1); c++) if (scores[i, c] > scores[i, best]) best = c;
            if (best == truth[i]) right++;
        }
        return (double)right / truth.Length;
    }
}
