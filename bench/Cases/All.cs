namespace DeepNet.Bench.Cases;

internal static class All
{
    public static IEnumerable<Case> Cases =>
    [
        .. Overhead.Cases, .. Elementwise.Cases, .. Rows.Cases, .. Products.Cases, .. Convolutions.Cases, .. Derivatives.Cases, .. Training.Cases,
    ];
}
