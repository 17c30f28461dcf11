namespace DeepNet.Data.Tests.Csv;

/// <summary>Numbers as they are written elsewhere are read or refused, and never become categories without a word.</summary>
public sealed class CsvNotationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CsvTable Read(string text, CsvOptions? options = null) => CsvTable.Read(folder.Write("table.csv", text), options);

    private static float[] Values(Table table) => TableEncoder.Fit(table, new() { Standardize = false }).Encode(table).X.ToArray();

    [Theory]
    [InlineData("a;b\n1,5;2,25\n-3,0;4e1\n", ';')]
    [InlineData("a\tb\n1,5\t2,25\n-3,0\t4e1\n", '\t')]
    [InlineData("a,b\n\"1,5\",\"2,25\"\n\"-3,0\",4e1\n", ',')]
    public void Decimal_commas_are_found_out(string text, char separator)
    {
        var table = Read(text);
        Assert.Equal((separator, ','), (table.Separator, table.DecimalMark));
        Assert.All(table.Columns, column => Assert.Equal(ColumnKind.Number, column.Kind));
        Assert.Equal([1.5f, 2.25f, -3, 40], Values(table));
        Assert.Contains("decimal mark ','", table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comma_that_may_separate_thousands_is_asked_about()
    {
        const string Text = "a;b\n1,234;x\n5,678;y\n";
        var error = Assert.Throws<DataFormatException>(() => Read(Text));
        Assert.Equal((2, 1), (error.Line, error.Column));
        Assert.Contains("'1,234', a number in another notation", error.Message, StringComparison.Ordinal);
        Assert.Contains("DecimalMark = ','", error.Message, StringComparison.Ordinal);
        Assert.Equal(ColumnKind.Number, Read(Text, new() { DecimalMark = ',' }).Columns[0].Kind);
        Assert.Equal(
            [1.234f, 0, 1, 5.678f, 1, 0], Values(Read(Text.Replace("x", "z", StringComparison.Ordinal), new() { DecimalMark = ',' })));
        // One other cell shows that it is a decimal comma.
        Assert.Equal([1.234f, 0.5f], Values(Read("a;b\n1,234;0,5\n")));
    }

    [Theory]
    [InlineData("a;b\n1,5;2.5\n3,5;4.5\n", 2, 1, "'1,5'")]          // two notations in one file
    [InlineData("a;b\n1.234,5;x\n2,5;y\n", 2, 1, "'1.234,5'")]
    [InlineData("a,b\n12 %,x\n", 2, 1, "'12 %'")]
    [InlineData("a,b\n$5,x\n", 2, 1, "'$5'")]
    [InlineData("a;b\n1 000;x\n", 2, 1, "'1 000'")]
    public void Other_notations_are_refused_with_their_place(string text, int line, int column, string cell)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains($"holds {cell}", error.Message, StringComparison.Ordinal);
        Assert.Contains("DecimalMark", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ColumnKind.Category,
            Read(text, new() { Kinds = new Dictionary<string, ColumnKind> { ["a"] = ColumnKind.Category } }).Columns[0].Kind);
    }

    [Theory]
    [InlineData("a\n1\nx\n", 3, "holds 'x', and 1 of its 2 values")]
    [InlineData("a\nx\ny\nz\n1\n", 2, "holds 'x', and 1 of its 4 values")]
    [InlineData("a\n1\n2\n3\n4\nabc\n", 6, "holds 'abc', and 4 of its 5 values")]
    public void One_stray_word_among_numbers_is_reported(string text, int line, string expected)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(text));
        Assert.Equal((line, 1), (error.Line, error.Column));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ColumnKind.Category,
            Read(text, new() { Kinds = new Dictionary<string, ColumnKind> { ["a"] = ColumnKind.Category } }).Columns[0].Kind);
    }

    [Fact]
    public void A_point_stays_a_point_where_texts_have_commas()
    {
        var table = Read("a;b\n1.5;\"x, y\"\n2.5;z\n");
        Assert.Equal('.', table.DecimalMark);
        Assert.Equal([ColumnKind.Number, ColumnKind.Category], table.Columns.Select(column => column.Kind));
        // Columns of given kinds say nothing about the notation.
        Assert.Equal(
            '.', Read("a;b\n1;1,5\n", new() { Kinds = new Dictionary<string, ColumnKind> { ["b"] = ColumnKind.Category } }).DecimalMark);
    }

    [Fact]
    public void Very_wide_tables_are_read_in_linear_time_up_to_the_limit()
    {
        const int Columns = 50_000;
        string text = string.Join(',', Enumerable.Range(0, Columns).Select(i => $"c{i}")) + "\n"
            + string.Join(',', Enumerable.Repeat("1", Columns)) + "\n";
        var table = Read(text);
        Assert.Equal(Columns, TableEncoder.Fit(table, new() { Standardize = false }).Encode(table).X.Count);
        var error = Assert.Throws<DataFormatException>(() => Read(text, new() { Limits = new DataLimits { MaxColumns = 100 } }));
        Assert.Equal((1, 101), (error.Line, error.Column));
        Assert.Contains("DataLimits.MaxColumns is 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_do_not_reach_the_terminal_as_commands()
    {
        var table = Read("a\u001b[31mb,c\u202ed\n1,x\n");
        Assert.Equal("a\u001b[31mb", table.Columns[0].Name);
        Assert.Equal("CsvTable(1 rows of a?[31mb (Number), c?d (Category))", table.ToString());
        var error = Assert.Throws<ArgumentException>(() => table.ToDataset("price"));
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.DoesNotContain('\u001b', TableEncoder.Fit(table).ToString());
        Assert.DoesNotContain('\u001b', Assert.Throws<DataFormatException>(() => Read("a\u001b[31m\n1\n\u001b]0;x\u0007\n")).Message);
    }
}
