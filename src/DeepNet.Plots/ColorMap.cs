namespace DeepNet.Plots;

/// <summary>Turns a number from 0 to 1 into a colour, so that equal steps look equally large.</summary>
/// <remarks>
/// A map is a chain of colours given by lightness, chroma and hue, interpolated in OKLab. Those that run in lightness are read by everyone,
/// and in grey print too.
/// </remarks>
public sealed class ColorMap
{
    private const int Steps = 256;

    private readonly Rgb[] table = new Rgb[Steps];

    private ColorMap(bool isDiverging, params (double L, double C, double H)[] stops)
    {
        IsDiverging = isDiverging;
        for (int i = 0; i < Steps; i++)
        {
            double place = i / (Steps - 1.0) * (stops.Length - 1);
            int k = Math.Min((int)place, stops.Length - 2);
            table[i] = Oklab.Mix(Color(stops[k]), Color(stops[k + 1]), place - k).ToRgb();
        }
        static Oklab Color((double L, double C, double H) stop) => Oklab.FromPolar(stop.L, stop.C, stop.H);
    }

    /// <summary>From dark violet over blue and green to light yellow: for quantities.</summary>
    public static ColorMap Sequential { get; } = new(false,
        (0.30, 0.12, 302), (0.38, 0.13, 284), (0.46, 0.12, 260), (0.54, 0.10, 225), (0.63, 0.11, 185), (0.72, 0.14, 158), (0.81, 0.17, 130),
            (0.88, 0.18, 112), (0.93, 0.17, 103));

    /// <summary>From blue over nearly white to red: for what differs from zero to both sides. A plot centres it on zero.</summary>
    public static ColorMap Diverging { get; } = new(true,
        (0.38, 0.13, 262), (0.52, 0.14, 255), (0.68, 0.11, 248), (0.84, 0.05, 240), (0.96, 0.005, 90), (0.85, 0.06, 60), (0.70, 0.13, 45),
            (0.54, 0.16, 33), (0.40, 0.13, 25));

    /// <summary>From nearly white to dark blue: for counts, where nothing should look like paper.</summary>
    public static ColorMap Blues { get; } = new(false,
        (0.97, 0.008, 245), (0.90, 0.035, 243), (0.80, 0.075, 245), (0.68, 0.11, 249), (0.55, 0.13, 254), (0.42, 0.12, 258),
            (0.30, 0.09, 262));

    /// <summary>From black to white.</summary>
    public static ColorMap Grey { get; } = new(false, (0, 0, 0), (1, 0, 0));

    /// <summary>True if the middle means zero.</summary>
    public bool IsDiverging { get; }

    /// <summary>The colour of a number; below 0 and above 1 are the ends.</summary>
    public Rgb At(double t) => table[double.IsNaN(t) ? 0 : (int)Math.Round(Math.Clamp(t, 0, 1) * (Steps - 1))];
}
