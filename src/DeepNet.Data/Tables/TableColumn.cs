using System.Globalization;
using DeepNet.IO;

namespace DeepNet.Data;

/// <summary>One column of a <see cref="Table"/>.</summary>
public sealed class TableColumn
{
    private const int MostShown = 40;

    internal TableColumn(string name, int number, ColumnKind kind, string?[] texts, double[] numbers)
        => (Name, Number, Kind, Texts, Numbers) = (name, number, kind, texts, numbers);

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the number of the column in the file, from 1.</summary>
    public int Number { get; }

    /// <summary>Gets the kind of its cells.</summary>
    public ColumnKind Kind { get; }

    /// <summary>The cells as text, a row of the file each; null where missing. Empty for numbers that were never text.</summary>
    internal string?[] Texts { get; }

    /// <summary>The cells as numbers, if they are; NaN where missing.</summary>
    internal double[] Numbers { get; }

    /// <summary>A cell as text, also of a column of numbers; null where missing.</summary>
    internal string? Text(int row)
        => Texts.Length > 0 ? Texts[row] : double.IsNaN(Numbers[row]) ? null : Numbers[row].ToString(CultureInfo.InvariantCulture);

    internal int Count => Math.Max(Texts.Length, Numbers.Length);

    /// <summary>A column of numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The cells; NaN where there is no value.</param>
    public static TableColumn Of(string name, IEnumerable<double> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        return new(name, 0, ColumnKind.Number, [], [.. values]);
    }

    /// <summary>A column of categories, or of texts to be ignored.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The cells; null where there is no value.</param>
    /// <param name="kind">Category or Ignore.</param>
    public static TableColumn Of(string name, IEnumerable<string?> values, ColumnKind kind = ColumnKind.Category)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        return kind != ColumnKind.Number
            ? new(name, 0, kind, [.. values], [])
            : throw new ArgumentException($"[table] column '{Short(name)}' has texts, which are no numbers.", nameof(kind));
    }

    /// <summary>A text as it is shown in messages: one line, not long, without what a terminal obeys.</summary>
    internal static string Short(string text) => Printable.Line(text.Length <= MostShown ? text : text[..(MostShown - 1)] + "…");

    /// <inheritdoc/>
    public override string ToString() => $"{Printable.Line(Name)} ({Kind})";
}
