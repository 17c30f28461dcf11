namespace DeepNet.Tool.Files;

/// <summary>The contents of a file: facts about it, and its parts.</summary>
/// <param name="Facts">Names and values.</param>
/// <param name="Parts">The tensors or columns, in the order of the file.</param>
internal sealed record FileContents(IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<FilePart> Parts)
{
    public static FileContents Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, bool withStatistics, params (string, string)[] facts)
        => new(facts, [.. tensors.Select(t => FilePart.Of(t.Key, t.Value, withStatistics))]);
}
