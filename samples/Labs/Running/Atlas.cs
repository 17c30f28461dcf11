using DeepNet.Labs.Running.Race;
using DeepNet.Labs.Texts;
using DeepNet.Training;

namespace DeepNet.Labs.Running;

/// <summary>
/// All labs on one page: the decision tree, the race of optimizers, contents with a small picture of each lab, and the labs. English and
/// Chinese, no network, no other files.
/// </summary>
internal static class Atlas
{
    private const string Footer = "Every number and figure on this page was computed by the programs in samples/Labs.";

    /// <summary>Writes index.html into a folder, whole or not at all.</summary>
    /// <returns>The path of the page.</returns>
    public static string Save(IReadOnlyList<Chapter> chapters, string folder)
    {
        string path = Path.Combine(folder, "index.html");
        Page(chapters).Save(path);
        return path;
    }

    /// <summary>Makes the page.</summary>
    /// <param name="chapters">The labs.</param>
    /// <param name="asked">Hears each text that the page has translated, and what it became; null where there is nothing.</param>
    public static HtmlReport Page(IReadOnlyList<Chapter> chapters, Action<string, string?>? asked = null)
    {
        var shared = Translation.ChinesePage();
        Translation? own = null;
        string? Translate(string text)
        {
            string? other = own?.Of(text) ?? shared.Of(text);
            asked?.Invoke(text, other);
            return other;
        }
        void SpeakOf(Lab? lab) => own = lab is null ? null : Translation.Chinese(lab);
        var text = new PageText(Translate);
        var page = new HtmlReport("How training works", "each phenomenon as a program with a number and an image") { Footer = Footer }
            .Language("zh", "中文", Translate);
        Front(page, chapters, text, SpeakOf);
        foreach (var chapter in chapters)
        {
            SpeakOf(chapter.Lab);
            new LabPage(page, chapter, text, [.. chapters.Select(c => c.Lab)]).Write();
        }
        return page;
    }

    private static void Front(HtmlReport page, IReadOnlyList<Chapter> chapters, PageText text, Action<Lab?> speakOf)
    {
        Lab[] labs = [.. chapters.Select(c => c.Lab)];
        int hold = chapters.Count(c => c.Result.Holds);
        page.Section("Where to begin").Widget("", css: PageFiles.Read("atlas.css"))
            .Paragraph(
                "A training that goes wrong goes wrong in one of a few ways. The tree asks for the losses of a run, in the order in which "
                    + "`TrainingDoctor` asks, and leads to what to try and to the labs that show why.")
            .Widget(TreeHtml.Of(text, labs));
        page.Section("A race of optimizers")
            .Paragraph("Five optimizers start at one place. Drag it, turn the settings, and see who arrives.")
            .Widget(RaceWidget.Html(text.Html, PageText.Attribute, labs), RaceWidget.Script, RaceWidget.Css);
        page.Section("All labs").Badge(hold == chapters.Count ? Verdict.Pass : Verdict.Fail, $"{hold} of {chapters.Count} claims hold")
            .Paragraph(
                "Each claim was put to the test by a short program with a fixed seed; together they ran "
                    + $"{chapters.Sum(c => c.Result.Time.TotalSeconds):0} seconds.");
        foreach (var topic in Catalogue.Topics)
        {
            var own = chapters.Where(c => topic.Labs.Contains(c.Lab)).ToArray();
            if (own.Length > 0) Cards(page.Heading(topic.Name), own, speakOf);
        }
    }

    /// <summary>Links to labs, each with a small picture of its first figure.</summary>
    private static void Cards(HtmlReport page, Chapter[] chapters, Action<Lab?> speakOf)
    {
        page.Widget("<div class=\"cards\">");
        foreach (var chapter in chapters)
        {
            var (lab, result) = (chapter.Lab, chapter.Result);
            page.Widget($"<a class=\"card\" href=\"#{LabPage.IdOf(lab)}\">");
            speakOf(lab);
            if (Thumbnail.Of(result) is { } small) small.AddTo(page);
            speakOf(null);
            page.Widget(
                $"<span class=\"card-text\"><span class=\"{(result.Holds ? "pass" : "fail")}\">{(result.Holds ? "✓" : "✗")}</span> "
                    + $"<strong>{lab.Number}</strong> {PageText.Of(lab).Html(lab.Title)}</span></a>");
        }
        page.Widget("</div>");
    }
}
