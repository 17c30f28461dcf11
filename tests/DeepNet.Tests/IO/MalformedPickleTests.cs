using System.IO.Compression;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Tests.IO;

/// <summary>Pickles that would do harm, or say something wrong: each is refused with its reason.</summary>
public class MalformedPickleTests
{
    private const string Name = "\x8c\u0001a";

    // {"a": a view of 4 floats with this offset, shape and strides}
    private static string View(string view, string type = "FloatStorage", string count = "K\u0004")
        => $"}}{Name}ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\n{type}\nX\u0001\0\0\00X\u0003\0\0\0cpu{count}tQ"
            + $"{view}\u0089}}tRs.";

    public static TheoryData<string, string> Pickles => new()
    {
        { "cos\nsystem\n(X\u0002\0\0\0lstR.", "holds 'os.system', which is not read" },
        { "cbuiltins\neval\n.", "holds 'builtins.eval'" },
        { "\x8c\u0005posix\x8c\u0006system\x93.", "holds 'posix.system'" },
        { "ctorch\nload\n.", "holds 'torch.load'" },
        { "ctorch\nComplexFloatStorage\n.", "holds 'torch.ComplexFloatStorage'" },
        { "ctorch.nn.modules.linear\nLinear\n.", "Save model.state_dict(), not the model" },
        { "(iposix\nsystem\n.", "the instruction 0x69, which PyTorch does not write" },
        { "Pstorage\n.", "the instruction 0x50" },
        { "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\nN)tR.", "with arguments that it does not take" },
        { "ctorch._utils\n_rebuild_parameter\n(K\u0001tR.", "calls torch._utils._rebuild_parameter with arguments" },
        { "K\u0001)R.", "calls what is no function" },
        { "X\u0001\0\0\0xQ.", "names a storage in a way that is unknown" },
        { ".", "takes more values than there are" },
        { "(.", "takes more values than there are" },
        { "K\u0001(0.", "takes more values than there are" },
        { "t.", "ends a list that did not begin" },
        { "K\u0001(K\u0002e.", "changes what is no list or dictionary" },
        { "}(K\u0001u.", "sets a key without a value" },
        { "h\u0007.", "names an object that there is not" },
        { "\x80\u0009.", "an unknown protocol" },
        { "X\u00ff\u00ff\u00ff\u007f", "ends within a pickle" },
        { "\x8d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "ends within a pickle" },
        { "}", "ends within a pickle" },
        { "]\x94h\0a.", "deeper in one another than 64" },
        { "}(Na)u.", "takes more values than there are" },
        { "}NNs.", "a key that is neither text nor a whole number" },
        { $"}}({Name}K\u0001{Name}K\u0002u.", "two values are called 'a'" },
        { $"}}(X\u0003\0\0\0a.bK\u0001{Name}}}\x8c\u0001bK\u0002su.", "two values are called 'a.b'" },
        { View("K\u0001(K\u0004t(K\u0001t"), "with strides (1) from element 1 on is not within the 4 elements" },
        { View("K\0(K\u0002K\u0003t(K\u0003K\u0001t"), "is not within the 4 elements" },
        { View("K\0(J\u00ff\u00ff\u00ff\u00fft(K\u0001t"), "has negative length" },
        { View("K\0(K\u0002t(J\u00ff\u00ff\u00ff\u00fft"), "is not within the 4 elements" },
        { View("J\u00ff\u00ff\u00ff\u00ff(K\u0002t(K\u0001t"), "is not within the 4 elements" },
        { View("K\0(K\u0002t(t"), "is not within the 4 elements" },
        { View("K\0(Nt(K\u0001t"), "hold no whole numbers" },
        { View("K\0(\x8a\u0008\0\0\0\0\u0001\0\0\0t(K\0t"), "cannot be read" },
        { View("K\0(K\u0004t(K\u0001t", count: "K\u0005"), "has 16 bytes in 'archive/data/0', and 20 belong there" },
        { View("K\0(K\u0004t(K\u0001t", "DoubleStorage"), "has 16 bytes in 'archive/data/0', and 32 belong there" },
        { View("K\0(K\u0004t(K\u0001t", count: "\x8a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f"),
            "and 2147483647 are the most that are read" },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void A_pickle_is_refused(string pickle, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Load(Archive(pickle)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("[torch] the stream", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_without_a_fault_is_read()
        => Assert.Equal([1, 0, 0], TorchFile.Load(Archive(View("K\u0001(K\u0003t(K\u0001t")))["a"].ToArray());

    [Fact]
    public void Lists_that_stand_in_one_another_many_times_are_refused()
    {
        // Twice in a list, that twice in another one, 60 times.
        string pickle = "]\x94" + string.Concat(Enumerable.Range(0, 60).Select(i => $"](h{(char)i}h{(char)i}e\x94")) + ".";
        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Load(Archive(pickle), limits: new() { MaxTensors = 100 }));
        Assert.Contains("more than 1000 values", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal, "data.pkl", "has a compressed 'archive/data.pkl'")]
    [InlineData(CompressionLevel.NoCompression, "other.pkl", "an archive without data.pkl")]
    public void An_archive_that_torch_does_not_write_is_refused(CompressionLevel level, string name, string reason)
    {
        var file = Archive($"}}X\u0040\0\0\0{new string('x', 64)}K\u0001s.", level, name);
        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Load(file));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("safetensors")]
    [InlineData("PK")]
    [InlineData("\x80\u0002}.")]
    public void Another_file_is_refused(string content)
        => Assert.Throws<InvalidDataException>(() => TorchFile.Load(new MemoryStream(Encoding.Latin1.GetBytes(content))));

    private static MemoryStream Archive(string pickle, CompressionLevel level = CompressionLevel.NoCompression, string name = "data.pkl")
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string entry, byte[] bytes)
            {
                using var to = archive.CreateEntry($"archive/{entry}", level).Open();
                to.Write(bytes);
            }
            Add(name, Encoding.Latin1.GetBytes(pickle));
            Add("data/0", [0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        stream.Position = 0;
        return stream;
    }
}
