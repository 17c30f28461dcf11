namespace DeepNet.Bench.Cases;

internal static class All
{
    public static IEnumerable<Case> Cases =>
    [
        .. Training.Cases, .. Derivatives.Cases, .. FirstStep.Cases, .. Products.Cases, .. Elementwise.Cases, .. Rows.Cases,
        .. Convolutions.Cases, .. Generation.Cases, .. Images.Cases, .. LinearAlgebra.Cases, .. Statistics.Cases, .. Models.Cases,
        .. Overhead.Cases,
    ];
}
