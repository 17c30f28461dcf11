namespace DeepNet.Nn;

/// <summary>The likely reason for which a state does not fit a module, for the end of the message.</summary>
/// <param name="Difference">How the two differ.</param>
/// <param name="Given">The state.</param>
/// <param name="Wanted">The state of the module.</param>
/// <param name="Aliases">The further paths of what the module shares, with the first path of each.</param>
internal readonly record struct StateHint(
    StateDifference Difference, IReadOnlyDictionary<string, Tensor> Given, IReadOnlyDictionary<string, Tensor> Wanted,
    IReadOnlyDictionary<string, string> Aliases)
{
    /// <summary>The hint as a line of its own; nothing if no reason is likely.</summary>
    public override string ToString() => (Prefix() ?? SharedHere() ?? SharedThere()) is { } hint ? $"\n{hint}" : "";

    // All names have the same beginning more, or less: models inside of models, and wrappers of other frameworks.
    private string? Prefix()
    {
        var (missing, unexpected) = (Difference.Missing, Difference.Unexpected);
        if (missing.Count == 0 || unexpected.Count == 0) return null;
        if (unexpected.FirstOrDefault(name => name.EndsWith(missing[0], StringComparison.Ordinal)) is { } longer)
        {
            string more = longer[..^missing[0].Length];
            var given = Given;
            if (missing.All(name => given.ContainsKey(more + name)))
                return $"The state has '{more}' in front of the names: rename: name => name.StartsWith(\"{more}\") ? "
                    + $"name[{more.Length}..] : null.";
        }
        if (missing.FirstOrDefault(name => name.EndsWith(unexpected[0], StringComparison.Ordinal)) is not { } own) return null;
        string less = own[..^unexpected[0].Length];
        var wanted = Wanted;
        if (!unexpected.All(name => wanted.ContainsKey(less + name))) return null;
        return $"The state lacks '{less}' in front of the names: rename: name => \"{less}\" + name.";
    }

    private string? SharedHere()
    {
        foreach (string name in Difference.Unexpected)
            if (Aliases.TryGetValue(name, out string? first))
                return $"'{name}' and '{first}' are one tensor in this module, which shares it, and two in the state. To load it "
                    + $"nevertheless, leave one out: rename: name => name == \"{name}\" ? null : name.";
        return null;
    }

    private string? SharedThere()
    {
        if (Difference.Missing.Count == 0 || Difference.Unexpected.Count > 0) return null;
        string name = Difference.Missing[0], end = name[(name.LastIndexOf('.') + 1)..];
        var shape = Wanted[name].Shape;
        var like = Given.FirstOrDefault(item => item.Key[(item.Key.LastIndexOf('.') + 1)..] == end && item.Value.Shape.Equals(shape)).Key;
        return like is null ? null
            : $"If the model that was saved shared '{name}' with another, such as '{like}', its state has it once, under the first name. "
                + "Share it here too, or load the state with strict: false and copy the values.";
    }
}
