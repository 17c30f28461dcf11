using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DeepNet.Plots.Tests;

/// <summary>Reads a figure back from its SVG, as a browser would: elements, paths, words.</summary>
internal sealed partial class Drawn
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public Drawn(Figure figure)
    {
        Text = figure.ToSvg();
        Root = XDocument.Parse(Text).Root!;
    }

    public string Text { get; }

    public XElement Root { get; }

    /// <summary>Words in the order in which they are drawn.</summary>
    public IEnumerable<Word> Words => Root.Descendants(Svg + "text").Select(e => new Word(e.Value, Number(e, "x"), Number(e, "y"),
        (string?)e.Attribute("text-anchor") ?? "start", (string)e.Attribute("class")!, e.Attribute("transform") is not null));

    /// <summary>The numbers along the horizontal axis, which stand centred below it.</summary>
    public IEnumerable<Word> ColumnTicks => Words.Where(w => w is { Css: "tk", Anchor: "middle" });

    /// <summary>The numbers along the vertical axis, which end beside it.</summary>
    public IEnumerable<Word> RowTicks => Words.Where(w => w is { Css: "tk", Anchor: "end", Turned: false });

    /// <summary>Paths whose class begins so.</summary>
    public IEnumerable<XElement> Paths(string css)
        => Root.Descendants(Svg + "path").Where(p => ((string)p.Attribute("class")!).StartsWith(css, StringComparison.Ordinal));

    /// <summary>Every point that a path moves or draws to.</summary>
    public static List<(double X, double Y)> Points(XElement path)
        => [.. Pair().Matches((string)path.Attribute("d")!).Select(m => (Value(m.Groups[1].Value), Value(m.Groups[2].Value)))];

    /// <summary>From the numbers that stand beside an axis: which pixel a number has.</summary>
    public static Func<double, double> Axis(IEnumerable<Word> ticks, Func<Word, double> place, bool log = false)
    {
        var known = ticks.Select(t => (Value: Read(t.Text), Pixel: place(t))).ToArray();
        var (first, last) = (known[0], known[^1]);
        double At(double v) => log ? Math.Log10(v) : v;
        return v => first.Pixel + (last.Pixel - first.Pixel) * (At(v) - At(first.Value)) / (At(last.Value) - At(first.Value));
    }

    public Func<double, double> X(bool log = false) => Axis(ColumnTicks, w => w.X, log);

    public Func<double, double> Y(bool log = false) => Axis(RowTicks, w => w.Y - 4.3, log);

    /// <summary>The label of a tick, as a number.</summary>
    public static double Read(string text)
    {
        text = text.Replace('−', '-');
        int power = text.IndexOf("10", StringComparison.Ordinal);
        if (text.Any("⁰¹²³⁴⁵⁶⁷⁸⁹".Contains))
        {
            double factor = power > 0 ? Value(text[..(power - 1)]) : 1;
            string exponent = string.Concat(text[(power + 2)..].Select(c => c == '⁻' ? '-' : (char)('0' + "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c))));
            return factor * Math.Pow(10, Value(exponent));
        }
        double unit = text[^1] switch { 'k' => 1e3, 'M' => 1e6, 'G' => 1e9, 'T' => 1e12, _ => 1 };
        return unit * Value(unit == 1 ? text : text[..^1]);
    }

    private static double Number(XElement e, string name) => Value((string)e.Attribute(name)!);

    private static double Value(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[ML](-?[\d.]+) (-?[\d.]+)")]
    private static partial Regex Pair();

    internal sealed record Word(string Text, double X, double Y, string Anchor, string Css, bool Turned)
    {
        /// <summary>About where its letters are; narrower than the widest font would have it.</summary>
        public (double Left, double Top, double Right, double Bottom) Box()
        {
            double size = Css == "tt" ? 15 : Css == "lb" ? 13 : 12,
                width = Text.Sum(c => char.IsPunctuation(c) || c is 'i' or 'l' or 't' ? 0.33 : 0.56) * size;
            double left = Anchor switch { "middle" => X - width / 2, "end" => X - width, _ => X };
            return (left, Y - 0.72 * size, left + width, Y + 0.1 * size);
        }
    }
}
