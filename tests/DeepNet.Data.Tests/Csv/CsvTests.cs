using System.Text;

namespace DeepNet.Data.Tests.Csv;

public sealed class CsvTests : IDisposable
{
    private const string Good = "age,colour,note,price\n10,red,\"a, b\",1.5\n20,blue,\"c \"\"d\"\"\",2.5\n30,red,e,3.5\n40,green,f,-4e1\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CsvTable Read(string text, CsvOptions? options = null) => CsvTable.Read(folder.Write("table.csv", text), options);

    private static CsvOptions Ignoring(string name) => new() { Kinds = new Dictionary<string, ColumnKind> { [name] = ColumnKind.Ignore } };

    [Fact]
    public void Kinds_are_found_out()
    {
        var table = Read(Good);
        Assert.Equal(4, table.Count);
        Assert.Equal([ColumnKind.Number, ColumnKind.Category, ColumnKind.Category, ColumnKind.Number], table.Columns.Select(c => c.Kind));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void Separators_are_found_out_and_given(char separator)
    {
        string text = $"a{separator}b\n1{separator}2\n";
        Assert.Equal(["a", "b"], Read(text).Columns.Select(c => c.Name));
        Assert.Equal(["a", "b"], Read(text, new CsvOptions { Separator = separator }).Columns.Select(c => c.Name));
    }

    [Fact]
    public void Files_without_header_with_a_mark_and_in_utf16_are_read()
    {
        Assert.Equal(["c1", "c2"], Read("1,2\n3,4\n", new CsvOptions { HasHeader = false }).Columns.Select(c => c.Name));
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal(
                ["größe", "b"],
                CsvTable.Read(
                    folder.Write("e.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes("größe,b\n1,2\n")])).Columns.Select(c
                        => c.Name));
    }

    [Fact]
    public void One_hot_and_numbers_make_inputs()
    {
        var data = Read(Good, Ignoring("note")).ToDataset("price", new() { Standardize = false });
        Assert.Equal([10, 0, 0, 1, 20, 1, 0, 0, 30, 0, 0, 1, 40, 0, 1, 0], data.X.ToArray());
        Assert.Equal(new Shape(4, 1), data.Y.Shape);
        Assert.Equal([1.5f, 2.5f, 3.5f, -40], data.Y.ToArray());
        var encoder = TableEncoder.Fit(Read(Good, Ignoring("note")), new() { Target = "price" });
        Assert.Equal(["age", "colour=blue", "colour=green", "colour=red"], encoder.FeatureNames);
        var ordinal = Read(Good, Ignoring("note")).ToDataset("price", new() { Standardize = false, Categories = CategoryCode.Ordinal });
        Assert.Equal([10, 2, 20, 0, 30, 2, 40, 1], ordinal.X.ToArray());
    }

    [Fact]
    public void Categories_to_predict_are_labels()
    {
        var table = Read(
            "x,digit,kind\n1,10,b\n2,2,a\n3,2,b\n", new()
            {
                Kinds = new Dictionary<string, ColumnKind> { ["digit"] = ColumnKind.Category },
            });
        var encoder = TableEncoder.Fit(table, new() { Target = "kind" });
        var data = encoder.Encode(table);
        Assert.Equal(["a", "b"], encoder.Classes);
        Assert.Equal(["x", "digit=2", "digit=10"], encoder.FeatureNames);
        Assert.Equal(DType.Int64, data.Y.DType);
        Assert.Equal([1, 0, 1], data.Labels);
    }

    [Fact]
    public void What_is_learnt_comes_from_the_training_part_only()
    {
        var table = Read("x,y\n1,1\n3,2\n,3\n1000,4\n");
        var train = table.Rows(0, 1, 2);
        var encoder = TableEncoder.Fit(train, new() { Target = "y", Missing = MissingRule.Mean, StandardizeTarget = true });
        Assert.Equal([-1, 1, 0], encoder.Encode(train).X.ToArray());
        Assert.Equal([998], encoder.Encode(table.Rows(3)).X.ToArray());
        Assert.Equal(4, encoder.UndoTarget(encoder.Encode(table.Rows(3)).Y).Item(), 1e-5);
    }

    [Theory]
    [InlineData(MissingRule.DropRow, new float[] { 1, 2, 9, 2 })]
    [InlineData(MissingRule.Mean, new float[] { 1, 2, 3.5f, 9, 2 })]
    [InlineData(MissingRule.Median, new float[] { 1, 2, 2, 9, 2 })]
    [InlineData(MissingRule.MostFrequent, new float[] { 1, 2, 2, 9, 2 })]
    public void Missing_numbers_follow_the_rule(MissingRule rule, float[] expected)
    {
        var table = Read("x,k\n1,a\n2,a\nNA,b\n9,a\n2,a\n");
        var data = TableEncoder.Fit(table, new() { Missing = rule, Standardize = false }).Encode(table);
        Assert.Equal(expected, data.X[.., 0].ToArray());
    }

    [Fact]
    public void Missing_and_unknown_categories_follow_the_rule()
    {
        var train = Read("k\na\na\nb\n?\n");
        Assert.Equal([1, 0, 1, 0, 0, 1, 1, 0], TableEncoder.Fit(train, new() { Missing = MissingRule.Median }).Encode(train).X.ToArray());
        var error = Assert.Throws<DataFormatException>(() => TableEncoder.Fit(train).Encode(train));
        Assert.Equal((5, 1), (error.Line, error.Column));
        Assert.Contains("MissingRule.DropRow", error.Message, StringComparison.Ordinal);
        var other = CsvTable.Read(folder.Write("other.csv", "k\na\nc\n"));
        error = Assert.Throws<DataFormatException>(() => TableEncoder.Fit(train, new() { Missing = MissingRule.DropRow }).Encode(other));
        Assert.Equal((3, 1), (error.Line, error.Column));
        Assert.Contains("holds 'c'", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [1, 0, 0, 0], TableEncoder.Fit(train,
                new() { Missing = MissingRule.DropRow, UnknownIsError = false }).Encode(other).X.ToArray());
    }

    [Theory]
    [InlineData(1, 1, "", "empty")]
    [InlineData(1, 1, "a,b\n", "no row follows")]
    [InlineData(1, 2, "a,,c\n1,2,3\n", "no name")]
    [InlineData(1, 3, "a,b,a\n1,2,3\n", "called 'a' already, column 1")]
    [InlineData(1, 1, "1,2\n3,4\n", "HasHeader = false")]
    [InlineData(3, 3, "a,b\n1,2\n1,2,3\n", "3 cells, and there are 2 columns")]
    [InlineData(4, 2, "a,b\n1,2\n\n1\n", "1 cells")]
    [InlineData(3, 2, "a,b\n1,2\n3,\"4\n5,6\n", "never closed")]
    [InlineData(2, 1, "a,b\n\"1\"2,3\n", "after the closing quote")]
    [InlineData(2, 2, "a,b\n1,2\"3\n", "quote inside")]
    [InlineData(
        5, 1, "a,b\n1,\"x\ny\"\n2,z\nnan?,z\n3,x\n4,x\n5,x\n6,x\n7,x\n8,x\n9,x\n10,x\n",
        "holds 'nan?', and 10 of its 11 values are numbers")]
    [InlineData(2, 2, "a,b\n1,\n2,\n", "no value in any row")]
    public void Mistakes_are_reported_with_file_line_and_column(int line, int column, string text, string expected)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.Equal((folder.File("table.csv"), line, column), (error.Path, error.Line, error.Column));
        Assert.StartsWith($"{error.Path}({line},{column}): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_kinds_are_held_to()
    {
        var numbers = new CsvOptions { Kinds = new Dictionary<string, ColumnKind> { ["b"] = ColumnKind.Number }, DecimalMark = '.' };
        foreach (string bad in new[] { "x", "1e999", "1,5", "0x10" })
        {
            var error = Assert.Throws<DataFormatException>(() => Read($"a;b\n1;2\n1;{bad}\n", numbers));
            Assert.Equal((3, 2), (error.Line, error.Column));
        }
        Assert.Contains(
            "It has a, b", Assert.Throws<ArgumentException>(() => Read("a,b\n1,2\n", Ignoring("c"))).Message, StringComparison.Ordinal);
        Assert.Contains("'c'", Assert.Throws<ArgumentException>(() => Read("a,b\n1,2\n").ToDataset("c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_not_taken_for_categories()
    {
        string text = "name,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"person {i},{i}\n"));
        Assert.Contains("200 different texts", Assert.Throws<DataFormatException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_reported()
    {
        var error = Assert.Throws<DataFormatException>(() => CsvTable.Read(
            folder.Write("l.csv", [.. Encoding.UTF8.GetBytes("a,b\n1,ä\n2,gr"), .. Encoding.Latin1.GetBytes("öße\n")])));
        Assert.Equal((3, 2), (error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever becomes of a file, it is read or refused with a place in it.</summary>
    [Fact]
    public void Hundreds_of_damaged_files_are_refused_with_a_place_or_read()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        int refused = 0, tried = 0;
        void Try(byte[] bytes)
        {
            tried++;
            string path = folder.Write("damaged.csv", bytes);
            int lines = bytes.Count(b => b is (byte)'\n' or (byte)'\r') + 1;
            try
            {
                var table = CsvTable.Read(path);
                TableEncoder.Fit(table).Encode(table);
            }
            catch (DataFormatException e)
            {
                refused++;
                Assert.InRange(e.Line!.Value, 1, lines);
                Assert.InRange(e.Column!.Value, 1, bytes.Length + 1);
                Assert.StartsWith($"{path}({e.Line},{e.Column}): ", e.Message, StringComparison.Ordinal);
            }
        }
        for (int cut = 0; cut < good.Length; cut++) Try(good[..cut]);
        foreach (byte replacement in "\",\n\r\0x\u007f"u8.ToArray().Append((byte)0xFF))
            for (int at = 0; at < good.Length; at++)
            {
                byte[] changed = [.. good];
                changed[at] = replacement;
                Try(changed);
            }
        for (int at = 0; at < good.Length; at++) Try([.. good[..at], .. good[(at + 1)..]]);
        Assert.InRange(tried, 800, int.MaxValue);
        Assert.InRange(refused, 300, tried);
    }
}
