using System.Net;
using DeepNet.Labs.Texts;

namespace DeepNet.Labs.Running;

/// <summary>Sets texts for pieces of the page that are written as elements, in English and in the other language of the page.</summary>
internal sealed class PageText(Func<string, string?> translate)
{
    /// <summary>Returns the setter of a lab's texts.</summary>
    public static PageText Of(Lab lab) => new(Translation.Chinese(lab).Of);

    /// <summary>Returns a text as elements of which the page shows those in its language.</summary>
    public string Html(string text)
        => translate(text) is { } other
            ? $"<span lang=\"en\">{WebUtility.HtmlEncode(text)}</span><span lang=\"zh\">{WebUtility.HtmlEncode(other)}</span>"
            : WebUtility.HtmlEncode(text);

    /// <summary>Returns a text for an attribute, which holds one language alone.</summary>
    public static string Attribute(string text) => WebUtility.HtmlEncode(text);
}
