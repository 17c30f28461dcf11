using System.Globalization;
using System.Text;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>
/// Tables: separators, quotes, encodings, decimal marks, odd names and cells, wide and long ones; read, fitted to and encoded.
/// </summary>
public sealed class CsvFormat : Format
{
    private const string Good = "age,colour,note,price\n10,red,\"a, b\",1.5\n20,blue,\"c \"\"d\"\"\",2.5\n30,red,e,3.5\n40,green,f,-4e1\n";

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20, MaxColumns = 5000 };
    private static readonly string[] Cells = ["1", "-2.5", "3,5", "1e3", "1e999", "1.234,5", "NA", "", " ", "red", "\"a, b\"", "\"", "\"\"",
        "x\"y", "\"a\nb\"", "NaN", "∞", "12 %", "0x10", "\0", "\u001b[2J"];

    public override string Name => "csv";

    // A cell of one character is in three lists and arrays, and becomes as many features as the column has categories. A column takes 3
    // KiB.
    public override Bound Managed => new(1000, 64 << 20);

    public override Bound Tensors => new(500, 4 << 20);

    // Fit documents that a column may have nothing to learn from.
    public override bool IsDocumented(Exception e) => e is DataFormatException or ArgumentException { ParamName: null };

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(Good), [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Good)],
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Good)],
        Encoding.UTF8.GetBytes("a;b;c\r\n1,5;x;1\r\n2,5;y;2\r\n"), GzipFormat.Pack(Encoding.UTF8.GetBytes(Good)), "x\n1\n2\n"u8.ToArray(),
    ];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(8) switch
    {
        0 or 1 => ByteMutation.Mutate(seed, chance),
        2 => ByteMutation.Truncate(seed, chance),
        3 => ByteMutation.Splice(seed, Encoding.UTF8.GetBytes(Good), chance),
        4 when chance.OneIn(10) => Wide(chance),
        5 when chance.OneIn(10)
            => GzipFormat.Pack(
                Encoding.UTF8.GetBytes(
                    "a\n" + string.Concat(
                        Enumerable.Repeat(chance.Pick(new[] { "1\n", "\n", "1", "x\n" }), chance.OneIn(4) ? 2 << 20 : 100_000)))),
        _ => Made(chance),
    };

    public override void Read(string path)
    {
        var table = CsvTable.Read(path, new CsvOptions { Limits = Limits });
        Require(table.Count > 0 && table.Columns.Count > 0, "a table without cells");
        _ = table.ToString();
        var rule = (MissingRule)(table.Count % 5);
        var encoder = TableEncoder.Fit(
            table, new()
            {
                Missing = rule, Target = table.Count % 2 == 0 ? null : table.Columns[^1].Name,
                Categories = (CategoryCode)(table.Columns.Count % 2),
            });
        var data = encoder.Encode(table);
        Require(data.X.Shape[^1] == encoder.FeatureNames.Count, "there are not as many features as names");
        Require(
            rule == MissingRule.DropRow ? data.Count <= table.Count : data.Count == table.Count, "there are not as many examples as rows");
        Require(data.X.Rank == 2, "the features are no matrix");
        foreach (float x in data.X.ToArray()) Require(float.IsFinite(x), "a feature is not finite");
    }

    private static byte[] Made(Chance chance)
    {
        string separator = chance.Pick(new[] { ",", ";", "\t", "|", " ", "," }), end = chance.Pick(new[] { "\n", "\r\n", "\r", "\n" });
        int columns = chance.Next(1, 6), rows = chance.Next(8);
        bool isTyped = chance.Next(3) > 0;
        string[] kinds = [.. Enumerable.Range(0, columns).Select(_ => chance.Pick(Cells))];
        var text = new StringBuilder();
        for (int c = 0; c < columns; c++) text.Append(c > 0 ? separator : "").Append(chance.OneIn(4) ? Names.Any(chance) : $"c{c}");
        text.Append(end);
        for (int r = 0; r < rows; r++)
        {
            int cells = chance.OneIn(20) ? chance.Next(10) : columns;
            for (int c = 0; c < cells; c++)
                text.Append(c > 0 ? separator : "")
                    .Append(
                        !isTyped
                            || chance.OneIn(10) ? chance.Pick(Cells) : c % 2 == 0 ? chance.Next(100)
                                .ToString(CultureInfo.InvariantCulture) : kinds[c % columns]);
            text.Append(end);
        }
        var encoding = chance.Pick(new[] { Encoding.UTF8, Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.Latin1 });
        byte[] file = [.. chance.OneIn(2) ? encoding.GetPreamble() : [], .. encoding.GetBytes(text.ToString())];
        return chance.OneIn(6) ? GzipFormat.Pack(file) : file;
    }

    private static byte[] Wide(Chance chance)
    {
        int columns = chance.Next(1000, 7000);
        bool areNamed = !chance.OneIn(5);
        string header = string.Join(',', Enumerable.Range(0, columns).Select(i => areNamed ? $"c{i}" : "c"));
        return Encoding.UTF8.GetBytes($"{header}\n{string.Join(',', Enumerable.Repeat("1", columns))}\n");
    }
}
