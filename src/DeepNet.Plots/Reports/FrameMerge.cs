using System.Text;

namespace DeepNet.Plots;

/// <summary>
/// Makes one drawing of many, in which what they share stands once: the frames of a moving figure, each in every language. What
/// differs stands in groups that say to which frames (<c>data-f</c>) or language (<c>lang</c>) they belong.
/// </summary>
internal static class FrameMerge
{
    private const int MostWork = 4_000_000;     // of comparing two lists of elements

    /// <summary>Merges drawings, each a text of elements one a line with groups among them.</summary>
    /// <param name="drawings">By frame, then by language.</param>
    /// <param name="shown">The frame that is seen without a script.</param>
    /// <param name="languages">The codes of the languages.</param>
    public static string Merge(IReadOnlyList<string[]> drawings, int shown, IReadOnlyList<string> languages)
    {
        if (drawings.Count == 1 && languages.Count == 1) return drawings[0][0];
        var names = new Dictionary<string, int>();
        List<Node>[] all = [.. drawings.SelectMany(frame => frame).Select(d => Read(d, names))];
        return Join(all, runs =>
        {
            string[] frames = [.. Enumerable.Range(0, drawings.Count).Select(f
                => Join([.. runs.Skip(f * languages.Count).Take(languages.Count)], parts => OfLanguages(parts, languages)))];
            return OfFrames(frames, shown);
        });
    }

    /// <summary>Groups equal texts, each with the frames that have it.</summary>
    public static string OfFrames(IReadOnlyList<string> frames, int shown)
    {
        var text = new StringBuilder();
        foreach (var group in frames.Select((t, f) => (Text: t, Frame: f)).GroupBy(p => p.Text, p => p.Frame))
        {
            int[] having = [.. group];
            if (group.Key.Length == 0) continue;
            if (having.Length == frames.Count) return group.Key;
            text.Append("<g class=\"fr").Append(having.Contains(shown) ? " on" : "").Append("\" data-f=\"").Append(Ranges(having))
                .Append("\">\n").Append(group.Key).Append("</g>\n");
        }
        return text.ToString();
    }

    /// <summary>Writes rising numbers as ranges: 0-4 7.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var text = new StringBuilder();
        for (int i = 0; i < numbers.Count; i++)
        {
            int start = i;
            while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1) i++;
            if (text.Length > 0) text.Append(' ');
            text.Append(numbers[start]);
            if (i > start) text.Append('-').Append(numbers[i]);
        }
        return text.ToString();
    }

    private static string OfLanguages(List<Node>[] parts, IReadOnlyList<string> languages)
    {
        var text = new StringBuilder();
        foreach (var group in parts.Select((p, i) => (Text: Write(p), Language: languages[i])).GroupBy(p => p.Text, p => p.Language))
        {
            if (group.Key.Length == 0) continue;
            if (group.Count() == languages.Count) return group.Key;
            string also = string.Join(' ', group.Skip(1));
            text.Append("<g lang=\"").Append(group.First()).Append('"').Append(also.Length > 0 ? $" class=\"{also}\"" : "").Append(">\n")
                .Append(group.Key).Append("</g>\n");
        }
        return text.ToString();
    }

    /// <summary>Writes what all lists share, with what differs between.</summary>
    private static string Join(List<Node>[] lists, Func<List<Node>[], string> differing)
    {
        var text = new StringBuilder();
        int[] shared = [.. lists[0].Select(n => n.Key)], at = new int[lists.Length];
        foreach (var list in lists.Skip(1)) shared = Common(shared, [.. list.Select(n => n.Key)]);
        for (int k = 0; k <= shared.Length; k++)
        {
            var runs = new List<Node>[lists.Length];
            for (int v = 0; v < lists.Length; v++)
            {
                int start = at[v];
                while (at[v] < lists[v].Count && (k == shared.Length || lists[v][at[v]].Key != shared[k])) at[v]++;
                runs[v] = lists[v][start..at[v]];
            }
            if (Array.Exists(runs, r => r.Count > 0)) text.Append(differing(runs));
            if (k == shared.Length) break;
            var node = lists[0][at[0]];
            text.Append(node.Line).Append('\n');
            if (node.Children is not null)
                text.Append(Join([.. lists.Select((list, v) => list[at[v]].Children!)], differing)).Append("</g>\n");
            for (int v = 0; v < lists.Length; v++) at[v]++;
        }
        return text.ToString();
    }

    /// <summary>Returns a longest common subsequence.</summary>
    private static int[] Common(int[] a, int[] b)
    {
        int start = 0, end = 0, shorter = Math.Min(a.Length, b.Length);
        while (start < shorter && a[start] == b[start]) start++;
        while (end < shorter - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        int n = a.Length - start - end, m = b.Length - start - end;
        List<int> found = [.. a[..start]];
        if (n > 0 && m > 0 && (long)n * m <= MostWork)
        {
            int[,] length = new int[n + 1, m + 1];
            for (int i = n - 1; i >= 0; i--)
                for (int j = m - 1; j >= 0; j--)
                    length[i, j] = a[start + i] == b[start + j]
                        ? length[i + 1, j + 1] + 1
                        : Math.Max(length[i + 1, j], length[i, j + 1]);
            for (int i = 0, j = 0; i < n && j < m;)
            {
                if (a[start + i] == b[start + j])
                {
                    found.Add(a[start + i++]);
                    j++;
                }
                else if (length[i + 1, j] >= length[i, j + 1]) i++;
                else j++;
            }
        }
        found.AddRange(a[^end..]);
        return [.. found];
    }

    private static List<Node> Read(string drawing, Dictionary<string, int> names)
    {
        var open = new Stack<List<Node>>([[]]);
        foreach (string line in drawing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "</g>")
            {
                open.Pop();
                continue;
            }
            if (!names.TryGetValue(line, out int key)) names[line] = key = names.Count;
            List<Node>? children = line.StartsWith("<g ", StringComparison.Ordinal) || line == "<g>" ? [] : null;
            open.Peek().Add(new(line, key, children));
            if (children is not null) open.Push(children);
        }
        return open.Peek();
    }

    private static string Write(List<Node> nodes)
    {
        var text = new StringBuilder();
        foreach (var node in nodes)
        {
            text.Append(node.Line).Append('\n');
            if (node.Children is not null) text.Append(Write(node.Children)).Append("</g>\n");
        }
        return text.ToString();
    }

    /// <summary>An element, with those in it if it is a group; equal lines have equal keys.</summary>
    private sealed record Node(string Line, int Key, List<Node>? Children);
}
