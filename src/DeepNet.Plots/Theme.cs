using System.Text;

namespace DeepNet.Plots;

/// <summary>The colours and letters of a figure, for light and for dark surroundings, as CSS under the id of one figure.</summary>
/// <remarks>
/// Series colours differ in lightness as well as in hue, so that red-green blind readers, and grey printers, tell them apart.
/// </remarks>
internal static class Theme
{
    public const int Colors = 8;

    private const string Fonts = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

    // blue, orange, green, purple, red, sky, olive, grey: on white and on nearly black.
    private static readonly string[] Light = ["#0f62b4", "#d9730d", "#0b8a6a", "#9b4dca", "#c2283a", "#3aa0d8", "#8a7a10", "#6b7280"];
    private static readonly string[] Dark = ["#5aa7f5", "#f5a14a", "#3ecfa6", "#c792ea", "#ff7b85", "#8fd3f7", "#d6c75a", "#a3abb8"];

    private static readonly (string Name, string Light, string Dark)[] Inks =
    [
        ("bg", "#ffffff", "#16181d"), ("ink", "#1c2430", "#e6e8ec"), ("soft", "#4a5463", "#b3bac5"), ("grid", "#e3e6ea", "#2c3038"),
            ("axis", "#8a93a0", "#6d7683"),
    ];

    /// <summary>Rules for everything below the element that <paramref name="scope"/> selects.</summary>
    public static string Css(string scope)
    {
        var css = new StringBuilder();
        Variables(css.Append(scope).Append('{'), dark: false);
        css.Append("}@media(prefers-color-scheme:dark){").Append(scope).Append('{');
        Variables(css, dark: true);
        css.Append("}}");
        Rules(css, scope);
        return css.ToString();
    }

    /// <summary>Rules for all figures of a page, whose reader can choose between light and dark.</summary>
    public static string PageCss()
    {
        const string Scope = ".plot";
        var css = new StringBuilder();
        Variables(css.Append(Scope).Append('{'), dark: false);
        css.Append("}\n@media(prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)) ").Append(Scope).Append('{');
        Variables(css, dark: true);
        css.Append("}}\n:root:has(#theme-dark:checked) ").Append(Scope).Append('{');
        Variables(css, dark: true);
        css.Append("}\n");
        Rules(css, Scope);
        return css.Append('\n').ToString();
    }

    private static void Rules(StringBuilder css, string scope)
    {
        void Rule(string selector, string declarations)
            => css.Append(scope).Append(" .").Append(selector).Append('{').Append(declarations).Append('}');
        Rule("bg", Paint("fill", "bg"));
        Rule("ik", Paint("fill", "soft"));
        Rule("ed", Paint("stroke", "bg"));
        Rule("gr", "fill:none;stroke-width:1;" + Paint("stroke", "grid"));
        Rule("ax", "fill:none;stroke-width:1;" + Paint("stroke", "axis"));
        Rule("rf", "fill:none;stroke-width:1.3;stroke-dasharray:5 4;" + Paint("stroke", "soft"));
        Rule("tk", Letters(Lettering.TickSize, "soft"));
        Rule("lb", Letters(Lettering.LabelSize, "ink"));
        Rule("tt", "font-weight:600;" + Letters(Lettering.TitleSize, "ink"));
        Rule(
            "nt", "paint-order:stroke;stroke-width:3px;stroke-linejoin:round;" + Paint("stroke", "bg")
            + Letters(Lettering.TickSize, "ink"));
        Rule("no", Letters(Lettering.LabelSize, "soft") + "font-style:italic;");
        Rule("vk", Letters(Lettering.TickSize, "ink") + "fill:#10141a;");      // on a colour of a map, which is the same in the dark
        Rule("vw", Letters(Lettering.TickSize, "ink") + "fill:#ffffff;");
        // an edge on maps
        Rule("cs", "fill:none;stroke-width:4.4;stroke-opacity:.7;stroke-linejoin:round;stroke-linecap:round;" + Paint("stroke", "bg"));
        Rule("ln", "fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round;");
        Rule("iso", "fill:none;stroke-width:1;stroke-linejoin:round;" + Paint("stroke", "soft"));
        Rule("wh", "fill:none;stroke-width:1.3;" + Paint("stroke", "ink"));
        Rule("wh0", "fill:none;stroke-width:4;stroke-opacity:.6;" + Paint("stroke", "bg"));
        Rule("isk", "fill:none;stroke-width:.7;stroke-linejoin:round;stroke:#10141a;stroke-opacity:.35;");
        for (int i = 0; i < Colors; i++)
        {
            Rule($"f{i}", $"fill:{Light[i]};fill:var(--c{i});");
            Rule($"s{i}", $"stroke:{Light[i]};stroke:var(--c{i});");
        }
    }

    // A reader of SVG that knows no variables keeps the first of the two.
    private static string Paint(string property, string ink)
        => $"{property}:{Array.Find(Inks, i => i.Name == ink).Light};{property}:var(--{ink});";

    private static string Letters(double size, string ink) => $"font-family:{Fonts};font-size:{Svg.Number(size)}px;{Paint("fill", ink)}";

    private static void Variables(StringBuilder css, bool dark)
    {
        foreach (var ink in Inks) css.Append("--").Append(ink.Name).Append(':').Append(dark ? ink.Dark : ink.Light).Append(';');
        for (int i = 0; i < Colors; i++) css.Append("--c").Append(i).Append(':').Append((dark ? Dark : Light)[i]).Append(';');
    }
}
