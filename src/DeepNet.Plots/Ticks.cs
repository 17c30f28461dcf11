namespace DeepNet.Plots;

/// <summary>A mark on an axis. Minor ones have no label.</summary>
internal readonly record struct Tick(double Value, string? Label);

/// <summary>Chooses the ticks of an axis: at 1, 2 or 5 times a power of ten.</summary>
internal static class Ticks
{
    /// <summary>About <paramref name="target"/> ticks between two numbers.</summary>
    public static List<Tick> Linear(double low, double high, double target, bool wholeNumbers = false)
    {
        double step = Step(high - low, target);
        if (wholeNumbers) step = Math.Max(1, step);
        var ticks = new List<Tick>();
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        double first = Math.Ceiling(low / step - 1e-9), last = Math.Floor(high / step + 1e-9);
        for (double k = first; k <= last && ticks.Count < 200; k++) ticks.Add(new Tick(k * step, Compact.Tick(k * step, step, largest)));
        return ticks;
    }

    /// <summary>Powers of ten with labels, their multiples without; over a short range the multiples have labels too.</summary>
    public static List<Tick> Log(double low, double high, double target)
    {
        double from = Math.Log10(low), to = Math.Log10(high);
        int first = (int)Math.Floor(from + 1e-9), last = (int)Math.Ceiling(to - 1e-9);
        int decades = (int)Math.Floor(to + 1e-9) - (int)Math.Ceiling(from - 1e-9) + 1;
        if (decades < 1 || to - from < 0.7) return Linear(low, high, target).FindAll(t => t.Value > 0);

        int stride = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(1, target)));
        double[] labelled = decades >= 3 || stride > 1 ? [1] : decades == 2 && target < 7 ? [1, 3] : [1, 2, 5];
        bool plain = low >= 0.9e-3 && high <= 1.1e4;
        var ticks = new List<Tick>();
        for (int e = first; e <= last; e++)
        {
            double power = Math.Pow(10, e);
            for (int m = 1; m <= 9; m++)
            {
                double value = m * power;
                if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
                bool named = Array.IndexOf(labelled, m) >= 0 && (stride == 1 || (e % stride + stride) % stride == 0);
                if (!named && stride > 3 && m > 1) continue;
                ticks.Add(new Tick(value, named ? Name(m, e, value, plain) : null));
            }
        }
        return ticks;
    }

    /// <summary>1, 2 or 5 times a power of ten, so that a span has at most about so many.</summary>
    public static double Step(double span, double target)
    {
        double raw = span / Math.Max(1, target);
        double power = Math.Pow(10, Compact.Exponent(raw));
        double rest = raw / power;
        return (rest <= 1 + 1e-9 ? 1 : rest <= 2 + 1e-9 ? 2 : rest <= 5 + 1e-9 ? 5 : 10) * power;
    }

    private static string Name(int multiple, int exponent, double value, bool plain)
        => plain ? Compact.Number(value) : multiple == 1 ? Compact.Power(exponent) : $"{multiple}·{Compact.Power(exponent)}";
}
