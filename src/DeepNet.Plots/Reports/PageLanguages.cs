using System.Text;

namespace DeepNet.Plots;

/// <summary>Holds the languages of a page: English, and others for texts that their functions know.</summary>
internal sealed class PageLanguages
{
    private const string English = "en";

    // Words of the page itself, unless the function of the language has others.
    private static readonly Dictionary<(string Code, string English), string> Own = new()
    {
        [("zh", "Contents")] = "目录",
        [("zh", "Theme")] = "主题",
        [("zh", "Language")] = "语言",
        [("zh", "as the system")] = "跟随系统",
        [("zh", "light")] = "浅色",
        [("zh", "dark")] = "深色",
        [("zh", "Play")] = "播放",
        [("zh", "Pause")] = "暂停",
        [("zh", "Frame")] = "帧",
        [("zh", "Drag to turn")] = "拖动旋转",
        [("zh", "no data")] = "无数据",
    };

    private readonly List<(string Code, string Name, Func<string, string?> Translate)> others = [];

    public bool HasOthers => others.Count > 0;

    /// <summary>Gets the codes of all languages, English first.</summary>
    public IReadOnlyList<string> Codes => [English, .. others.Select(o => o.Code)];

    /// <summary>Gets the texts in each language, English where one has none.</summary>
    public IReadOnlyList<Func<string, string>> Texts
        => [text => text, .. others.Select(o => (Func<string, string>)(text => In(o, text) ?? text))];

    public void Add(string code, string name, Func<string, string?> translate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(translate);
        if (!code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || !char.IsAsciiLetter(code[0]))
            throw new ArgumentException(
                $"[report.language] '{code}' is no code of a language; give one such as zh, de or pt-BR.", nameof(code));
        if (Codes.Contains(code))
            throw new ArgumentException($"[report.language] the page has the language '{code}' already.", nameof(code));
        others.Add((code, name, translate));
    }

    /// <summary>Writes a text in every language, with an element around each where there are several.</summary>
    public string Say(string text, Func<string, string> format)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (others.Count == 0) return format(text);
        var forms = others.ConvertAll(o => (o.Code, Text: In(o, text)));
        if (forms.TrueForAll(f => f.Text is null)) return format(text);
        // Where a language lacks the text, the English one stands for it too.
        string also = string.Join(' ', forms.Where(f => f.Text is null).Select(f => f.Code));
        var html = new StringBuilder("<span lang=\"en\"").Append(also.Length > 0 ? $" class=\"{also}\"" : "").Append('>')
            .Append(format(text)).Append("</span>");
        foreach (var (code, form) in forms)
            if (form is not null) html.Append("<span lang=\"").Append(code).Append("\">").Append(format(form)).Append("</span>");
        return html.ToString();
    }

    /// <summary>Returns the titles of a figure, by language; only those that there are.</summary>
    public IReadOnlyList<(string Language, string Title)> Titles(string title)
        => [(English, title), .. from other in others let form = In(other, title) where form is not null select (other.Code, form)];

    /// <summary>Gets the rules that show one language: the one chosen by the switch, which needs no script.</summary>
    public string Css()
    {
        if (others.Count == 0) return "";
        var css = new StringBuilder("@supports not selector(:has(*)){body [lang]:not([lang=en],.en){display:none}}\n");
        foreach (string code in Codes)
            css.Append($":root:has(#language-{code}:checked) body [lang]:not([lang={code}],.{code}){{display:none}}\n");
        return css.ToString();
    }

    /// <summary>Writes the switch.</summary>
    public string Switch()
    {
        if (others.Count == 0) return "";
        string all = string.Join(' ', Codes);       // the names are seen in every language
        return PageSwitches.Group(
            "language", Say("Language", HtmlText.Escape), English,
            others.Select(o => (o.Code, o.Name)).Prepend((English, "English"))
                .Select(o => (o.Item1, $" lang=\"{o.Item1}\" class=\"{all}\"", HtmlText.Escape(o.Item2))));
    }

    private static string? In((string Code, string Name, Func<string, string?> Translate) language, string text)
        => text.Any(char.IsLetter) ? language.Translate(text) ?? Own.GetValueOrDefault((language.Code, text)) : null;
}
