using System.Buffers.Binary;
using System.IO.Compression;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>EMNIST's archive: fields of its headers, entries twice, entries with odd names, and bombs.</summary>
public sealed class ZipFormat : Format
{
    private const string Images = "gzip/emnist-digits-test-images-idx3-ubyte.gz", Labels = "gzip/emnist-digits-test-labels-idx1-ubyte.gz";

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20 };
    private static readonly byte[] Pixels = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        Digits = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9];

    // The three kinds of headers, and the offsets and sizes of their fields.
    private static readonly (uint Signature, (int At, int Bytes)[] Fields)[] Headers =
    [
        (0x04034B50, [(4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)]),
        (0x02014B50, [(4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (34, 2), (38, 4), (42, 4)]),
        (0x06054B50, [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)]),
    ];

    private static readonly byte[] Bomb = Pack((Images, GzipFormat.Pack(new byte[8 << 20])), (Labels, GzipFormat.Pack(Digits)));

    public override string Name => "zip";

    public override string FileName => "gzip.zip";

    // A directory of n bytes has n / 46 entries, each of a few objects; what is unpacked is limited to 1 MiB, twice, and read into growing
    // buffers.
    public override Bound Managed => new(100, 10 << 20);

    public override Bound Tensors => new(0, 4 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Pack((Images, GzipFormat.Pack(Pixels)), (Labels, GzipFormat.Pack(Digits))),
        Pack((Images, Pixels), (Labels, Digits)),
    ];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(10) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        2 => ByteMutation.Splice(seed, seed, chance),
        3 => chance.OneIn(10) ? Bomb : Made(chance),
        4 => Made(chance),
        < 8 => ZipByHand.Write([(Images, GzipFormat.Pack(Pixels)), (Labels, GzipFormat.Pack(Digits))], chance),
        _ => Fields(seed, chance),
    };

    public override void Read(string path)
    {
        var data = Mnist.Load(Path.GetDirectoryName(path)!, train: false, MnistKind.EmnistDigits, Limits);
        Require(data.Count == data.Labels.Count, "there are not as many labels as images");
        for (int i = 0; i < data.Count; i++)
            Require(data.Image(i).Length == data.Channels * data.Height * data.Width, "an image is not of its size");
    }

    private static byte[] Made(Chance chance)
    {
        var entries = new List<(string, byte[])> { (Images, GzipFormat.Pack(Pixels)), (Labels, GzipFormat.Pack(Digits)) };
        for (int i = chance.Next(4); i > 0; i--)
            entries.Insert(
                chance.Next(entries.Count),
                (chance.OneIn(2) ? Names.Any(chance) : chance.OneIn(2) ? Images : Labels, chance.Bytes(chance.Next(40))));
        if (chance.OneIn(20)) entries.AddRange(Enumerable.Range(0, 1000).Select(i => ($"{i}", System.Array.Empty<byte>())));
        return chance.OneIn(2) ? Pack([.. entries]) : Fields(Pack([.. entries]), chance);
    }

    private static byte[] Fields(byte[] zip, Chance chance)
    {
        byte[] file = [.. zip];
        for (int times = chance.Next(1, 4); times > 0; times--)
        {
            var (signature, fields) = chance.Pick(Headers);
            byte[] mark = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(mark, signature);
            int at = file.AsSpan().IndexOf(mark), next = at < 0 ? -1 : file.AsSpan(at + 4).IndexOf(mark);
            if (next >= 0 && chance.OneIn(2)) at += 4 + next;
            if (at < 0) continue;
            var (field, bytes) = chance.Pick(fields);
            if (at + field + bytes > file.Length) continue;
            if (bytes == 2) BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at + field), unchecked((short)chance.Odd()));
            else BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + field), unchecked((int)chance.Odd()));
        }
        return file;
    }

    private static byte[] Pack(params ReadOnlySpan<(string Name, byte[] Contents)> entries)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, contents) in entries)
            {
                using var stream = zip.CreateEntry(name.Length == 0 ? "x" : name).Open();
                stream.Write(contents);
            }
        return packed.ToArray();
    }
}
