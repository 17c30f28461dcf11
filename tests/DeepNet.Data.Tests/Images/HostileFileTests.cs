using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DeepNet.Data.Images;

namespace DeepNet.Data.Tests.Images;

/// <summary>Files that somebody made to do harm: every one is refused with a <see cref="DataFormatException"/>, at little cost.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const long MostAllocated = 4 << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static DataFormatException Refused(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DataFormatException>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        return error;
    }

    private static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Zip(string entry, byte[] contents)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry(entry).Open()) stream.Write(contents);
        return packed.ToArray();
    }

    private static byte[] TarHeader(string name, char type, string size)
    {
        byte[] header = new byte[512];
        Encoding.ASCII.GetBytes(name, header);
        Encoding.ASCII.GetBytes(size, header.AsSpan(124));
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(b => b), 8),6}\0 ", header.AsSpan(148));
        return header;
    }

    [Theory]
    [InlineData('x', "07777777777")]
    [InlineData('g', "07777777777")]
    [InlineData('L', "07777777777")]
    [InlineData('0', "00100000000")]
    [InlineData('0', "777777777777")]
    [InlineData('0', "-1")]
    [InlineData('0', "")]
    public void The_size_of_a_file_of_a_tar_is_not_believed(char type, string size)
    {
        byte[] tar = TarHeader("test_batch.bin", type, size);
        foreach (byte[] file in new[] { tar, Pack(tar) })
        {
            folder.Write("cifar-10-binary.tar.gz", file);
            Refused(() => Cifar10.Load(folder.Path, train: false));
        }
    }

    [Fact]
    public void Formats_of_tar_are_read_alike()
    {
        byte[] records = new byte[2 * 3073];
        records[3073] = 9;
        foreach (TarEntryFormat format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            using (var tar = new TarWriter(File.Create(folder.File("cifar-10-binary.tar.gz")), format))
            {
                tar.WriteEntry(Entry(format, TarEntryType.Directory, "cifar-10-batches-bin", null));
                tar.WriteEntry(Entry(format, Regular(format), "cifar-10-batches-bin/readme.html", [1, 2, 3]));
                tar.WriteEntry(Entry(format, Regular(format), "cifar-10-batches-bin/test_batch.bin", records));
            }
            Assert.Equal([0, 9], Cifar10.Load(folder.Path, train: false).Labels);
        }

        static TarEntryType Regular(TarEntryFormat format)
            => format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;

        static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, byte[]? contents)
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(type, name),
                TarEntryFormat.Ustar => new UstarTarEntry(type, name),
                TarEntryFormat.Pax => new PaxTarEntry(type, name),
                _ => new GnuTarEntry(type, name),
            };
            if (contents is not null) entry.DataStream = new MemoryStream(contents);
            return entry;
        }
    }

    [Fact]
    public void A_damaged_archive_of_Emnist_is_refused_in_every_byte()
    {
        byte[] zip = Zip(
            "gzip/emnist-digits-test-images-idx3-ubyte.gz", Pack([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]));
        for (int cut = 0; cut < zip.Length; cut += 3) Try(zip[..cut]);
        for (int at = 0; at < zip.Length; at++)
            foreach (byte value in new byte[] { 0, 0x7F, 0xFF })
            {
                byte[] changed = [.. zip];
                changed[at] = value;
                Try(changed);
            }

        // It has no labels, so whatever a change does to it, it is refused in the end.
        void Try(byte[] file)
        {
            folder.Write("gzip.zip", file);
            Refused(() => Mnist.Load(folder.Path, train: false, MnistKind.EmnistDigits));
        }
    }

    [Fact]
    public void What_unpacks_to_more_than_the_limit_is_refused()
    {
        var limits = new DataLimits { MaxUnpackedBytes = 100_000 };
        byte[] zeros = new byte[200_000];
        string path = folder.Write("bomb.gz", Pack([0, 0, 8, 1, 0, 3, 0x0D, 0x40, .. zeros]));
        Assert.Contains("DataLimits.MaxUnpackedBytes", Refused(() => Idx.Load(path, limits)).Message, StringComparison.Ordinal);
        folder.Write("gzip.zip", Zip("gzip/emnist-digits-test-images-idx3-ubyte.gz", zeros));
        Assert.Contains(
            "100000 bytes", Refused(() => Mnist.Load(folder.Path, train: false, MnistKind.EmnistDigits, limits)).Message,
            StringComparison.Ordinal);
        folder.Write("cifar-10-binary.tar.gz", Pack([.. TarHeader("other", '0', "0000606500"), .. zeros]));
        Assert.Contains("100000 bytes", Refused(() => Cifar10.Load(folder.Path, train: false, limits)).Message, StringComparison.Ordinal);
        path = folder.Write("bomb.csv.gz", Pack([.. "a\n1\n"u8, .. Enumerable.Repeat((byte)'\n', 200_000)]));
        Assert.Contains("100000 bytes", Refused(() => CsvTable.Read(path, new() { Limits = limits })).Message, StringComparison.Ordinal);
        Assert.Equal(1, CsvTable.Read(path).Count);
    }

    [Theory]
    [InlineData(0, int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 0, int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Axes_beside_a_zero_must_make_sense_too(params int[] lengths)
    {
        byte[] file = new byte[4 + 4 * lengths.Length];
        (file[2], file[3]) = (8, (byte)lengths.Length);
        for (int i = 0; i < lengths.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), lengths[i]);
        string path = folder.Write("zero.idx", file);
        Assert.Contains("cannot be", Refused(() => Idx.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_pixels_to_speak_of_are_refused()
    {
        folder.Write("emnist-digits-test-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
        folder.Write("emnist-digits-test-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 0]);
        Refused(() => Mnist.Load(folder.Path, train: false, MnistKind.EmnistDigits));
    }

    [Fact]
    public void A_pipe_and_a_device_are_refused_and_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        string pipe = folder.File("pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe])) make.WaitForExit();
        foreach (string path in new[] { pipe, "/dev/zero" })
        {
            Assert.Contains(path == pipe ? "a pipe" : "a device", Refused(() => Idx.Load(path)).Message, StringComparison.Ordinal);
            Refused(() => CsvTable.Read(path));
            Refused(() => TableEncoder.Load(path));
            Refused(() => ImageDataset.FromIdx(path, path));
        }
        File.Move(pipe, folder.File("cifar-10-binary.tar.gz"));
        Refused(() => Cifar10.Load(folder.Path, train: false));
    }
}
