namespace DeepNet.Bench.Anchor;

internal static class AllCases
{
    public static Dictionary<string, Case> ByName { get; } = new[]
    {
        Training.Cases, Derivatives.Cases, FirstStep.Cases, Products.Cases, Elementwise.Cases, Rows.Cases, Convolutions.Cases,
        Generation.Cases, Images.Cases, LinearAlgebra.Cases, Statistics.Cases, Models.Cases, Overhead.Cases,
    }.SelectMany(cases => cases).ToDictionary(item => item.Name);
}
