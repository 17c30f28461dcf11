using System.Text;

namespace DeepNet.Labs.Running;

/// <summary>Cuts the examples of labs out of their sources, which lie within the program.</summary>
internal static class ExampleSource
{
    /// <summary>Returns the body of <see cref="Lab.Example"/> as a reader can paste it into a script; null where a lab has none.</summary>
    public static string? Of(Lab lab)
    {
        using var stream = typeof(ExampleSource).Assembly.GetManifestResourceStream($"source.{lab.GetType().Name}.cs");
        if (stream is null) return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Cut(reader.ReadToEnd());
    }

    /// <summary>Returns the body of the method in a source, without its indentation; null where there is none.</summary>
    public static string? Cut(string source)
    {
        string[] lines = source.ReplaceLineEndings("\n").Split('\n');
        int head = Array.FindIndex(lines, l => l.Contains("override void Example(TextWriter output)", StringComparison.Ordinal));
        if (head < 0) return null;
        string margin = lines[head][..lines[head].IndexOf('p', StringComparison.Ordinal)], indent = margin + "    ";      // of "public"
        if ((lines[head] + lines[head + 1]).Contains("=>", StringComparison.Ordinal))
            throw new FormatException("an example has a body in braces, of which pages show the lines.");
        var body = lines.Skip(head + 1).SkipWhile(l => l != margin + "{").Skip(1).TakeWhile(l => l != margin + "}");
        string text = string.Join('\n', body.Select(l => l.StartsWith(indent, StringComparison.Ordinal) ? l[indent.Length..] : l.Trim()));
        return text.Length == 0 ? null : text.Replace("output.Write", "Console.Write", StringComparison.Ordinal);
    }

    /// <summary>Returns what an example writes.</summary>
    public static string OutputOf(Lab lab)
    {
        using var output = new StringWriter();
        using (Memory.Scope())
        {
            Generator.SetSeed(LabContext.DefaultSeed);
            lab.Example(output);
        }
        return output.ToString().TrimEnd();
    }
}
