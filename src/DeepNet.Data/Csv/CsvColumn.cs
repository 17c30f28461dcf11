using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>One column of a <see cref="CsvTable"/>.</summary>
public sealed class CsvColumn
{
    internal CsvColumn(string name, int number, ColumnKind kind, string?[] texts, double[] numbers)
        => (Name, Number, Kind, Texts, Numbers) = (name, number, kind, texts, numbers);

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the number of the column in the file, from 1.</summary>
    public int Number { get; }

    /// <summary>Gets the kind of its cells.</summary>
    public ColumnKind Kind { get; }

    /// <summary>The cells as text, a row of the file each; null where missing.</summary>
    internal string?[] Texts { get; }

    /// <summary>The cells as numbers, if they are; NaN where missing.</summary>
    internal double[] Numbers { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Printable.Line(Name)} ({Kind})";
}
