namespace DeepNet.Data.Sampling;

/// <summary>
/// All examples, shuffled so that any stretch of them, and so any batch of any size, has the classes in nearly the proportions of the
/// whole.
/// </summary>
public sealed class StratifiedSampler : ISampler
{
    private readonly int[][] classes;

    /// <summary>Spreads classes evenly.</summary>
    /// <param name="labels">The class of each example; see <see cref="DatasetExtensions.Labels"/>.</param>
    public StratifiedSampler(IReadOnlyList<int> labels)
    {
        classes = Classes.Group(labels);
        Count = labels.Count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch)
    {
        var order = new int[Count];
        var places = new double[Count];
        int at = 0;
        for (int c = 0; c < classes.Length; c++)
        {
            var generator = epoch.At((ulong)c).Generator();
            int[] members = [.. classes[c]];
            generator.Shuffle(members);
            // The members of a class at equal distances over the epoch, from a start that is random below one distance.
            double start = generator.NextDouble();
            for (int i = 0; i < members.Length; i++, at++)
                (order[at], places[at]) = (members[i], (i + start) / members.Length);
        }
        Array.Sort(places, order);
        return order;
    }
}
