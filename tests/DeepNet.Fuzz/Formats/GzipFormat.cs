using System.Buffers.Binary;
using System.IO.Compression;
using DeepNet.Data;
using DeepNet.Data.Images;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>Compressed arrays: damaged members, headers with optional fields, several members, members in members, and bombs.</summary>
public sealed class GzipFormat : IdxFormat
{
    private const int HeaderBytes = 10, TrailerBytes = 8, BombBytes = 4 << 20;

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20 };
    private static readonly byte[] Bomb = Pack([0, 0, 8, 1, 0, 0x40, 0, 0, .. new byte[BombBytes]]),
        Fits = Pack([0, 0, 8, 1, 0, 0x0F, 0, 0, .. new byte[0x0F0000]]);

    public override string Name => "gzip";

    // What is unpacked is limited to 1 MiB, which is read into a growing buffer and widened.
    public override Bound Managed => new(16, 24 << 20);

    public override Bound Tensors => new(0, 16 << 20);

    public override IReadOnlyList<byte[]> Seeds() => [.. base.Seeds().Select(Pack), Fits];

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        byte[] inner = chance.OneIn(3) ? Made(chance) : Array(8, [3, 4, 5], new byte[60]), file = Pack(inner);
        if (file.Length <= HeaderBytes + TrailerBytes) return file;      // nothing at all is packed as nothing
        switch (chance.Next(9))
        {
            case 0: return ByteMutation.Truncate(seed, chance);
            case 1: return chance.OneIn(20) ? Bomb : file;
            case 2: return Pack(file);
            case 3: return [.. file, .. chance.OneIn(2) ? Pack(chance.Bytes(chance.Next(20))) : chance.Bytes(chance.Next(1, 20))];
            case 4: return Fields(file, chance);
            case 5: return ByteMutation.Splice(file, seed, chance);
            case 6:
                // The checksum is that of what does not come out.
                BinaryPrimitives.WriteInt32LittleEndian(
                    file.AsSpan(file.Length - TrailerBytes + 4 * chance.Next(2)), unchecked((int)chance.Odd()));
                return file;
            case 7:
                file[HeaderBytes + chance.Next(file.Length - HeaderBytes - TrailerBytes)] ^= (byte)(1 << chance.Next(8));
                return file;
            default: return ByteMutation.Mutate(seed, chance);
        }
    }

    public override void Read(string path)
    {
        var tensor = Idx.Load(path, Limits);
        Require((long)tensor.Count <= Limits.MaxUnpackedBytes, "more was unpacked than the limit");
    }

    public static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    // The optional fields of the header, by its flags: text, header checksum, extra, name, comment.
    private static byte[] Fields(byte[] file, Chance chance)
    {
        byte flags = (byte)chance.Next(64);
        byte[] fields = [];
        if ((flags & 4) != 0)
            fields = [(byte)chance.Next(256), (byte)(chance.OneIn(4) ? chance.Next(256) : 0), .. chance.Bytes(chance.Next(256))];
        if ((flags & 8) != 0) fields = [.. fields, .. "name\u001b"u8, (byte)(chance.OneIn(3) ? 1 : 0)];
        byte[] header = file[..HeaderBytes];
        header[3] = flags;
        if (chance.OneIn(5)) header[2] = (byte)chance.Next(256);
        return [.. header, .. fields, .. file[HeaderBytes..]];
    }
}
