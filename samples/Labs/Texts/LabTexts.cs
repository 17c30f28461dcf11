namespace DeepNet.Labs.Texts;

/// <summary>Everything of a lab's result that a reader sees, for translation.</summary>
internal static class LabTexts
{
    /// <summary>Returns the texts that a result shows, without repetition, in the order of the page.</summary>
    public static IEnumerable<string> Of(LabResult result) => All(result).Where(Translation.IsNeeded).Distinct();

    private static IEnumerable<string> All(LabResult result)
    {
        var lab = result.Lab;
        yield return lab.Title;
        yield return lab.Claim;
        yield return lab.Question;
        foreach (string answer in lab.Guess?.Answers ?? []) yield return answer;
        foreach (string paragraph in Paragraphs(lab.Explanation)) yield return paragraph;
        yield return lab.Falsified;
        foreach (string mutation in lab.Mutations) yield return mutation;
        foreach (var item in result.Items)
            switch (item)
            {
                case TextItem text:
                    foreach (string paragraph in Paragraphs(text.Text)) yield return paragraph;
                    break;
                case TableItem table:
                    foreach (string cell in table.Headers.Concat(table.Rows.SelectMany(r => r))) yield return cell;
                    break;
                case FigureItem figure:
                    yield return figure.Caption;
                    foreach (string text in figure.Figure.Texts()) yield return text;
                    break;
                case FramesItem frames:
                    yield return frames.Caption;
                    foreach (string text in frames.Labels.Concat(frames.Frames.SelectMany(f => f.Texts()))) yield return text;
                    break;
                case SlidersItem sliders:
                    yield return sliders.Caption;
                    foreach (var slider in sliders.Sliders)
                        foreach (string text in slider.Values.Prepend(slider.Name)) yield return text;
                    foreach (string text in sliders.Figures.SelectMany(f => f.Texts())) yield return text;
                    break;
                case CheckItem check:
                    yield return check.What;
                    break;
            }
    }

    public static IEnumerable<string> Paragraphs(string text)
        => text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
