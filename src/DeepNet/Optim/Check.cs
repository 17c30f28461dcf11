using System.Globalization;

namespace DeepNet.Optim;

/// <summary>The ranges of hyperparameters, with one wording for all errors.</summary>
internal static class Check
{
    public static double NotNegative(string name, double value)
        => value >= 0 && double.IsFinite(value) ? value : throw Bad(name, value, "must be a finite number and not negative");

    public static double Positive(string name, double value)
        => value > 0 && double.IsFinite(value) ? value : throw Bad(name, value, "must be finite and above 0");

    /// <summary>A share of the past: 1 would never let go of it.</summary>
    public static double Fraction(string name, double value)
        => value is >= 0 and < 1
            ? value
            : throw Bad(name, value, "must be at least 0 and below 1" + (value >= 1 ? ", usually 0.9 to 0.999" : ""));

    public static long Steps(string name, long value)
        => value > 0 ? value : throw Bad(name, value, "is a number of steps and must be at least 1");

    private static ArgumentOutOfRangeException Bad(string name, double value, string rule)
        => new(name, $"[optim] {name} is {value.ToString(CultureInfo.InvariantCulture)}; it {rule}.");
}
