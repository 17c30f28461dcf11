using System.Text;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>The JSON of encoders. What is read has to encode a table or say why not, and to write the same file again.</summary>
public sealed class EncoderFormat : Format
{
    private const string Table = "age,colour,price\n10,red,1.5\n,blue,2.5\n30,,3.5\n40,green,-4e1\n";

    private readonly Lazy<Table> table = new(() => InFile(Encoding.UTF8.GetBytes(Table), path => CsvTable.Read(path)));

    public override string Name => "encoder";

    public override Bound Managed => new(60, 512 << 10);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Saved(new() { Missing = MissingRule.Median, Target = "price", StandardizeTarget = true }),
        Saved(new() { Missing = MissingRule.DropRow, Target = "colour", Categories = CategoryCode.Ordinal }),
        Saved(new() { Missing = MissingRule.MostFrequent, UnknownIsError = false, Standardize = false }),
    ];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(8) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        _ => Encoding.UTF8.GetBytes(JsonMutation.Mutate(Encoding.UTF8.GetString(seed), chance)),
    };

    public override void Read(string path)
    {
        var encoder = TableEncoder.Load(path);
        _ = encoder.ToString();
        try
        {
            var data = encoder.Encode(table.Value);
            Require(data.X.Shape[^1] == encoder.FeatureNames.Count, "there are not as many features as names");
        }
        catch (Exception e) when (e is DataFormatException or ArgumentException { ParamName: null })
        {
            // The encoder is of another table.
        }
        encoder.Save(path);
        string once = File.ReadAllText(path);
        TableEncoder.Load(path).Save(path);
        Require(File.ReadAllText(path) == once, "what was read is written otherwise");
    }

    private byte[] Saved(TableEncoding encoding)
    {
        var encoder = TableEncoder.Fit(table.Value, encoding);
        return InFile([], path =>
        {
            encoder.Save(path);
            return File.ReadAllBytes(path);
        });
    }

    private static T InFile<T>(byte[] contents, Func<string, T> use)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, contents);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
