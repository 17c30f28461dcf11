using DeepNet.Data.Files;
using DeepNet.Data.ParquetFiles;
using Parquet;
using Parquet.Schema;

namespace DeepNet.Data;

/// <summary>
/// Parquet files as tables, both ways. Numbers of all widths, decimals and truth values become numbers, times the seconds since 1970 began,
/// texts categories; lists, maps and structures are refused by name, unless other columns are chosen.
/// </summary>
/// <example><code>
/// var table = ParquetTable.Read("houses.parquet", "area", "rooms", "price");
/// var data = table.ToDataset(target: "price");
/// </code></example>
public static class ParquetTable
{
    private const int DefaultRows = 1 << 20;

    /// <summary>Reads columns of a file; all columns if none are named.</summary>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit, or a column cannot be part of a table.</exception>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public static Table Read(string path, params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Read(path, new ParquetTableOptions { Columns = columns });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The columns, their kinds, and limits.</param>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit, or a column cannot be part of a table.</exception>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public static Table Read(string path, ParquetTableOptions options)
    {
        using var file = new ParquetContents(path, options);
        return file.Read(0, file.Groups);
    }

    /// <summary>
    /// Reads a file one group of rows after the other, so that only one is in memory: for files that are too large for it. Categories of a
    /// group are those that occur in it; fit a <see cref="TableEncoder"/> to a group that has all, or to a sample.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The columns, their kinds, and limits, which hold for each group.</param>
    /// <exception cref="DataFormatException">The file is damaged, exceeds a limit, or a column cannot be part of a table.</exception>
    public static IEnumerable<Table> ReadGroups(string path, ParquetTableOptions? options = null)
    {
        using var file = new ParquetContents(path, options ?? new());
        for (int group = 0; group < file.Groups; group++) yield return file.Read(group, group + 1);
    }

    /// <summary>
    /// Writes a table: the file's old content stays until the new one is whole. Numbers become float64, a missing one null; others are
    /// texts.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="rowsPerGroup">The rows that are packed together, and that <see cref="ReadGroups"/> reads at a time.</param>
    public static void Write(string path, Table table, int rowsPerGroup = DefaultRows)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerGroup, 1);
        if (table.Columns.Count == 0) throw new ArgumentException("[parquet] the table has no columns, and a file needs one.");
        DataFile.Write(path, stream => WriteAsync(stream, table, rowsPerGroup).GetAwaiter().GetResult());
    }

    private static async Task WriteAsync(Stream stream, Table table, int rowsPerGroup)
    {
        DataField[] fields =
        [
            .. table.Columns.Select(column => column.Kind == ColumnKind.Number
                ? (DataField)new DataField<double>(column.Name, nullable: true)
                : new DataField<string>(column.Name, nullable: true)),
        ];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        for (int at = 0; at < table.Count; at += rowsPerGroup)
        {
            var part = table.Rows([.. Enumerable.Range(at, Math.Min(rowsPerGroup, table.Count - at))]);
            using var group = writer.CreateRowGroup();
            for (int c = 0; c < fields.Length; c++)
            {
                var column = table.Columns[c];
                if (column.Kind == ColumnKind.Number)
                {
                    double?[] numbers = Array.ConvertAll(part.Numbers(column.Name), v => double.IsNaN(v) ? (double?)null : v);
                    await group.WriteAsync<double>(fields[c], numbers.AsMemory()).ConfigureAwait(false);
                }
                else await group.WriteAsync(fields[c], part.Texts(column.Name)!).ConfigureAwait(false);
            }
        }
    }
}
