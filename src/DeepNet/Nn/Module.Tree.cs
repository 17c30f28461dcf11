using DeepNet.IO;

namespace DeepNet.Nn;

// A module as text.
public abstract partial class Module
{
    private const string Indent = "  ";

    // Fewer are written out.
    private const int LeastAlike = 3;

    /// <summary>Gets the type and the sizes of this module by itself, in one line: <c>Linear(784, 128)</c>.</summary>
    public virtual string Description => GetType().Name;

    /// <summary>
    /// Returns the <see cref="Description"/>, and below it, indented, those of the modules inside with their names. Three or more in a row
    /// that read alike are one entry with their number.
    /// </summary>
    public override string ToString()
    {
        try
        {
            Walk();             // an error if a module contains itself
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException)
        {
            return Description;
        }
        return string.Join('\n', Lines());
    }

    private List<string> Lines()
    {
        List<string> lines = [Printable.Line(Description)];
        // A layer says by itself which activation it applies.
        var children = Children().Where(child => !lines[0].Contains($"{child.Name}: {child.Module.Description}", StringComparison.Ordinal))
            .Select(child => (child.Name, Lines: child.Module.Lines())).ToList();
        for (int i = 0, end; i < children.Count; i = end)
        {
            var (name, inner) = children[i];
            for (end = i + 1; end < children.Count && children[end].Lines.SequenceEqual(inner);) end++;
            string label = Printable.Line(name);
            if (end - i >= LeastAlike) label += $" … {Printable.Line(children[end - 1].Name)}: {end - i} ×";
            else (label, end) = (label + ":", i + 1);
            lines.Add($"{Indent}{label} {inner[0]}");
            lines.AddRange(inner.Skip(1).Select(line => Indent + line));
        }
        return lines;
    }
}
