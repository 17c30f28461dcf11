using System.IO.Enumeration;

namespace DeepNet.Models;

/// <summary>
/// The names and layouts that files of a model family have beside those of the model itself. Patterns are names in which <c>*</c> stands
/// for any text and <c>?</c> for one character.
/// </summary>
/// <example><code>
/// public WeightTable Weights { get; } = new() { Prefixes = ["transformer."], Transposed = ["*.c_fc.weight"], Ignored = ["*.attn.bias"] };
/// </code></example>
public sealed record WeightTable
{
    /// <summary>Gets the table of a family whose files have the names of the model.</summary>
    public static WeightTable Same { get; } = new();

    /// <summary>Gets beginnings of names that files may have more, or less, than the model.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Gets parts of names that older files have in the place of others.</summary>
    public IReadOnlyList<(string InFile, string InModel)> Renamed { get; init; } = [];

    /// <summary>Gets patterns of the model's matrices that lie transposed in files.</summary>
    public IReadOnlyList<string> Transposed { get; init; } = [];

    /// <summary>Gets patterns of what files hold and the model has no use for.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// Gets patterns of what files may lack: the model then keeps its own values. The counters of batch normalisations, which older files
    /// lack, are always such.
    /// </summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Gets the model's name for a tensor of a file; null if the model has no use for it.</summary>
    /// <param name="inFile">The name in the file.</param>
    /// <param name="isOfModel">Says whether the model has a tensor of a name.</param>
    public string? NameOf(string inFile, Func<string, bool> isOfModel)
    {
        ArgumentNullException.ThrowIfNull(inFile);
        ArgumentNullException.ThrowIfNull(isOfModel);
        string name = inFile;
        foreach (var (old, now) in Renamed) name = name.Replace(old, now, StringComparison.Ordinal);
        if (isOfModel(name)) return name;
        foreach (string prefix in Prefixes)
        {
            if (isOfModel(prefix + name)) return prefix + name;
            if (name.StartsWith(prefix, StringComparison.Ordinal) && isOfModel(name[prefix.Length..])) return name[prefix.Length..];
        }
        return Matches(Ignored, inFile) ? null : name;
    }

    /// <summary>Gets a tensor of a file as the model holds it, or the other way round.</summary>
    /// <param name="inModel">The model's name.</param>
    /// <param name="tensor">The tensor.</param>
    public Tensor Turn(string inModel, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.Rank == 2 && Matches(Transposed, inModel) ? tensor.T : tensor;
    }

    /// <summary>Gets a value indicating whether a file may lack a tensor.</summary>
    public bool IsOptional(string inModel)
    {
        ArgumentNullException.ThrowIfNull(inModel);
        return inModel.EndsWith("num_batches_tracked", StringComparison.Ordinal) || Matches(Optional, inModel);
    }

    private static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        foreach (string pattern in patterns)
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)) return true;
        return false;
    }
}
