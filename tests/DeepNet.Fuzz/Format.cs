namespace DeepNet.Fuzz;

/// <summary>
/// A file format to be attacked: well-formed files, how to damage them so that the deep code is reached, and how to read one. A class of
/// this kind in the namespace <c>DeepNet.Fuzz.Formats</c> is all that a further format takes.
/// </summary>
public abstract class Format
{
    /// <summary>All formats, by name.</summary>
    public static IReadOnlyList<Format> All { get; } =
    [
        .. typeof(Format).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false, Namespace: "DeepNet.Fuzz.Formats" } && t.IsSubclassOf(typeof(Format)))
            .Select(t => (Format)Activator.CreateInstance(t)!).OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary>The name of the format.</summary>
    public abstract string Name { get; }

    /// <summary>The name of the file that is read; some readers look for it in a folder.</summary>
    public virtual string FileName => "input";

    /// <summary>The managed memory that reading may allocate in all.</summary>
    public abstract Bound Managed { get; }

    /// <summary>The tensor memory that reading may hold at once. The constant covers the accuracy of the counter.</summary>
    public virtual Bound Tensors => new(16, 4 << 20);

    /// <summary>Well-formed files, which are read without an error.</summary>
    public abstract IReadOnlyList<byte[]> Seeds();

    /// <summary>A file that may be damaged.</summary>
    public abstract byte[] Mutate(byte[] seed, Chance chance);

    /// <summary>Reads a file and checks with <see cref="Require"/> that what was read is consistent.</summary>
    public abstract void Read(string path);

    /// <summary>True for the exceptions that the documentation of the reader names.</summary>
    public abstract bool IsDocumented(Exception e);

    /// <summary>Demands something of what was read.</summary>
    protected static void Require(bool holds, string what)
    {
        if (!holds) throw new InconsistentException(what);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
