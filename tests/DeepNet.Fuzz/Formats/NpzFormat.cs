using System.IO.Compression;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>NumPy's archives: packed and plain, with entries that are damaged, and such as unpack to much.</summary>
public sealed class NpzFormat : Format
{
    private const long MostUnpacked = 4 << 20;

    private readonly NpyFormat arrays = new();

    public override string Name => "npz";

    public override Bound Managed => new(100, 24 << 20);

    public override Bound Tensors => new(16, 12 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds()
    {
        var seeds = arrays.Seeds();
        return [Zip(CompressionLevel.NoCompression, seeds[0], seeds[1]), Zip(CompressionLevel.Optimal, seeds[2], seeds[3]),
            Zip(CompressionLevel.Optimal)];
    }

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(6) switch
    {
        0 or 1 => ByteMutation.Mutate(seed, chance),
        2 => ByteMutation.Truncate(seed, chance),
        3 when chance.OneIn(5) => Zip(CompressionLevel.Optimal, new byte[chance.Next(1 << 20, 16 << 20)]),
        _ => Zip(chance.OneIn(2) ? CompressionLevel.Optimal : CompressionLevel.NoCompression,
            [.. Enumerable.Range(0, chance.Next(4)).Select(_ => chance.Pick(arrays.Seeds()))
                .Select(seed => chance.OneIn(2) ? seed : arrays.Mutate(seed, chance))]),
    };

    public override void Read(string path)
    {
        foreach (var (_, tensor) in NpzFile.Load(path, new DataLimits { MaxUnpackedBytes = MostUnpacked }))
            Require(tensor.Count * (long)tensor.DType.Size() <= 8 * MostUnpacked, "an array is larger than the limit");
    }

    private static byte[] Zip(CompressionLevel level, params byte[][] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            for (int i = 0; i < entries.Length; i++)
            {
                var entry = zip.CreateEntry($"arr_{i}.npy", level);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var contents = entry.Open();
                contents.Write(entries[i]);
            }
        return stream.ToArray();
    }
}
