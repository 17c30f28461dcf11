using System.Globalization;
using System.Text;

namespace DeepNet.Plots;

public sealed partial class HtmlReport
{
    private const int MostFrames = 2000;
    private const string SurfaceData = " data-surface='";

    /// <summary>A chart with a line below it. Charts that follow each other fill the width of the page together.</summary>
    public HtmlReport Figure(Figure figure, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(figure);
        string svg = Drawn([figure], 0), hint = "";
        if (svg.Contains(SurfaceData, StringComparison.Ordinal))
        {
            scripts.Add("surface");
            hint = $"<div class=\"controls hint\" hidden=\"\">{Plain("Drag to turn")}</div>";
        }
        string css = FigureGrid.IsWide(figure) ? " class=\"wide\"" : "";
        return AddToGrid(figure, $"<figure{css}><div class=\"draw\">{svg}</div>{hint}{Caption(caption)}</figure>\n");
    }

    /// <summary>Charts side by side where the screen is wide enough, one below the other where it is not.</summary>
    public HtmlReport Figures(params IEnumerable<(Figure Figure, string? Caption)> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        foreach (var (figure, caption) in all) Figure(figure, caption);
        return this;
    }

    /// <summary>A chart that moves: its reader draws it through the frames with a slider or the keys, or plays them.</summary>
    /// <remarks>
    /// The frames share their axes, so that only what changes moves, and the page holds what they have in common once. Without a script,
    /// and on paper, the last frame stands.
    /// <code>report.Frames(epochs.Select(Boundary).ToArray(), [.. epochs.Select(e => $"epoch {e}")], "The boundary moves.");</code>
    /// </remarks>
    /// <param name="frames">The charts, in order and equally large.</param>
    /// <param name="labels">A few words for each frame; its number if left out.</param>
    /// <param name="caption">A line below.</param>
    public HtmlReport Frames(IReadOnlyList<Figure> frames, IReadOnlyList<string>? labels = null, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (labels is not null && labels.Count != frames.Count)
            throw new ArgumentException($"[report.frames] there are {frames.Count} frames and {labels.Count} labels.");
        CheckFrames("frames", frames);
        labels ??= [.. Enumerable.Range(1, frames.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} / {frames.Count}"))];
        return Moving(frames, [new("Frame", labels, frames.Count - 1)], isPlayed: true, caption);
    }

    /// <summary>A chart for each combination of some quantities, which its reader chooses with sliders.</summary>
    /// <remarks>
    /// All are drawn beforehand; they share their axes, and the page holds what they have in common once.
    /// <code>
    /// report.Sliders([new("rate", ["0.01", "0.1", "1"]), new("momentum", ["0", "0.9"])], at => Path(rates[at[0]], momenta[at[1]]));
    /// </code>
    /// </remarks>
    /// <param name="sliders">The quantities.</param>
    /// <param name="at">The chart at the given indices, one for each slider.</param>
    /// <param name="caption">A line below.</param>
    public HtmlReport Sliders(IReadOnlyList<Slider> sliders, Func<int[], Figure> at, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(sliders);
        ArgumentNullException.ThrowIfNull(at);
        if (sliders.Count == 0) throw new ArgumentException("[report.sliders] there are no sliders; give one at least.");
        long count = 1;
        foreach (var slider in sliders)
        {
            if (slider.Values.Count == 0 || slider.Start < 0 || slider.Start >= slider.Values.Count)
                throw new ArgumentException(
                    $"[report.sliders] '{slider.Name}' starts at {slider.Start} and has {slider.Values.Count} values; it takes one at "
                        + "least, and starts at one of them.");
            count = Math.Min(count * slider.Values.Count, int.MaxValue);
        }
        if (count > MostFrames)
            throw new ArgumentException($"[report.sliders] {count} combinations are too many for a page, which holds {MostFrames}.");
        var frames = new Figure[count];
        for (int i = 0; i < count; i++)
        {
            int[] index = new int[sliders.Count];
            for (int k = sliders.Count - 1, rest = i; k >= 0; rest /= sliders[k--].Values.Count) index[k] = rest % sliders[k].Values.Count;
            frames[i] = at(index);
        }
        CheckFrames("sliders", frames);
        return Moving(frames, sliders, isPlayed: false, caption);
    }

    private HtmlReport Moving(IReadOnlyList<Figure> frames, IReadOnlyList<Slider> sliders, bool isPlayed, string? caption)
    {
        scripts.Add("frames");
        int shown = sliders.Aggregate(0, (place, s) => place * s.Values.Count + s.Start);
        var controls = new StringBuilder("<div class=\"controls\" hidden=\"\">\n");
        if (isPlayed)
            controls.Append("<button type=\"button\" class=\"play\"><span class=\"vh\">").Append(Plain("Play")).Append("</span></button>");
        foreach (var slider in sliders)
        {
            string id = NewId("slider");
            int last = slider.Values.Count - 1;
            controls.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"slider\"><label for=\"{id}\"{(isPlayed ? " class=\"vh\"" : "")}>{Formatted(slider.Name)}</label>"
                    + $"<input type=\"range\" autocomplete=\"off\" id=\"{id}\" min=\"0\" max=\"{last}\" value=\"{slider.Start}\"/>");
            controls.Append("<span class=\"value\">");
            for (int i = 0; i < slider.Values.Count; i++)
                controls.Append("<span class=\"fr").Append(i == slider.Start ? " on" : "").Append("\">").Append(Formatted(slider.Values[i]))
                    .Append("</span>");
            controls.Append("</span></span>\n");
        }
        controls.Append("</div>");
        string css = FigureGrid.IsWide(frames[0]) ? "moving wide" : "moving", sizes = string.Join(' ', sliders.Select(s => s.Values.Count));
        string html = $"<figure class=\"{css}\" data-frames=\"{sizes}\">"
            + $"<div class=\"draw\">{Drawn(frames, shown)}</div>{controls}{Caption(caption)}</figure>\n";
        return AddToGrid(frames[0], html);
    }

    /// <summary>Draws a figure, or the frames of one, in all languages of the page.</summary>
    private string Drawn(IReadOnlyList<Figure> frames, int shown)
    {
        var group = frames.Count > 1 ? new FrameGroup(frames) : null;
        var texts = languages.Texts;
        string[][] drawings = [.. frames.Select(f
            => texts.Select((_, language) => f.Draw(new DrawContext(texts, language, group, IsTurned: true)).Body).ToArray())];
        string body = FrameMerge.Merge(drawings, shown, languages.Codes);
        var figure = frames[shown];
        var (width, height) = figure.Size;
        string description = figure.Description ?? figure.Describe();
        return Svg.OnPage(
            body, width, height, languages.Titles(figure.Title.Length > 0 ? figure.Title : description), description, NewId("figure"));
    }

    private static void CheckFrames(string method, IReadOnlyList<Figure> frames)
    {
        if (frames.Count == 0) throw new ArgumentException($"[report.{method}] there are no charts.");
        if (frames.Count > MostFrames)
            throw new ArgumentException($"[report.{method}] {frames.Count} charts are too many for a page, which holds {MostFrames}.");
        for (int i = 0; i < frames.Count; i++)
        {
            if (frames[i] is null) throw new ArgumentException($"[report.{method}] chart {i} is null.");
            var (first, size) = (frames[0].Size, frames[i].Size);
            if (size != first)
                throw new ArgumentException(
                    $"[report.{method}] chart {i} takes {size.Width}×{size.Height} pixels and the first {first.Width}×{first.Height}; they "
                        + "have to be equally large.");
        }
    }

    private string Caption(string? caption) => string.IsNullOrEmpty(caption) ? "" : $"<figcaption>{Formatted(caption)}</figcaption>";
}
