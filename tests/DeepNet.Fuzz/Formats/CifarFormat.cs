using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>A file of CIFAR-10, plain or compressed.</summary>
public sealed class CifarFormat : Format
{
    private const int RecordBytes = 3073;

    private static readonly DataLimits Limits = new() { MaxUnpackedBytes = 1 << 20 };

    public override string Name => "cifar";

    public override string FileName => "test_batch.bin";

    public override Bound Managed => new(8, 6 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds() => [Records(3), Records(1), GzipFormat.Pack(Records(2))];

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        byte[] file = [.. seed];
        switch (chance.Next(6))
        {
            case 0: return ByteMutation.Truncate(file, chance);
            case 1: return ByteMutation.Mutate(file, chance);
            case 2: return Records(chance.Next(5));
            case 3: return GzipFormat.Pack(ByteMutation.Mutate(Records(2), chance));
            case 4: return chance.OneIn(20) ? GzipFormat.Pack(new byte[RecordBytes * 400]) : chance.Bytes(chance.Next(200));
            default:
                file[chance.Next(file.Length / RecordBytes + 1) * RecordBytes % file.Length] = (byte)chance.Next(20);
                return file;
        }
    }

    public override void Read(string path)
    {
        var data = Cifar10.Load(Path.GetDirectoryName(path)!, train: false, Limits);
        byte[] file = File.ReadAllBytes(path);
        if (file is not [0x1F, 0x8B, ..]) Require(data.Count * RecordBytes == file.Length, "there are not as many images as records");
        for (int i = 0; i < data.Count; i++)
            Require(data.Labels[i] is >= 0 and < 10 && data.Image(i).Length == RecordBytes - 1, "an image is not one of CIFAR-10");
    }

    private static byte[] Records(int count)
    {
        byte[] file = new byte[count * RecordBytes];
        for (int i = 0; i < count; i++) file[i * RecordBytes] = (byte)(i % 10);
        return file;
    }
}
