using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace DeepNet.Labs.Running.Race;

/// <summary>Makes the live surface of the page: optimizers race over landscapes that readers choose.</summary>
/// <remarks>
/// The script has the landscapes and the optimizers again. The data in the page holds paths of DeepNet's optimizers, from which the
/// script's own differ by rounding alone; tests compare all of them. Without script the figure stands.
/// </remarks>
internal static class RaceWidget
{
    private const int Every = 10;

    private static readonly (string Name, string Label, string Range)[] Sliders =
    [
        ("rate", "learning rate of all", "min=\"-1\" max=\"1\" step=\"0.05\" value=\"0\""),
        ("momentum", "momentum, and Adam’s β₁", "min=\"0\" max=\"0.98\" step=\"0.01\" value=\"0.9\""),
        ("noise", "noise of the gradient of one example", "min=\"0\" max=\"4\" step=\"0.1\" value=\"0\""),
        ("batch", "batch size", "min=\"0\" max=\"8\" step=\"1\" value=\"0\""),
    ];

    public static string Script => PageFiles.Read("race.js");

    public static string Css => PageFiles.Read("race.css");

    /// <summary>Returns the elements of the page.</summary>
    /// <param name="text">Sets a text for the page, in all its languages.</param>
    /// <param name="label">Sets a text for an attribute.</param>
    /// <param name="labs">The labs that the page has.</param>
    public static string Html(Func<string, string> text, Func<string, string> label, IReadOnlyCollection<Lab> labs)
    {
        var html = new StringBuilder("<div class=\"race\">\n");
        html.Append("<div class=\"race-still\">");
        foreach (var landscape in Landscape.All)
            html.Append("<figure><div class=\"draw\">").Append(landscape.Draw().ToSvg()).Append("</div><figcaption>")
                .Append(text(landscape.Note)).Append("</figcaption></figure>");
        html.Append("</div>\n<div class=\"race-board\">\n<div>\n");
        html.Append("<div class=\"race-choice\" role=\"radiogroup\" aria-label=\"").Append(label("landscape")).Append("\">");
        foreach (var (landscape, i) in Landscape.All.Select((l, i) => (l, i)))
            html.Append("<label><input type=\"radio\" name=\"race-landscape\" value=\"").Append(landscape.Name).Append('"')
                .Append(i == 0 ? " checked" : "").Append("><span>").Append(text(landscape.Title)).Append("</span></label>");
        html.Append("</div>\n");
        foreach (var (landscape, i) in Landscape.All.Select((l, i) => (l, i)))
            html.Append("<p class=\"race-note\" data-note=\"").Append(landscape.Name).Append('"').Append(i == 0 ? "" : " hidden")
                .Append("><strong>").Append(WebUtility.HtmlEncode(landscape.Formula)).Append("</strong>. ").Append(text(landscape.Note))
                .Append(labs.FirstOrDefault(l => l.Name == landscape.Lab) is { } lab
                    ? $" <a href=\"#{LabPage.IdOf(lab)}\">{text("The lab about it")}</a>" : "")
                .Append("</p>\n");
        html.Append("<canvas class=\"race-map\" tabindex=\"0\" role=\"img\" aria-label=\"")
            .Append(label("The surface from above with the ways of the optimizers. Arrow keys move the start.")).Append("\"></canvas>\n");
        html.Append("<div class=\"race-buttons\"><button type=\"button\" class=\"race-play\" aria-pressed=\"false\">")
            .Append("<span class=\"race-go\">▶ ").Append(text("play")).Append("</span><span class=\"race-stop\">❚❚ ")
            .Append(text("pause")).Append("</span></button>")
            .Append("<button type=\"button\" class=\"race-next\">").Append(text("step")).Append("</button>")
            .Append("<button type=\"button\" class=\"race-reset\">").Append(text("reset")).Append("</button>")
            .Append("<input type=\"range\" data-set=\"step\" min=\"0\" value=\"0\" aria-label=\"").Append(label("step"))
            .Append("\"><span class=\"race-step\"></span></div>\n</div>\n<div>\n");
        html.Append("<table><thead><tr><th>").Append(text("optimizer")).Append("</th><th class=\"n\">").Append(text("rate"))
            .Append("</th><th class=\"n\">").Append(text("loss")).Append("</th></tr></thead><tbody>");
        foreach (var (racer, i) in Racer.All.Select((r, i) => (r, i)))
            html.Append(CultureInfo.InvariantCulture, $"<tr data-racer=\"{i}\"><td><label><input type=\"checkbox\" checked><i></i>")
                .Append(text(racer.Name))
                .Append("</label></td><td class=\"n race-rate\"></td><td class=\"n race-value\"></td></tr>");
        html.Append("</tbody></table>\n<canvas class=\"race-loss\" role=\"img\" aria-label=\"").Append(label("The losses by step"))
            .Append("\"></canvas><p><small>")
            .Append(text("The loss above its lowest value by step, on a logarithmic axis: a line for each factor of ten."))
            .Append("</small></p>\n<div class=\"race-sliders\">");
        foreach (var (name, title, range) in Sliders)
            html.Append("<label><span>").Append(text(title)).Append("</span><output data-shows=\"").Append(name)
                .Append("\"></output><input type=\"range\" data-set=\"").Append(name).Append("\" ").Append(range).Append("></label>");
        html.Append("</div>\n<p><small>").Append(text("Drag in the picture to move the start, or use the arrow keys.")).Append(' ')
            .Append(text("Start")).Append(": <span class=\"race-start\"></span>. ")
            .Append(text("The script takes the steps that DeepNet’s optimizers take; the largest difference between their paths is"))
            .Append(" <span class=\"race-difference\"></span>.</small></p>\n</div>\n</div>\n");
        html.Append("<script type=\"application/json\">").Append(Data(Every)).Append("</script>\n</div>\n");
        return html.ToString();
    }

    /// <summary>Returns landscapes, rates and the paths of DeepNet's optimizers as JSON.</summary>
    /// <param name="every">The number of steps between the places that are told.</param>
    public static string Data(int every)
        => JsonSerializer.Serialize(new
        {
            landscapes = Landscape.All.Select(l => new
            {
                name = l.Name, x = new[] { l.X.Low, l.X.High }, y = new[] { l.Y.Low, l.Y.High }, start = new[] { l.Start.X, l.Start.Y },
                steps = l.Steps, rates = l.Rates, mean = l.Scale == Optim.AdaGradScale.RootMean,
            }),
            racers = Racer.All.Select(r => r.Name),
            every,
            paths = Landscape.All.ToDictionary(
                l => l.Name,
                l => Racer.All.Select(r => r.Path(l, new()).Where((_, i) => i % every == 0).Select(p => new[] { p.X, p.Y }))),
        });
}
