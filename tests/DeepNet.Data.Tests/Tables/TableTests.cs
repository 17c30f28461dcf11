namespace DeepNet.Data.Tests.Tables;

public class TableTests
{
    [Fact]
    public void A_table_is_made_of_columns_in_memory()
    {
        var table = new Table([
            TableColumn.Of("size", [1.0, double.NaN, 3]), TableColumn.Of("colour", ["red", "blue", null]),
            TableColumn.Of("note", ["a", "b", "c"], ColumnKind.Ignore),
        ], "made");
        Assert.Equal(3, table.Count);
        Assert.Equal([1, double.NaN, 3], table.Numbers("size"));
        Assert.Equal([null, "red"], table.Rows(2, 0).Texts("colour").AsEnumerable());
        var encoder = TableEncoder.Fit(table, new() { Missing = MissingRule.Mean, Standardize = false });
        Assert.Equal(["size", "colour=blue", "colour=red"], encoder.FeatureNames);
        Assert.Equal([1f, 0, 1, 2, 1, 0, 3, 1, 0], encoder.Encode(table).X.ToArray());
        var e = Assert.Throws<DataFormatException>(() => TableEncoder.Fit(table).Encode(table));
        Assert.Equal(("made", 2, 1), (e.Path, e.Line, e.Column));
    }

    [Fact]
    public void Columns_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Table([TableColumn.Of("a", [1.0]), TableColumn.Of("a", [2.0])]));
        Assert.Throws<ArgumentException>(() => new Table([TableColumn.Of("a", [1.0]), TableColumn.Of("b", [2.0, 3])]));
        Assert.Throws<ArgumentException>(() => TableColumn.Of("a", ["1"], ColumnKind.Number));
        var table = new Table([TableColumn.Of("a", [1.0]), TableColumn.Of("b", ["x"])]);
        Assert.Throws<ArgumentException>(() => table.Numbers("b"));
        Assert.Throws<ArgumentException>(() => table.Texts("a"));
        Assert.Throws<ArgumentException>(() => table.Numbers("c"));
    }
}
