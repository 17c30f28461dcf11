namespace DeepNet.Data.Sampling;

/// <summary>Specifies how classes of different sizes are made equal.</summary>
public enum Balance
{
    /// <summary>Small classes show their examples several times, until they are as large as the largest.</summary>
    Over,

    /// <summary>Large classes show only as many examples as the smallest has; others every epoch.</summary>
    Under,
}

/// <summary>
/// Equally many examples of each class, shuffled. No example comes a second time before all others of its class came once.
/// </summary>
public sealed class BalancedSampler : ISampler
{
    private readonly int[][] classes;
    private readonly int perClass;

    /// <summary>Balances classes.</summary>
    /// <param name="labels">The class of each example; see <see cref="DatasetExtensions.Labels"/>. Classes without examples do not
    /// count.</param>
    /// <param name="balance">Whether small classes repeat or large ones are cut.</param>
    public BalancedSampler(IReadOnlyList<int> labels, Balance balance = Balance.Over)
    {
        classes = Classes.Group(labels);
        perClass = classes.Length == 0 ? 0 : balance == Balance.Over ? classes.Max(c => c.Length) : classes.Min(c => c.Length);
    }

    /// <inheritdoc/>
    public int Count => classes.Length * perClass;

    /// <inheritdoc/>
    public int[] Draw(DrawKey epoch)
    {
        var drawn = new int[Count];
        for (int c = 0; c < classes.Length; c++)
        {
            var generator = epoch.At((ulong)c).Generator();
            var part = drawn.AsSpan(c * perClass, perClass);
            for (int at = 0; at < perClass; at += classes[c].Length)
            {
                int[] round = [.. classes[c]];
                generator.Shuffle(round);
                round.AsSpan(0, Math.Min(round.Length, perClass - at)).CopyTo(part[at..]);
            }
        }
        epoch.Generator().Shuffle(drawn);
        return drawn;
    }
}
