using System.Text;
using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>Describes how a state differs from that of a module.</summary>
/// <param name="Missing">Names that the module has and the state has not.</param>
/// <param name="Unexpected">Names that the state has and the module has not.</param>
/// <param name="Reshaped">Names that both have, with the shapes in the module and in the state.</param>
public sealed record StateDifference(
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<(string Name, Shape InModule, Shape InState)> Reshaped)
{
    /// <summary>True if there is no difference.</summary>
    public bool IsEmpty => Missing.Count == 0 && Unexpected.Count == 0 && Reshaped.Count == 0;

    /// <summary>All differences, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (string name in Missing) Line(text, $"missing: {name}");
        foreach (string name in Unexpected) Line(text, $"unexpected: {name}");
        foreach (var (name, own, given) in Reshaped) Line(text, $"another shape: {name} is {own} in the module and {given} in the state");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string line)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append("  ").Append(Printable.Line(line));
    }
}
