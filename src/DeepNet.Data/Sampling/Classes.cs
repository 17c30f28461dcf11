namespace DeepNet.Data.Sampling;

/// <summary>Examples by class.</summary>
internal static class Classes
{
    /// <summary>The places of each class's examples, smallest class number first.</summary>
    public static int[][] Group(IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var groups = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < labels.Count; i++)
        {
            if (!groups.TryGetValue(labels[i], out var group)) groups.Add(labels[i], group = []);
            group.Add(i);
        }
        return [.. groups.Values.Select(group => group.ToArray())];
    }
}
