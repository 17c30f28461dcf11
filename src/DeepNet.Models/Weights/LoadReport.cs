using System.Text;
using DeepNet.IO;

namespace DeepNet.Models;

/// <summary>Describes what became of the tensors of a file, and where those of the model come from.</summary>
/// <param name="Loaded">Names of the model that got their values from the file.</param>
/// <param name="Missing">Names of the model that the file lacks.</param>
/// <param name="Unexpected">Names of the file that the model does not know.</param>
/// <param name="Reshaped">Names that both have, with the shapes in the model and in the file.</param>
/// <param name="Ignored">Names of the file that models of this family have no use for.</param>
public sealed record LoadReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected,
    IReadOnlyList<(string Name, Shape InModel, Shape InFile)> Reshaped, IReadOnlyList<string> Ignored)
{
    private const int MostLines = 20;

    /// <summary>Gets a value indicating whether every tensor of the model has its values from the file, and none was left over.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Reshaped.Count == 0;

    /// <summary>Returns the number of tensors that were loaded, and below it what was not, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Loaded.Count} of {Loaded.Count + Missing.Count + Reshaped.Count} tensors have values in the file");
        Add(text, "missing", Missing);
        Add(text, "unexpected", Unexpected);
        Add(text, "another shape", [.. Reshaped.Select(r => $"{r.Name} is {r.InModel} in the model and {r.InFile} in the file")]);
        Add(text, "ignored", Ignored);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string what, IReadOnlyList<string> names)
    {
        foreach (string name in names.Take(MostLines)) text.Append($"\n  {what}: {Printable.Line(name)}");
        if (names.Count > MostLines) text.Append($"\n  {what}: … and {names.Count - MostLines} more");
    }
}
