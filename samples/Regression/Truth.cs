namespace DeepNet.Samples.Regression;

/// <summary>What data/houses/README.md says about the houses.</summary>
internal static class Truth
{
    public const string Target = "price";
    public const double Noise = 20;

    /// <summary>The categories that the others are compared with: their coefficient is 0.</summary>
    public static IReadOnlyList<string> BaseCategories { get; } = ["quarter=south"];

    public static IReadOnlyDictionary<string, double> Coefficients { get; } = new Dictionary<string, double>
    {
        [LinearFit.InterceptName] = 60,
        ["area"] = 2.4,
        ["rooms"] = 8,
        ["age"] = -0.9,
        ["distance"] = -4.5,
        ["garden"] = 15,
        ["quarter=harbour"] = 25,
        ["quarter=north"] = -10,
        ["quarter=old_town"] = 60,
    };
}
