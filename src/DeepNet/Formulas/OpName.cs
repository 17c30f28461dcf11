namespace DeepNet.Ops;

/// <summary>The default name of an operator: its type's name in lower case, without type arguments.</summary>
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
        return (tick < 0 ? typeName : typeName[..tick]).ToLowerInvariant();
    }
}
