namespace DeepNet.Ops;

/// <summary>The default name of an operator: its type's name in snake case, without type arguments.</summary>
internal static class OpName
{
    public static string Of<TOp>() => Cache<TOp>.Name;

    private static class Cache<TOp>
    {
        public static readonly string Name = Make(typeof(TOp).Name);
    }

    private static string Make(string typeName)
    {
        int tick = typeName.IndexOf('`', StringComparison.Ordinal);
        string name = "";
        foreach (char c in tick < 0 ? typeName : typeName[..tick])
            name += char.IsUpper(c) && name.Length > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c);
        return name;
    }
}
