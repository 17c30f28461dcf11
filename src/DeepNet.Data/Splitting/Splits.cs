using DeepNet.Data.Sampling;

namespace DeepNet.Data;

/// <summary>Data sets, divided. Nothing is copied, and a seed decides who goes where.</summary>
public static class Splits
{
    /// <summary>Two parts, at random.</summary>
    /// <param name="dataset">The set.</param>
    /// <param name="test">The share of the second part, between 0 and 1.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    public static Split Split(this IDataset dataset, double test = 0.2, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckShare(test);
        int[] order = DrawKey.FromSeed(seed).Generator().Permutation(dataset.Count);
        int held = (int)Math.Round(test * order.Length);
        return new Split(new Subset(dataset, order.AsSpan(held)), new Subset(dataset, order.AsSpan(0, held)));
    }

    /// <inheritdoc cref="Split(IDataset, double, ulong)"/>
    public static (IDataset<T> Train, IDataset<T> Test) Split<T>(this IDataset<T> dataset, double test = 0.2, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckShare(test);
        int[] order = DrawKey.FromSeed(seed).Generator().Permutation(dataset.Count);
        int held = (int)Math.Round(test * order.Length);
        return (new ChosenDataset<T>(dataset, order[held..]), new ChosenDataset<T>(dataset, order[..held]));
    }

    /// <summary>Two parts, at random, each with the classes in the proportions of the whole.</summary>
    /// <param name="dataset">The set; its labels say the classes.</param>
    /// <param name="test">The share of the second part, between 0 and 1.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    public static Split StratifiedSplit(this IDataset dataset, double test = 0.2, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        CheckShare(test);
        // Spread evenly, every stretch has the right proportions.
        int[] order = new StratifiedSampler(dataset.Labels()).Draw(DrawKey.FromSeed(seed));
        int held = (int)Math.Round(test * order.Length);
        return new Split(new Subset(dataset, order.AsSpan(held)), new Subset(dataset, order.AsSpan(0, held)));
    }

    /// <summary>K ways to hold out a part: each example is in the second part of exactly one.</summary>
    public static IReadOnlyList<Split> KFold(this IDataset dataset, int folds = 5, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Fold(dataset, DrawKey.FromSeed(seed).Generator().Permutation(dataset.Count), folds, strides: false);
    }

    /// <summary>
    /// K ways to hold out a part, in each of which every class is as large as it can fairly be: the same number of times, give or take one.
    /// </summary>
    public static IReadOnlyList<Split> StratifiedKFold(this IDataset dataset, int folds = 5, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var key = DrawKey.FromSeed(seed);
        // Class after class, dealt out like cards: the folds get equal numbers of each class and of all.
        var order = new List<int>(dataset.Count);
        int[][] classes = Classes.Group(dataset.Labels());
        for (int c = 0; c < classes.Length; c++)
        {
            key.At((ulong)c).Generator().Shuffle(classes[c]);
            order.AddRange(classes[c]);
        }
        return Fold(dataset, [.. order], folds, strides: true);
    }

    /// <summary>
    /// A bootstrap sample, as bagging trains on: as many examples as the set has, drawn with replacement, and in the second part those that
    /// were not drawn (about 37 %), on which the model can be tested.
    /// </summary>
    /// <param name="dataset">The set.</param>
    /// <param name="seed">Equal seeds draw equally; give each member of an ensemble its own.</param>
    public static Split Bootstrap(this IDataset dataset, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var generator = DrawKey.FromSeed(seed).Generator();
        var drawn = new int[dataset.Count];
        var isOut = new bool[dataset.Count];
        Array.Fill(isOut, true);
        for (int i = 0; i < drawn.Length; i++) isOut[drawn[i] = generator.Below(drawn.Length)] = false;
        int[] rest = [.. Enumerable.Range(0, drawn.Length).Where(i => isOut[i])];
        return new Split(new Subset(dataset, drawn), new Subset(dataset, rest));
    }

    private static Split[] Fold(IDataset dataset, int[] order, int folds, bool strides)
    {
        if (folds < 2 || folds > order.Length)
            throw new ArgumentOutOfRangeException(
                nameof(folds),
                $"[k_fold] {order.Length} examples cannot be divided into {folds} folds: there are from 2 to as many as examples.");
        var splits = new Split[folds];
        for (int fold = 0; fold < folds; fold++)
        {
            int begin = (int)((long)order.Length * fold / folds), end = (int)((long)order.Length * (fold + 1) / folds);
            var train = new List<int>(order.Length);
            var test = new List<int>();
            for (int i = 0; i < order.Length; i++)
            {
                bool isHeld = strides ? i % folds == fold : i >= begin && i < end;
                (isHeld ? test : train).Add(order[i]);
            }
            splits[fold] = new Split(new Subset(dataset, [.. train]), new Subset(dataset, [.. test]));
        }
        return splits;
    }

    private static void CheckShare(double test)
    {
        if (!(test is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(test), $"[split] the test part is a share between 0 and 1, not {test}.");
    }
}
