namespace DeepNet.Labs.Running;

/// <summary>Represents the distance of a check's number from its bound.</summary>
/// <param name="Place">The place of the number on a scale from 0 to 1.</param>
/// <param name="From">The start of the part of the scale in which the check holds.</param>
/// <param name="To">The end of that part.</param>
/// <param name="Words">The distance in words.</param>
internal sealed record Margin(double Place, double From, double To, string Words)
{
    public static Margin Of(CheckItem check)
    {
        var (value, least, most) = (check.Value, check.AtLeast, check.AtMost);
        if (double.IsNaN(value)) return new(0, 0.5, 1, "not a number");
        if (double.IsNegativeInfinity(least)) return new(Squashed(value, most), 0, 0.5, InWords(value, most, isAbove: false));
        if (double.IsPositiveInfinity(most)) return new(Squashed(value, least), 0.5, 1, InWords(value, least, isAbove: true));
        if (least == most) return new(Squashed(value, least), 0.48, 0.52, value == least ? "on its bound" : "off its bound");
        double place = 0.25 + 0.5 * (value - least) / (most - least), left = Math.Min(value - least, most - value) / (most - least);
        return new(
            Math.Clamp(place, 0, 1), 0.25, 0.75, left < 0 ? "outside of its bounds" : $"{left:P0} of the interval to the nearer bound");
    }

    /// <summary>Returns where a number lies beside a bound at one half: one that is twice the bound at three quarters.</summary>
    private static double Squashed(double value, double bound)
    {
        double beyond = (value - bound) / Math.Max(Math.Abs(bound), 1e-12);
        if (double.IsInfinity(beyond)) return beyond > 0 ? 1 : 0;
        // A positive bound is approached from below by ratios, as it is left above.
        if (bound > 0 && value > 0 && value < bound) beyond = -(bound / value - 1);
        return 0.5 + 0.5 * beyond / (1 + Math.Abs(beyond));
    }

    private static string InWords(double value, double bound, bool isAbove)
    {
        if (value == bound) return "on its bound";
        bool holds = value > bound == isAbove;
        if (bound == 0 || value / bound <= 0) return holds ? "on the right side of its bound" : "on the wrong side of its bound";
        double times = Math.Abs(value) > Math.Abs(bound) ? value / bound : bound / value;
        string side = value > bound ? "above" : "below";
        return times >= 1e4 ? $"more than 10,000 times {side} its bound"
            : times >= 10 ? $"{times:0} times {side} its bound"
            : times >= 2 ? $"{times:0.#} times {side} its bound"
            : $"{Math.Abs(value - bound) / Math.Abs(bound):P0} {side} its bound";
    }
}
