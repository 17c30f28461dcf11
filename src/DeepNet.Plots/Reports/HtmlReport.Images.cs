using System.Globalization;
using System.Text;

namespace DeepNet.Plots;

public sealed partial class HtmlReport
{
    /// <summary>Images in a grid, each with a line below.</summary>
    /// <param name="images">
    /// Grey (N, height, width) or (N, 1, height, width), or colour (N, 3, height, width). Fractions are shown from 0 (black) to 1 (white),
    /// whole numbers from 0 to 255; what reaches beyond 0 and 1 is stretched to fit, all images alike, so that normalised data and
    /// learned weights are seen.
    /// </param>
    /// <param name="captions">A line for each image.</param>
    /// <param name="caption">A line below all.</param>
    /// <param name="size">Pixels that an image takes on the page, at least.</param>
    public HtmlReport Images(Tensor images, IReadOnlyList<string>? captions = null, string? caption = null, int size = 84)
    {
        var batch = ImageBatch.Of(images);
        if (captions is not null && captions.Count != batch.Count)
            throw new ArgumentException($"[report.images] there are {batch.Count} images and {captions.Count} captions.");
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        var html = new StringBuilder(
            string.Create(CultureInfo.InvariantCulture, $"<figure><div class=\"pics\" style=\"--cell:{size}px\">\n"));
        for (int i = 0; i < batch.Count; i++)
        {
            string words = captions is null ? "" : Plain(captions[i]),
                alternative = HtmlText.Escape(captions?[i] ?? string.Create(CultureInfo.InvariantCulture, $"image {i + 1}"));
            html.Append("<div><img alt=\"").Append(alternative).Append("\" src=\"").Append(batch.DataUri(i)).Append("\">").Append(words)
                .Append("</div>\n");
        }
        return Add(html.Append("</div>").Append(Caption(caption)).Append("</figure>\n").ToString());
    }
}
