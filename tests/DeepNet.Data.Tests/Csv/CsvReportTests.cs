using System.Globalization;
using System.Text;

namespace DeepNet.Data.Tests.Csv;

public sealed class CsvReportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CsvTable Read(string text, CsvOptions? options = null) => CsvTable.Read(folder.Write("table.csv", text), options);

    [Fact]
    public void The_report_says_what_was_found_and_why()
    {
        var report = Read("größe;farbe;id\n1,5;rot;1\n;grün;2\nNA;rot;3\n2,25;?;4\n").Report;
        Assert.Equal((';', ',', "utf-8", true, 4), (report.Separator, report.DecimalMark, report.Encoding, report.HasHeader, report.Rows));
        Assert.Equal("as in 1,5", report.DecimalMarkReason);
        Assert.Equal(["größe", "farbe", "id"], report.Columns.Select(column => column.Name));
        Assert.Equal([ColumnKind.Number, ColumnKind.Category, ColumnKind.Number], report.Columns.Select(column => column.Kind));
        Assert.Equal([2, 1, 0], report.Columns.Select(column => column.Missing));
        Assert.Equal(["", "NA"], report.Columns[0].MissingMarks);
        Assert.Equal([2, 2, 4], report.Columns.Select(column => column.Different));
        string[] lines = report.ToString().TrimEnd().Split('\n');
        Assert.EndsWith("table.csv: 4 rows of 3 columns", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  encoding      utf-8 (all bytes are valid)",
                "  separator     ; (found in the first lines)",
                "  decimal mark  , (as in 1,5)",
                "  header        the first line",
                "  größe  Number    2 different (all values are numbers), 2 missing: empty 'NA'",
                "  farbe  Category  2 different (no value is a number), 1 missing: '?'",
                "  id     Number    4 different (all values are numbers)",
            ],
            lines[1..]);
    }

    [Fact]
    public void What_was_given_is_said_to_be_given()
    {
        var report = Read("1|2\n3|4\n",
            new() { Separator = '|', DecimalMark = ',', GroupMark = ' ', HasHeader = false, Encoding = Encoding.UTF8 }).Report;
        string text = report.ToString();
        Assert.Contains("separator     | (given)", text, StringComparison.Ordinal);
        Assert.Contains("decimal mark  , (given), space between thousands", text, StringComparison.Ordinal);
        Assert.Contains("encoding      utf-8 (given)", text, StringComparison.Ordinal);
        Assert.Contains("header        none", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.234,5", 1234.5, '.')]
    [InlineData("-1.234.567", -1234567, '.')]
    [InlineData("+12.345,678", 12345.678, '.')]
    [InlineData("1 234,5", 1234.5, ' ')]
    [InlineData("1\u00a0234", 1234, ' ')]
    [InlineData("1\u202f234,25", 1234.25, ' ')]
    [InlineData("1'234,25", 1234.25, '\'')]
    [InlineData("234,5", 234.5, '.')]
    [InlineData("1.000e2", 100000, '.')]
    public void Groups_of_three_are_read_if_the_mark_is_given(string cell, double value, char mark)
        => Assert.Equal([value], Read($"a\tb\n{cell}\tx\n", new() { DecimalMark = ',', GroupMark = mark }).Numbers("a"));

    [Theory]
    [InlineData("1.23,5")]
    [InlineData("1234.567,5")]
    [InlineData(".234")]
    [InlineData("1.2345")]
    [InlineData("1..234")]
    [InlineData("1.234.")]
    public void Other_groups_are_no_numbers(string cell)
        => Assert.Throws<DataFormatException>(() => Read($"a\tb\n{cell}\tx\n", new() { DecimalMark = ',', GroupMark = '.' }));

    [Fact]
    public void A_culture_gives_the_marks()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        Assert.Equal([1234.5, 2], Read("a\tb\n1.234,5\tx\n2\ty\n", new() { Culture = culture }).Numbers("a"));
        Assert.Equal([1.234], Read("a\tb\n1.234\tx\n", new() { Culture = culture, DecimalMark = '.', GroupMark = ',' }).Numbers("a"));
        Assert.Throws<ArgumentException>(() => Read("a\n1\n", new() { DecimalMark = ',', GroupMark = ',' }));
    }

    [Fact]
    public void Encodings_are_found_out_or_given()
    {
        const string Text = "größe,preis\n1,a €\n2,b €\n";
        byte[] windows = Array.ConvertAll(Text.ToCharArray(), c => c == '€' ? (byte)0x80 : (byte)c);
        var table = CsvTable.Read(folder.Write("w.csv", windows));
        Assert.Equal(("windows-1252", "the bytes are not UTF-8"), (table.Report.Encoding, table.Report.EncodingReason));
        Assert.Equal(["a €", "b €"], table.Texts("preis").AsEnumerable());
        Assert.Equal([1.0, 2], table.Numbers("größe"));
        byte[] utf16 = Encoding.BigEndianUnicode.GetBytes(Text);
        Assert.Equal(["a €", "b €"],
            CsvTable.Read(folder.Write("u.csv", utf16), new() { Encoding = Encoding.BigEndianUnicode }).Texts("preis").AsEnumerable());
        Assert.Equal("utf-16",
            CsvTable.Read(folder.Write("m.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Text)])).Report.Encoding);
    }

    [Fact]
    public void Damaged_UTF_8_is_not_taken_for_another_encoding()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\n1,grün\n2,größe\n");
        var error = Assert.Throws<DataFormatException>(() => CsvTable.Read(folder.Write("d.csv", [.. text[..^4], .. text[^3..]])));
        Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => CsvTable.Read(folder.Write("z.csv", [.. Encoding.ASCII.GetBytes("a,b\n1,"), 0xFF, 0, 1])));
    }
}
