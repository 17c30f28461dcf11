using System.Text;

namespace DeepNet.Labs.Running;

/// <summary>Draws the decision tree as nested lists, whose lines are drawn by the style: it is read in order without one.</summary>
internal static class TreeHtml
{
    /// <summary>Returns the elements of the page.</summary>
    /// <param name="text">Sets a text for the page, in all its languages.</param>
    /// <param name="labs">The labs that the page has; leaves link to these.</param>
    public static string Of(PageText text, IReadOnlyCollection<Lab> labs)
    {
        var html = new StringBuilder("<div class=\"tree\">\n");
        Write(html, DecisionTree.Root, text, labs);
        return html.Append("</div>\n").ToString();
    }

    private static void Write(StringBuilder html, TreeNode node, PageText text, IReadOnlyCollection<Lab> labs)
    {
        if (node is TreeLeaf leaf)
        {
            html.Append("<div class=\"leaf\"><strong>").Append(text.Html(leaf.Name)).Append("</strong> <code>").Append(leaf.Branch)
                .Append("</code><p>").Append(text.Html(leaf.Signs)).Append("</p><p><b>").Append(text.Html("Try")).Append(":</b> ")
                .AppendJoin(" · ", leaf.Try.Select(text.Html)).Append("</p>");
            var shown = leaf.Labs.Select(name => Catalogue.Find(name)!).Where(labs.Contains).ToArray();
            if (shown.Length > 0)
                html.Append("<p><b>").Append(text.Html("Labs")).Append(":</b> ")
                    .AppendJoin(
                        " · ",
                        shown.Select(lab => $"<a href=\"#{LabPage.IdOf(lab)}\" title=\"{PageText.Attribute(lab.Title)}\">{lab.Name}</a>"))
                    .Append("</p>");
            html.Append("</div>\n");
            return;
        }
        var question = (TreeQuestion)node;
        html.Append("<div class=\"level\"><div class=\"ask\">").Append(text.Html(question.Text)).Append("</div>\n<ul>\n");
        foreach (var (answer, next) in question.Ways)
        {
            html.Append("<li><span class=\"way\">").Append(text.Html(answer)).Append("</span>\n");
            Write(html, next, text, labs);
            html.Append("</li>\n");
        }
        html.Append("</ul></div>\n");
    }
}
