using Parquet;
using Parquet.Schema;

namespace DeepNet.Data.ParquetTests;

public sealed class ParquetTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-parquet-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private static Table Small(int rows = 10) => new([
        TableColumn.Of("area", Enumerable.Range(0, rows).Select(i => i == 3 ? double.NaN : 20 + i / 8.0)),
        TableColumn.Of("kind", Enumerable.Range(0, rows).Select(i => i == 4 ? null : $"kind {i % 3}")),
        TableColumn.Of("price", Enumerable.Range(0, rows).Select(i => 1e5 + i)),
        TableColumn.Of("note", Enumerable.Range(0, rows).Select(i => $"note {i}, \"größer\""), ColumnKind.Ignore),
    ]);

    [Theory]
    [InlineData(1 << 20, 1)]
    [InlineData(4, 3)]
    public void What_is_written_is_read(int rowsPerGroup, int groups)
    {
        var table = Small();
        ParquetTable.Write(At("a.parquet"), table, rowsPerGroup);
        var read = ParquetTable.Read(At("a.parquet"));
        Assert.Equal(["area", "kind", "price", "note"], read.Columns.Select(column => column.Name));
        Assert.Equal(
            [ColumnKind.Number, ColumnKind.Category, ColumnKind.Number, ColumnKind.Category], read.Columns.Select(column => column.Kind));
        Assert.Equal(table.Numbers("area"), read.Numbers("area"));
        Assert.Equal(table.Texts("kind"), read.Texts("kind").AsEnumerable());
        Assert.Equal(table.Numbers("price"), read.Numbers("price"));
        Assert.Equal(table.Texts("note"), read.Texts("note").AsEnumerable());
        var parts = ParquetTable.ReadGroups(At("a.parquet")).ToList();
        Assert.Equal(groups, parts.Count);
        Assert.Equal(table.Numbers("price"), parts.SelectMany(part => part.Numbers("price")));
    }

    [Fact]
    public void Some_columns_and_rows_alone_are_read_and_written()
    {
        ParquetTable.Write(At("b.parquet"), Small().Rows(7, 2, 2));
        var read = ParquetTable.Read(At("b.parquet"), "price", "area");
        Assert.Equal(["price", "area"], read.Columns.Select(column => column.Name));
        Assert.Equal([100007.0, 100002, 100002], read.Numbers("price"));
        var e = Assert.Throws<ArgumentException>(() => ParquetTable.Read(At("b.parquet"), "prize"));
        Assert.Contains("no column 'prize'. It has area, kind, price, note", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_encoded_as_one_of_a_CSV_file()
    {
        var table = Small();
        ParquetTable.Write(At("c.parquet"), table);
        string csv = "area,kind,price\n" + string.Concat(Enumerable.Range(0, 10).Select(i => FormattableString.Invariant(
            $"{(i == 3 ? "" : 20 + i / 8.0)},{(i == 4 ? "" : $"kind {i % 3}")},{1e5 + i}\n")));
        File.WriteAllText(At("c.csv"), csv);
        var encoding = new TableEncoding { Target = "price", Missing = MissingRule.Median };
        var expected = CsvTable.Read(At("c.csv"));
        var actual = ParquetTable.Read(At("c.parquet"), "area", "kind", "price");
        var encoder = TableEncoder.Fit(expected, encoding);
        Assert.Equal(encoder.FeatureNames, TableEncoder.Fit(actual, encoding).FeatureNames);
        Assert.Equal(encoder.Encode(expected).X.ToArray(), encoder.Encode(actual).X.ToArray());
        Assert.Equal(encoder.Encode(expected).Y.ToArray(), encoder.Encode(actual).Y.ToArray());
        var strict = Assert.Throws<DataFormatException>(
            () => TableEncoder.Fit(actual, encoding with { Missing = MissingRule.Error }).Encode(actual));
        Assert.Equal((4, 1), (strict.Line, strict.Column));
    }

    [Fact]
    public async Task All_types_of_numbers_and_times_become_numbers()
    {
        var time = new DateTime(2024, 2, 29, 12, 0, 0, 500, DateTimeKind.Utc);
        await using (var stream = File.Create(At("d.parquet")))
        {
            DataField[] fields =
            [
                new DataField<int>("int", nullable: false), new DataField<long>("long", nullable: true),
                    new DataField<bool>("bool", nullable: false),
                new DataField<float>("float", nullable: true), new DataField<decimal>("decimal", nullable: false),
                    new DataField<DateTime>("time", nullable: false),
                new DataField<byte>("byte", nullable: false), new DataField<short>("short", nullable: true),
            ];
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(fields[0], new[] { int.MinValue, 7 }.AsMemory());
            await group.WriteAsync<long>(fields[1], new long?[] { null, 1L << 40 }.AsMemory());
            await group.WriteAsync<bool>(fields[2], new[] { true, false }.AsMemory());
            await group.WriteAsync<float>(fields[3], new float?[] { 0.5f, null }.AsMemory());
            await group.WriteAsync<decimal>(fields[4], new[] { 1.25m, -3m }.AsMemory());
            await group.WriteAsync<DateTime>(fields[5], new[] { time, DateTime.UnixEpoch }.AsMemory());
            await group.WriteAsync<byte>(fields[6], new byte[] { 0, 255 }.AsMemory());
            await group.WriteAsync<short>(fields[7], new short?[] { -300, 300 }.AsMemory());
        }
        var table = ParquetTable.Read(At("d.parquet"));
        Assert.All(table.Columns, column => Assert.Equal(ColumnKind.Number, column.Kind));
        Assert.Equal([int.MinValue, 7], table.Numbers("int"));
        Assert.Equal([double.NaN, 1L << 40], table.Numbers("long"));
        Assert.Equal([1, 0], table.Numbers("bool"));
        Assert.Equal([0.5, double.NaN], table.Numbers("float"));
        Assert.Equal([1.25, -3], table.Numbers("decimal"));
        Assert.Equal([(time - DateTime.UnixEpoch).TotalSeconds, 0], table.Numbers("time"));
        Assert.Equal([0, 255], table.Numbers("byte"));
        Assert.Equal([-300, 300], table.Numbers("short"));
        var kinds = new Dictionary<string, ColumnKind> { ["byte"] = ColumnKind.Category };
        Assert.Equal(["0", "255"],
            ParquetTable.Read(At("d.parquet"), new ParquetTableOptions { Kinds = kinds }).Texts("byte").AsEnumerable());
    }

    [Fact]
    public async Task Lists_are_refused_by_name_unless_other_columns_are_chosen()
    {
        await using (var stream = File.Create(At("e.parquet")))
        {
            var list = new DataField<int>("item", nullable: false);
            var plain = new DataField<int>("plain", nullable: false);
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(new ListField("points", list), plain), stream);
            using var group = writer.CreateRowGroup();
            int[] levels = [.. Enumerable.Repeat(list.MaxDefinitionLevel, 3)], starts = [0, 1, 0];
            await group.WriteAllPartsAsync<int>(
                list, new[] { 1, 2, 3 }.AsMemory(), new ReadOnlyMemory<int>(levels), new ReadOnlyMemory<int>(starts),
                    CancellationToken.None);
            await group.WriteAsync<int>(plain, new[] { 5, 6 }.AsMemory());
        }
        var e = Assert.Throws<DataFormatException>(() => ParquetTable.Read(At("e.parquet")));
        Assert.Contains("column 'points' is a List", e.Message, StringComparison.Ordinal);
        Assert.Equal([5.0, 6], ParquetTable.Read(At("e.parquet"), "plain").Numbers("plain"));
    }

    [Fact]
    public void Limits_hold_before_anything_is_read()
    {
        ParquetTable.Write(At("f.parquet"), Small(1000), rowsPerGroup: 100);
        Refused(new() { Limits = new() { MaxUnpackedBytes = 20_000 } }, "MaxUnpackedBytes");
        Refused(new() { Limits = new() { MaxColumns = 3 } }, "MaxColumns");
        Refused(new() { MostCategories = 10 }, "note");
        Refused(new() { Kinds = new Dictionary<string, ColumnKind> { ["note"] = ColumnKind.Number } }, "texts, not numbers");
        var options = new ParquetTableOptions
        {
            Limits = new() { MaxUnpackedBytes = 20_000 }, Kinds = new Dictionary<string, ColumnKind> { ["note"] = ColumnKind.Ignore },
        };
        Assert.Equal(10, ParquetTable.ReadGroups(At("f.parquet"), options).Count());

        void Refused(ParquetTableOptions options, string says)
            => Assert.Contains(
                says, Assert.Throws<DataFormatException>(() => ParquetTable.Read(At("f.parquet"), options)).Message,
                    StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        ParquetTable.Write(At("g.parquet"), Small(50), rowsPerGroup: 20);
        byte[] good = File.ReadAllBytes(At("g.parquet"));
        var random = new System.Random(9);
        var limits = new ParquetTableOptions { Limits = new() { MaxUnpackedBytes = 1 << 20 } };
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] file = [.. good];
            int from = i % 2 == 0 ? 0 : good.Length - 400;
            for (int k = random.Next(1, 5); k > 0; k--) file[random.Next(from, file.Length)] = (byte)random.Next(256);
            if (i % 10 == 0) file = file[..random.Next(file.Length)];
            File.WriteAllBytes(At("bad.parquet"), file);
            try
            {
                _ = ParquetTable.Read(At("bad.parquet"), limits);
            }
            catch (DataFormatException e)
            {
                refused++;
                Assert.StartsWith(At("bad.parquet"), e.Message, StringComparison.Ordinal);
            }
        }
        Assert.InRange(refused, 200, 999);
        File.WriteAllText(At("text.parquet"), "PAR1 this is none");
        Assert.Throws<DataFormatException>(() => ParquetTable.Read(At("text.parquet")));
        File.WriteAllText(At("text.parquet"), "");
        Assert.Throws<DataFormatException>(() => ParquetTable.Read(At("text.parquet")));
        Assert.Throws<FileNotFoundException>(() => ParquetTable.Read(At("none.parquet")));
    }
}
