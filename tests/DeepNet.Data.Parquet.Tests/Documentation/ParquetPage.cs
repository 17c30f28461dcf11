namespace DeepNet.Data.ParquetTests.Documentation;

/// <summary>The script of docs/data.md about Parquet files, which is compiled here and run.</summary>
public class ParquetPage
{
    [Fact]
    public void Tables_go_both_ways()
    {
        string path = Path.GetTempFileName();
        try
        {
            // docs: Parquet
            var made = new Table([
                TableColumn.Of("area", [51.5, 70, 102]),
                TableColumn.Of("kind", ["flat", null, "house"]),
                TableColumn.Of("price", [1.0, 2, 3]),
            ]);
            ParquetTable.Write(path, made);
            var some = ParquetTable.Read(path, "area", "price");
            int rows = ParquetTable.ReadGroups(path).Sum(group => group.Count);
            // docs: end
            Assert.Equal(made.Numbers("area"), some.Numbers("area"));
            Assert.Equal(3, rows);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
