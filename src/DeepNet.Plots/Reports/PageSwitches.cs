using System.Text;

namespace DeepNet.Plots;

/// <summary>Writes the switches of a page: groups of buttons of which one is pressed. Styles follow them without a script.</summary>
internal static class PageSwitches
{
    /// <summary>Gets the ids of the buttons that choose a theme.</summary>
    public static IReadOnlyList<string> ThemeIds { get; } = ["theme-light", "theme-system", "theme-dark"];

    /// <summary>Writes a switch between light, dark and what the system has.</summary>
    /// <param name="say">Writes a text in the languages of the page.</param>
    public static string Themes(Func<string, string> say)
    {
        return Group(
            "theme", say("Theme"), "system",
            [("light", "", Button("☀", "light")), ("system", "", Button("◐", "as the system")), ("dark", "", Button("☾", "dark"))]);

        string Button(string sign, string words) => $"<span aria-hidden=\"true\">{sign}</span><span class=\"vh\">{say(words)}</span>";
    }

    /// <summary>Writes a group of buttons.</summary>
    /// <param name="name">The name of the group; ids are this name and a value.</param>
    /// <param name="legend">The words for screen readers.</param>
    /// <param name="chosen">The value that is chosen at first.</param>
    /// <param name="buttons">For each the value, further attributes of its label, and the elements in it.</param>
    public static string Group(string name, string legend, string chosen, IEnumerable<(string Value, string More, string Label)> buttons)
    {
        var html = new StringBuilder($"<fieldset><legend class=\"vh\">{legend}</legend>");
        foreach (var (value, more, label) in buttons)
        {
            string id = $"{name}-{value}", isChecked = value == chosen ? " checked=\"\"" : "";
            html.Append($"<input type=\"radio\" name=\"{name}\" autocomplete=\"off\" id=\"{id}\" value=\"{value}\"{isChecked}/>")
                .Append($"<label for=\"{id}\"{more}>{label}</label>");
        }
        return html.Append("</fieldset>\n").ToString();
    }
}
