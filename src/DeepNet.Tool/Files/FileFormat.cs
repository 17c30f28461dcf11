namespace DeepNet.Tool.Files;

/// <summary>A format of files: reads what a file holds, and writes it where the format can be written.</summary>
/// <param name="Name">The name.</param>
/// <param name="Endings">The endings of file names, with the point.</param>
/// <param name="Inspect">Reads the contents, with statistics of the elements or without.</param>
internal sealed record FileFormat(string Name, string[] Endings, Func<string, bool, FileContents> Inspect)
{
    /// <summary>Reads the tensors to be converted, and says what of the file is left out; null if the format has none.</summary>
    public Func<string, (IReadOnlyDictionary<string, Tensor> Tensors, string? LeftOut)>? Tensors { get; init; }

    /// <summary>Writes tensors; null if the format is not written.</summary>
    public Action<string, IReadOnlyDictionary<string, Tensor>>? Save { get; init; }

    /// <summary>Reads the table to be converted; null if the format has none.</summary>
    public Func<string, Data.Table>? Table { get; init; }

    /// <summary>Writes a table; null if the format is not written.</summary>
    public Action<string, Data.Table>? SaveTable { get; init; }
}
