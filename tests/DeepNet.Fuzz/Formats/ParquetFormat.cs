using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>Parquet files: damaged anywhere, in the description at the end most often.</summary>
public sealed class ParquetFormat : Format
{
    private const int TailBytes = 400;

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20, MaxColumns = 100 };

    private readonly Lazy<byte[][]> files = new(() => [Written(5, 100), Written(40, 16)]);

    public override string Name => "parquet";

    // Pages say how large they are, and the library believes them.
    public override Bound Managed => new(1000, 256 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds() => files.Value;

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        int head = Math.Max(0, seed.Length - TailBytes);
        return chance.Next(6) switch
        {
            0 => ByteMutation.Truncate(seed, chance),
            1 or 2 => ByteMutation.Mutate(seed, chance),
            _ => [.. seed[..head], .. ByteMutation.Mutate(seed[head..], chance)],
        };
    }

    public override void Read(string path)
    {
        var table = ParquetTable.Read(path, new ParquetTableOptions { Limits = Limits, MostCategories = 1000 });
        _ = table.ToString();
        foreach (var column in table.Columns)
        {
            int count = column.Kind == ColumnKind.Number ? table.Numbers(column.Name).Length : table.Texts(column.Name).Length;
            Require(count == table.Count, "a column has not as many cells as the table has rows");
        }
    }

    private static byte[] Written(int rows, int group)
    {
        string path = Path.GetTempFileName();
        try
        {
            var table = new Table([
                TableColumn.Of("number", Enumerable.Range(0, rows).Select(i => i % 7 == 0 ? double.NaN : i / 4.0)),
                TableColumn.Of("text", Enumerable.Range(0, rows).Select(i => i % 5 == 0 ? null : $"name {i % 3}")),
            ]);
            ParquetTable.Write(path, table, group);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
