namespace DeepNet.Samples.Nodes;

/// <summary>Divides papers into those whose topic is told and those whose topic is to be found.</summary>
/// <param name="Told">(told,), the places of papers with a label.</param>
/// <param name="Hidden">The places of all others.</param>
internal sealed record Division(Tensor Told, Tensor Hidden)
{
    /// <summary>Tells the topics of a share of papers, as many of each topic as there are among all, and one at least.</summary>
    public static Division Of(Papers papers, double share, ulong seed)
    {
        using var scope = Memory.Scope();
        long[] topics = papers.Topics.ToArray<long>();
        long[] order = Tensor.RandPerm(papers.Count, generator: new Generator(seed)).ToArray<long>();
        var told = order.GroupBy(i => topics[i])
            .SelectMany(group => group.Take(Math.Max(1, (int)Math.Round(share * group.Count())))).ToHashSet();
        return new(Places(order.Where(told.Contains)), Places(order.Where(i => !told.Contains(i))));
    }

    private static Tensor Places(IEnumerable<long> places) => Memory.Keep(Tensor.From<long>([.. places]));
}
