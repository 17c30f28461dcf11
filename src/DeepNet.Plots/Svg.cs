using System.Globalization;
using System.Text;

namespace DeepNet.Plots;

/// <summary>Builds the text of an SVG: elements in order, everything escaped, numbers short and invariant.</summary>
internal sealed class Svg
{
    // Stands for the id of the whole, which is known only when all is written; no text can hold it, since control characters are dropped.
    private const char Id = '\u0001';

    private readonly StringBuilder body = new();
    private int defined;

    public static string Number(double value)
    {
        value = Math.Round(Math.Clamp(value, -1e6, 1e6), 2);
        return value == 0 ? "0" : value.ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Text as XML takes it.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < ' ' or (>= '\u007f' and < '\u00a0') or '\ufffe' or '\uffff' => escaped,
                _ when pair => escaped.Append(c).Append(text[++i]),
                _ when char.IsSurrogate(c) => escaped.Append('\ufffd'),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    public void Line(double x1, double y1, double x2, double y2, string css)
        => body.Append(
            CultureInfo.InvariantCulture, $"<path class=\"{css}\" d=\"M{Number(x1)} {Number(y1)}L{Number(x2)} {Number(y2)}\"/>\n");

    public void Rect(Box box, string css, string more = "")
        => body.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"{css}\" x=\"{Number(box.Left)}\" y=\"{Number(box.Top)}\" width=\"{Number(box.Width)}\" "
                + $"height=\"{Number(box.Height)}\"{more}/>\n");

    public void Path(string data, string css, string more = "")
    {
        if (data.Length > 0) body.Append(CultureInfo.InvariantCulture, $"<path class=\"{css}\" d=\"{data}\"{more}/>\n");
    }

    /// <summary>Text whose baseline starts, is centred or ends at a point.</summary>
    public void Text(double x, double y, string text, string css, string anchor = "start", double rotate = 0, string more = "")
    {
        string turned = rotate == 0 ? "" : $" transform=\"rotate({Number(rotate)} {Number(x)} {Number(y)})\"";
        string anchored = anchor == "start" ? "" : $" text-anchor=\"{anchor}\"";
        body.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{css}\" x=\"{Number(x)}\" y=\"{Number(y)}\"{anchored}{turned}{more}>{Escape(text)}</text>\n");
    }

    /// <summary>An element as it stands; <paramref name="element"/> is trusted.</summary>
    public void Raw(string element) => body.Append(element).Append('\n');

    /// <summary>A group clipped to a box, until <see cref="EndGroup"/>.</summary>
    public void BeginClip(Box box)
    {
        string clip = $"{Id}-c{defined++}";
        body.Append(
            CultureInfo.InvariantCulture,
            $"<clipPath id=\"{clip}\"><rect x=\"{Number(box.Left)}\" y=\"{Number(box.Top)}\" width=\"{Number(box.Width)}\" "
                + $"height=\"{Number(box.Height)}\"/></clipPath>\n");
        body.Append(CultureInfo.InvariantCulture, $"<g clip-path=\"url(#{clip})\">\n");
    }

    public void BeginGroup(string attributes = "")
        => body.Append("<g").Append(attributes.Length > 0 ? " " : "").Append(attributes).Append(">\n");

    public void EndGroup() => body.Append("</g>\n");

    /// <summary>A vertical gradient, from bottom to top; returns what fills with it.</summary>
    public string Gradient(IEnumerable<(double Offset, Rgb Color)> stops)
    {
        string id = $"{Id}-g{defined++}";
        body.Append(CultureInfo.InvariantCulture, $"<linearGradient id=\"{id}\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">");
        foreach (var (offset, color) in stops)
            body.Append(CultureInfo.InvariantCulture, $"<stop offset=\"{Number(offset)}\" stop-color=\"{color}\"/>");
        body.Append("</linearGradient>\n");
        return $"url(#{id})";
    }

    /// <summary>Gets the elements, one a line.</summary>
    public string Body => body.ToString();

    /// <summary>The whole file. Its id comes from what is in it.</summary>
    public string Finish(double width, double height, string title, string description)
    {
        string size = Measures(width, height);
        string inner = $"<title id=\"{Id}-t\">{Escape(title)}</title>\n<desc "
            + $"id=\"{Id}-d\">{Escape(description)}</desc>\n<style>{Theme.Css($"#{Id}")}</style>\n{body}";
        var whole = new StringBuilder(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{Id}\" {size} style=\"max-width:100%;height:auto\" role=\"img\" "
                + $"aria-labelledby=\"{Id}-t {Id}-d\">\n{inner}</svg>\n");
        return whole.Replace(Id.ToString(), Name(size + inner)).ToString();
    }

    /// <summary>
    /// An element of a page, which has the style of figures once for all of them. It has a title for each of some languages; a salt keeps
    /// the ids of two equal figures apart.
    /// </summary>
    public static string OnPage(
        string body, double width, double height, IReadOnlyList<(string Language, string Title)> titles, string description, string salt)
    {
        string size = Measures(width, height);
        string inner = string.Concat(
            titles.Select((t, i) => $"<title id=\"{Id}-t{(i == 0 ? "" : i)}\" lang=\"{t.Language}\">{Escape(t.Title)}</title>\n"))
            + $"<desc id=\"{Id}-d\">{Escape(description)}</desc>\n{body}";
        var whole = new StringBuilder(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" {size} role=\"img\" aria-labelledby=\"{Id}-t {Id}-d\">\n"
                + $"{inner}</svg>\n");
        return whole.Replace(Id.ToString(), Name(salt + size + inner)).ToString();
    }

    private static string Measures(double width, double height) => string.Create(
        CultureInfo.InvariantCulture,
        $"width=\"{Number(width)}\" height=\"{Number(height)}\" viewBox=\"0 0 {Number(width)} {Number(height)}\"");

    private static string Name(string content)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content));
        return "p" + Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }
}
