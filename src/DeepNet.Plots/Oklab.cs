namespace DeepNet.Plots;

/// <summary>
/// A colour in OKLab, in which equal distances look equally far apart: L is lightness, a runs from green to red, b from blue to yellow.
/// </summary>
internal readonly record struct Oklab(double L, double A, double B)
{
    public static Oklab FromPolar(double lightness, double chroma, double hueDegrees)
    {
        var (sin, cos) = Math.SinCos(hueDegrees * Math.PI / 180);
        return new Oklab(lightness, chroma * cos, chroma * sin);
    }

    public static Oklab Mix(Oklab p, Oklab q, double t) => new(p.L + (q.L - p.L) * t, p.A + (q.A - p.A) * t, p.B + (q.B - p.B) * t);

    /// <summary>As a screen shows it; a colour that no screen has loses chroma, not lightness or hue, until it fits.</summary>
    public Rgb ToRgb()
    {
        var linear = Linear();
        if (!Fits(linear))
        {
            double low = 0, high = 1;
            for (int i = 0; i < 24; i++)
            {
                double middle = (low + high) / 2;
                if (Fits(new Oklab(L, A * middle, B * middle).Linear())) low = middle;
                else high = middle;
            }
            linear = new Oklab(L, A * low, B * low).Linear();
        }
        return new Rgb(Encode(linear.R), Encode(linear.G), Encode(linear.B));
    }

    private (double R, double G, double B) Linear()
    {
        double l = L + 0.3963377774 * A + 0.2158037573 * B, m = L - 0.1055613458 * A - 0.0638541728 * B,
            s = L - 0.0894841775 * A - 1.2914855480 * B;
        (l, m, s) = (l * l * l, m * m * m, s * s * s);
        return (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    private static bool Fits((double R, double G, double B) c)
        => c.R is >= -1e-6 and <= 1.000001 && c.G is >= -1e-6 and <= 1.000001 && c.B is >= -1e-6 and <= 1.000001;

    private static byte Encode(double v)
    {
        v = Math.Clamp(v, 0, 1);
        v = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055;
        return (byte)Math.Round(255 * v);
    }
}
