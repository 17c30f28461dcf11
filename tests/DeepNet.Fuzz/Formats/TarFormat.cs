using System.Formats.Tar;
using System.Text;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>
/// CIFAR-10's archive: fields of its headers with repaired checksums, extended headers, entries twice, odd names, plain and compressed.
/// </summary>
public sealed class TarFormat : Format
{
    private const int BlockBytes = 512, RecordBytes = 3073;
    private const string Wanted = "cifar-10-batches-bin/test_batch.bin";

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20 };
    private static readonly string[] Sizes = ["", "0", "00000006001", "07777777777", "77777777777", "777777777777", "-1", "9", "0x10",
        "  6001 ", "\u0080\0\0\0\0\0\0\0\0\0\u0006\u0001", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"];
    private static readonly byte[] Bomb = GzipFormat.Pack([.. Header("other", '0', "00200000000"), .. new byte[8 << 20]]);

    public override string Name => "tar";

    public override string FileName => "cifar-10-binary.tar.gz";

    public override Bound Managed => new(8, 6 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds()
        => [Written(TarEntryFormat.Ustar), Written(TarEntryFormat.Pax), Written(TarEntryFormat.Gnu),
            GzipFormat.Pack(Written(TarEntryFormat.Pax))];

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        byte[] tar = chance.Next(10) switch
        {
            0 => ByteMutation.Mutate(seed, chance),
            1 => ByteMutation.Truncate(seed, chance),
            2 => ByteMutation.Splice(seed, seed, chance),
            3 when chance.OneIn(20) => Bomb,
            _ => Made(chance),
        };
        return chance.OneIn(4) ? GzipFormat.Pack(tar) : tar;
    }

    public override void Read(string path)
    {
        var data = Cifar10.Load(Path.GetDirectoryName(path)!, train: false, Limits);
        for (int i = 0; i < data.Count; i++)
            Require(data.Labels[i] is >= 0 and < 10 && data.Image(i).Length == RecordBytes - 1, "an image is not one of CIFAR-10");
    }

    private static byte[] Made(Chance chance)
    {
        var tar = new List<byte>();
        for (int entries = chance.Next(1, 5); entries > 0; entries--)
        {
            byte[] contents = chance.OneIn(2) ? new byte[RecordBytes * chance.Next(3)] : chance.Bytes(chance.Next(700));
            string name = chance.Next(3) switch { 0 => Names.Any(chance), 1 => "cifar-10-batches-bin/", _ => Wanted };
            char type = chance.OneIn(2) ? '0' : chance.Pick("0\05xgLK127SDVMX\u00ff".ToCharArray());
            string size = chance.OneIn(3) ? chance.Pick(Sizes) : Convert.ToString(contents.Length, 8).PadLeft(11, '0');
            byte[] header = Header(name, type, size);
            if (chance.OneIn(8)) header = ByteMutation.Mutate(header, chance);
            tar.AddRange(header);
            tar.AddRange(contents);
            if (!chance.OneIn(10)) tar.AddRange(new byte[(BlockBytes - contents.Length % BlockBytes) % BlockBytes]);
        }
        return [.. tar, .. new byte[chance.Next(3) * BlockBytes]];
    }

    private static byte[] Header(string name, char type, string size)
    {
        byte[] header = new byte[BlockBytes], bytes = Encoding.UTF8.GetBytes(name);
        bytes.AsSpan(0, Math.Min(bytes.Length, 100)).CopyTo(header);
        Encoding.Latin1.GetBytes(size, header.AsSpan(124));
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0')}\0 ", header.AsSpan(148));
        return header;
    }

    private static byte[] Written(TarEntryFormat format)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, Wanted),
                TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, Wanted),
                _ => new GnuTarEntry(TarEntryType.RegularFile, Wanted),
            };
            entry.DataStream = new MemoryStream(new byte[RecordBytes * 2]);
            entry.ModificationTime = DateTimeOffset.UnixEpoch;        // the same bytes on every day
            tar.WriteEntry(entry);
        }
        return stream.ToArray();
    }
}
