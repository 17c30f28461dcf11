namespace DeepNet.Models;

/// <summary>Losses of orders: what is known is that one example is above another, not by how much.</summary>
public static class Ranking
{
    /// <summary>
    /// The logistic loss of all pairs of a batch that differ in relevance (RankNet, Burges et al. 2005): ln(1 + exp(−(sᵢ − sⱼ))), averaged
    /// over pairs in which i is above j; 0 if there are none.
    /// </summary>
    /// <param name="scores">The scores, (N,).</param>
    /// <param name="relevance">What they are to be ordered by, (N,).</param>
    public static Tensor AllPairs(Tensor scores, Tensor relevance)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(relevance);
        if (scores.Rank != 1 || !scores.Shape.Equals(relevance.Shape))
            throw new ArgumentException($"[ranking] scores {scores.Shape} and relevance {relevance.Shape}: both must be (N,).");
        var above = (relevance.Unsqueeze(1) > relevance.Unsqueeze(0)).To(scores.DType);
        var losses = -(scores.Unsqueeze(1) - scores.Unsqueeze(0)).LogSigmoid();
        return (losses * above).Sum() / above.Sum().Clamp(min: 1);
    }

    /// <summary>The share of pairs that differ in relevance whose scores are in the right order (ties count half): 0.5 is chance.</summary>
    public static double Agreement(Tensor scores, Tensor relevance)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(relevance);
        double[] s = scores.Detach().ToArray<double>(), r = relevance.Detach().ToArray<double>();
        double right = 0, pairs = 0;
        for (int i = 0; i < s.Length; i++)
            for (int j = 0; j < s.Length; j++)
            {
                if (!(r[i] > r[j])) continue;
                pairs++;
                right += s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
            }
        return pairs == 0 ? 0.5 : right / pairs;
    }
}
