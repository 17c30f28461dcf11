namespace DeepNet.Plots;

/// <summary>
/// Represents the range that an axis has to cover. Soft ends get some air beside them, hard ones (the foot of a bar, the edge of a map) do
/// not.
/// </summary>
internal sealed class Span(AxisScale scale)
{
    private const double Air = 0.04, Largest = 1e300;

    private double softLow = double.PositiveInfinity, softHigh = double.NegativeInfinity, hardLow = double.PositiveInfinity,
        hardHigh = double.NegativeInfinity;

    public AxisScale Scale { get; } = scale;

    /// <summary>True until something that is no whole number was added.</summary>
    public bool WholeNumbers { get; private set; } = true;

    public bool IsEmpty => softLow > softHigh && hardLow > hardHigh;

    public void Add(double value)
    {
        if (!Counts(ref value)) return;
        (softLow, softHigh) = (Math.Min(softLow, value), Math.Max(softHigh, value));
        if (value != Math.Floor(value)) WholeNumbers = false;
    }

    public void AddHard(double value)
    {
        if (!Counts(ref value)) return;
        (hardLow, hardHigh) = (Math.Min(hardLow, value), Math.Max(hardHigh, value));
    }

    public void Add(ReadOnlySpan<double> values)
    {
        foreach (double value in values) Add(value);
    }

    /// <summary>Points of which both coordinates can be shown.</summary>
    public static void Add(Span spanX, double[] x, Span spanY, double[] y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (!spanX.CanShow(x[i]) || !spanY.CanShow(y[i])) continue;
            spanX.Add(x[i]);
            spanY.Add(y[i]);
        }
    }

    private bool CanShow(double value) => double.IsFinite(value) && (Scale != AxisScale.Log || value > 0);

    /// <summary>The axis, with ends that its user fixed.</summary>
    public Axis ToAxis(double? fixedLow, double? fixedHigh, IReadOnlyList<string>? categories, bool reversed)
    {
        var (low, high) = Padded();
        if (Scale == AxisScale.Log && (fixedLow <= 0 || fixedHigh <= 0))
            throw new ArgumentException(
                $"[plot] a log axis cannot start or end at {(fixedLow <= 0 ? fixedLow : fixedHigh)}; give a positive limit, or use "
                    + "AxisScale.Linear.");
        (low, high) = (fixedLow ?? low, fixedHigh ?? high);
        if (low >= high)
        {
            // One end was fixed beyond all data.
            double width = Math.Max(Math.Abs(low), Math.Abs(high)) is var m && m > 0 ? m : 1;
            if (fixedLow is null) low = Scale == AxisScale.Log ? high / 10 : high - width;
            else if (fixedHigh is null) high = Scale == AxisScale.Log ? low * 10 : low + width;
            else
                throw new ArgumentException(
                    $"[plot] the axis would run from {fixedLow} to {fixedHigh}; the lower limit has to be the smaller one.");
        }
        if (reversed) (low, high) = (high, low);
        return new Axis(low, high, Scale)
        {
            Categories = categories, WholeNumbers = WholeNumbers && Scale == AxisScale.Linear && Math.Abs(high - low) >= 2,
        };
    }

    private bool Counts(ref double value)
    {
        if (!CanShow(value)) return false;
        value = Math.Clamp(value, -Largest, Largest);
        return true;
    }

    private (double Low, double High) Padded()
    {
        if (IsEmpty) return Scale == AxisScale.Log ? (1, 10) : (0, 1);
        double low = Math.Min(softLow, hardLow), high = Math.Max(softHigh, hardHigh);
        if (Scale == AxisScale.Log)
        {
            if (low == high) return (low / 2, high * 2);
            double ratio = Math.Pow(high / low, Air);
            return (softLow < hardLow ? low / ratio : low, softHigh > hardHigh ? high * ratio : high);
        }
        if (low == high || (high - low) < 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double around = low == 0 ? 1 : Math.Abs(low) * 0.1;
            return (low - around, high + around);
        }
        double air = (high - low) * Air;
        return (softLow < hardLow ? low - air : low, softHigh > hardHigh ? high + air : high);
    }
}
