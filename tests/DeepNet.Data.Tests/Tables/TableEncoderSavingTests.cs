namespace DeepNet.Data.Tests.Tables;

public sealed class TableEncoderSavingTests : IDisposable
{
    private const string Train = "age,colour,kind,price\n10.1,red,2,1.5\n,blue,10,2.5\n30.7,,2,3.5\n40,grün\t,x,-4e1\n";
    private const string Later = "age,colour,kind,price\n11,blue,x,\n,,2,7\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private CsvTable Read(string text)
        => CsvTable.Read(
            folder.Write("table.csv", text), new() { Kinds = new Dictionary<string, ColumnKind> { ["kind"] = ColumnKind.Category } });

    public static TheoryData<string?, MissingRule, CategoryCode, bool> Settings() => new()
    {
        { null, MissingRule.Mean, CategoryCode.OneHot, true },
        { "price", MissingRule.Median, CategoryCode.Ordinal, true },
        { "kind", MissingRule.MostFrequent, CategoryCode.OneHot, false },
        { "kind", MissingRule.DropRow, CategoryCode.Ordinal, false },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_was_saved_encodes_the_same(string? target, MissingRule missing, CategoryCode categories, bool standardize)
    {
        var encoder = TableEncoder.Fit(
            Read(Train), new()
            {
                Target = target, Missing = missing, Categories = categories, Standardize = standardize,
                StandardizeTarget = target == "price", UnknownIsError = false,
            });
        string path = folder.File("encoder.json");
        encoder.Save(path);
        var loaded = TableEncoder.Load(path);
        Assert.Equal(encoder.FeatureNames, loaded.FeatureNames);
        Assert.Equal(encoder.Classes, loaded.Classes);
        Assert.Equal(encoder.ToString(), loaded.ToString());
        var table = target == "price" ? Read(Later.Replace("x,\n", "x,5\n", StringComparison.Ordinal)) : Read(Later);
        var (expected, actual) = (encoder.Encode(table), loaded.Encode(table));
        Assert.Equal(expected.X.ToArray(), actual.X.ToArray());
        if (target is not null) Assert.Equal(expected.Y.To(DType.Float64).ToArray<double>(), actual.Y.To(DType.Float64).ToArray<double>());
        if (target == "price") Assert.Equal(encoder.UndoTarget(expected.Y).ToArray(), loaded.UndoTarget(actual.Y).ToArray());
        loaded.Save(folder.File("again.json"));
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(folder.File("again.json")));
    }

    [Fact]
    public void A_damaged_file_is_an_error_that_names_it()
    {
        string path = folder.File("encoder.json");
        TableEncoder.Fit(Read(Train), new() { Target = "price", Missing = MissingRule.Mean }).Save(path);
        string whole = File.ReadAllText(path);
        for (int cut = 0; cut < whole.Length - 1; cut += 7)
        {
            File.WriteAllText(path, whole[..cut]);
            Assert.Contains(
                "encoder.json", Assert.Throws<DataFormatException>(() => TableEncoder.Load(path)).Message, StringComparison.Ordinal);
        }
        foreach (var (good, bad, says) in new[]
        {
            ("DeepNet CSV", "Other", "format"), ("\"version\": 1", "\"version\": 2", "version 2"), ("\"Mean\"", "\"Meen\"", "Meen"),
                ("\"std\": ", "\"std\": -", "not positive"),
            ("\"red\"", "\"blue\"", "twice"), ("\"name\"", "\"nam\"", "not what TableEncoder.Save wrote"),
                ("\"standardize\": true", "\"standardize\": 7", "not what TableEncoder.Save wrote"),
            ("\"Mean\"", "\"77\"", "'77' is no MissingRule"), ("\"fill\": \"2\"", "\"fill\": \"3\"", "none of its categories"),
        })
        {
            Assert.Contains(good, whole, StringComparison.Ordinal);
            File.WriteAllText(path, whole.Replace(good, bad, StringComparison.Ordinal));
            Assert.Contains(says, Assert.Throws<DataFormatException>(() => TableEncoder.Load(path)).Message, StringComparison.Ordinal);
        }
    }
}
