namespace DeepNet.Tests.Golden;

/// <summary>Maps each operator of the golden files to its DeepNet call. A case whose operator is not here fails.</summary>
internal static partial class GoldenCalls
{
    public static IReadOnlyDictionary<string, Func<GoldenCall, Tensor[]>> All { get; } = Collect(
        Elementwise, Creation, Reductions, Shapes, Indexing, Linear, Layers, Losses, Sequences, Images, Activations, MoreLosses,
        LinearAlgebra, Stats, Densities);

    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Collect(params Dictionary<string, Func<GoldenCall, Tensor[]>>[] topics)
        => topics.SelectMany(t => t).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static Func<GoldenCall, Tensor[]> One(Func<GoldenCall, Tensor> call) => c => [call(c)];
}
