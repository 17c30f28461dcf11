using System.Globalization;
using System.Text;

namespace DeepNet.Plots;

public sealed partial class HtmlReport
{
    /// <summary>Parts of which one is seen, chosen by buttons with their names. Without a script all stand below each other.</summary>
    /// <remarks>
    /// <code>
    /// report.Choice([("healthy", part => part.Figure(good)), ("no momentum", part => part.Figure(bad).Paragraph("It stays."))]);
    /// </code>
    /// </remarks>
    /// <param name="parts">The names, and what writes the parts: it gets this report.</param>
    public HtmlReport Choice(IReadOnlyList<(string Name, Action<HtmlReport> Write)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("[report.choice] there are no parts; give one at least.");
        scripts.Add("choice");
        var buttons = new StringBuilder();
        var panels = new StringBuilder();
        for (int i = 0; i < parts.Count; i++)
        {
            string id = NewId("part"), name = Formatted(parts[i].Name);
            buttons.Append(CultureInfo.InvariantCulture,
                $"<button type=\"button\" role=\"tab\" id=\"{id}-tab\" aria-controls=\"{id}\">{name}</button>");
            panels.Append(
                CultureInfo.InvariantCulture,
                $"<div class=\"part\" id=\"{id}\">\n<p class=\"name\">{name}</p>\n{Within(parts[i].Write)}</div>\n");
        }
        return Add($"<div class=\"choice\">\n<div class=\"tabs\" role=\"tablist\" hidden=\"\">{buttons}</div>\n{panels}</div>\n");
    }

    /// <summary>A part that is hidden until its reader opens it.</summary>
    /// <param name="summary">The line that stands for it.</param>
    /// <param name="write">Writes the part: it gets this report.</param>
    public HtmlReport Details(string summary, Action<HtmlReport> write)
        => Add($"<details>\n<summary>{Formatted(summary)}</summary>\n{Within(write)}</details>\n");

    /// <summary>A formula in TeX on a line of its own.</summary>
    /// <remarks>
    /// In paragraphs, lists and captions formulas stand between dollars. Known are letters, Greek ones too, numbers, operators, <c>^</c>
    /// and <c>_</c>, fractions, roots, sums and integrals with limits, functions, accents, brackets that grow, and matrices.
    /// <code>report.Formula(@"\frac{\partial L}{\partial w} = \sum_{i=1}^n (\hat y_i - y_i)\, x_i");</code>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A command is unknown, or something is not closed; the message names it and its place.
    /// </exception>
    public HtmlReport Formula(string tex)
    {
        ArgumentNullException.ThrowIfNull(tex);
        return Add($"<div class=\"formula\">{MathMl.Of(tex, display: true)}</div>\n");
    }

    /// <summary>A piece of one's own, with the script that moves it.</summary>
    /// <param name="html">Elements, which stand in the page as they are: whatever a user typed has to be escaped before.</param>
    /// <param name="script">A script, which runs when the page is there; once, however many pieces need the same one.</param>
    /// <param name="css">Rules for the elements; once as well.</param>
    public HtmlReport Widget(string html, string? script = null, string? css = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        if (script is not null && script.Contains("</script", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException(
                "[report.widget] the script contains </script, which would end it; write <\\/script.", nameof(script));
        if (css is not null && css.Contains("</style", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("[report.widget] the rules contain </style, which would end them.", nameof(css));
        if (!string.IsNullOrWhiteSpace(script) && !ownScripts.Contains(script)) ownScripts.Add(script);
        if (!string.IsNullOrWhiteSpace(css) && !ownRules.Contains(css)) ownRules.Add(css);
        return Add($"{html}\n");
    }

    /// <summary>Returns what is written within a part.</summary>
    private string Within(Action<HtmlReport> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        CloseGrid();
        var outside = body;
        body = new StringBuilder();
        depth++;
        try
        {
            write(this);
            CloseGrid();
            return body.ToString();
        }
        finally
        {
            depth--;
            grid = null;
            body = outside;
        }
    }
}
