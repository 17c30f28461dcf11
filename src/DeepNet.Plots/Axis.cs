namespace DeepNet.Plots;

/// <summary>
/// From numbers to pixels. <see cref="Low"/> lies at <see cref="Start"/>, <see cref="High"/> at <see cref="End"/>; both may run backwards.
/// </summary>
internal sealed class Axis(double low, double high, AxisScale scale = AxisScale.Linear)
{
    public double Low { get; private set; } = low;

    public double High { get; private set; } = high;

    public AxisScale Scale { get; } = scale;

    public double Start { get; set; }

    public double End { get; set; } = 1;

    /// <summary>Names in place of numbers, at 0, 1, 2…</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Halves of units would mean nothing: epochs, counts.</summary>
    public bool WholeNumbers { get; init; }

    public List<Tick> Ticks { get; private set; } = [];

    public double Length => Math.Abs(End - Start);

    /// <summary>The pixel of a number; NaN for what has no place on the axis.</summary>
    public double At(double value) => Start + (End - Start) * Fraction(value);

    /// <summary>From 0 at <see cref="Low"/> to 1 at <see cref="High"/>.</summary>
    public double Fraction(double value)
    {
        if (Scale == AxisScale.Log)
            return value > 0 ? (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low)) : double.NaN;
        return (value / 2 - Low / 2) / (High / 2 - Low / 2);      // halves: the span of all doubles is no double
    }

    /// <summary>The number at a fraction of the axis.</summary>
    public double Invert(double fraction)
        => Scale == AxisScale.Log
            ? Math.Pow(10, Math.Log10(Low) + fraction * (Math.Log10(High) - Math.Log10(Low)))
            : Low * (1 - fraction) + High * fraction;

    public void MakeTicks(double target)
    {
        double from = Math.Min(Low, High), to = Math.Max(Low, High);
        if (Categories is null)
        {
            Ticks = Scale == AxisScale.Log ? Plots.Ticks.Log(from, to, target) : Plots.Ticks.Linear(from, to, target, WholeNumbers);
            return;
        }
        Ticks = [];
        for (int i = 0; i < Categories.Count; i++)
            if (i >= from && i <= to) Ticks.Add(new Tick(i, Categories[i]));
    }

    /// <summary>Makes the axis cover a larger span about the same middle.</summary>
    public void Widen(double factor)
    {
        double middle = (Low + High) / 2, half = (High - Low) / 2 * factor;
        (Low, High) = (middle - half, middle + half);
    }
}
