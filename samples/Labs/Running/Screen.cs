namespace DeepNet.Labs.Running;

/// <summary>Writes what labs find to the console, and how far they are where somebody watches.</summary>
internal sealed class Screen(TextWriter output, bool isWatched) : IProgress<double>
{
    private const int Width = 110;
    private string running = "";
    private bool hasBar;

    public void List(IEnumerable<Topic> topics, bool mutations)
    {
        foreach (var topic in topics.Where(t => t.Labs.Count > 0))
        {
            output.WriteLine(topic.Name);
            foreach (var lab in topic.Labs)
            {
                output.WriteLine($"  {lab.Number,2}  {lab.Name,-22} {lab.Title}");
                if (!mutations) continue;
                foreach (string m in lab.Mutations) output.WriteLine($"        --mutate \"{m}\"");
            }
            output.WriteLine();
        }
    }

    public void Begin(Lab lab, int place, int count, bool inDetail)
    {
        running = $"[{place,2}/{count}] {lab.Name}";
        if (!inDetail) return;
        output.WriteLine($"{lab.Number}. {lab.Title}");
        output.WriteLine();
        Paragraph(lab.Claim, "  ");
    }

    public void Show(LabItem item)
    {
        Erase();
        switch (item)
        {
            case TextItem text: Paragraph(text.Text, ""); break;
            case TableItem table: Table(table); break;
            case FigureItem figure: Paragraph($"[figure] {figure.Caption}", "  "); break;
            case FramesItem frames:
                Paragraph($"[{frames.Frames.Count} figures, {frames.Labels[0]} to {frames.Labels[^1]}] {frames.Caption}", "  ");
                break;
            case SlidersItem sliders:
                string choices = string.Join("; ", sliders.Sliders.Select(s => $"{s.Name} {s.Values[0]} to {s.Values[^1]}"));
                Paragraph($"[{sliders.Figures.Count} figures, {choices}] {sliders.Caption}", "  ");
                break;
        }
    }

    public void End(LabResult result, bool inDetail)
    {
        Erase();
        string mark = result.Holds ? "✓" : "✗";
        output.WriteLine(inDetail
            ? $"{mark} {result.Verdict}  ({result.Time.TotalSeconds:0.0} s)\n"
            : $"{running,-30} {mark} {result.Time.TotalSeconds,5:0.0} s  {result.Verdict}");
    }

    public void Line(string text) => output.WriteLine(text);

    public void Report(double fraction)
    {
        if (!isWatched) return;
        output.Write($"\r{running} {fraction,4:P0} ");
        hasBar = true;
    }

    public void Erase()
    {
        if (hasBar) output.Write("\r" + new string(' ', running.Length + 8) + "\r");
        hasBar = false;
    }

    private void Paragraph(string text, string indent)
    {
        string line = indent;
        foreach (string word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > Width && line.Length > indent.Length)
            {
                output.WriteLine(line.TrimEnd());
                line = indent;
            }
            line += word + " ";
        }
        output.WriteLine(line.TrimEnd());
        output.WriteLine();
    }

    private void Table(TableItem table)
    {
        int[] widths = [.. Enumerable.Range(0, table.Headers.Count)
            .Select(c => table.Rows.Select(r => r[c].Length).Append(table.Headers[c].Length).Max())];
        // Words stand left, numbers right.
        bool[] isNumber = [.. Enumerable.Range(0, widths.Length)
            .Select(c => table.Rows.Count > 0 && table.Rows.All(r => r[c].Length == 0 || IsNumber(r[c])))];
        string Row(IReadOnlyList<string> cells)
            => "  " + string.Join("   ", cells.Select((c, i) => isNumber[i] ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd();
        output.WriteLine(Row(table.Headers));
        output.WriteLine("  " + string.Join("   ", widths.Select(w => new string('─', w))));
        foreach (var row in table.Rows) output.WriteLine(Row(row));
        output.WriteLine();
    }

    private static bool IsNumber(string text)
        => text.TrimStart('-', '+', '−', '±', '<', '>', ' ') is [var first, ..] && char.IsAsciiDigit(first);
}
