using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace DeepNet.Data.Tests.Arrays;

public sealed class NpyTests : IDisposable
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Where())).RootElement;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Arrays_of_NumPy_are_read_in_all_types_orders_and_versions()
    {
        int count = 0;
        foreach (var array in Golden.GetProperty("good").EnumerateArray())
        {
            string name = array.GetProperty("name").GetString()!;
            byte[] file = array.GetProperty("file").GetBytesFromBase64();
            double[] expected = [.. array.GetProperty("values").EnumerateArray().Select(v => v.GetDouble())];
            var unseekable = new GZipStream(new MemoryStream(Packed(file)), CompressionMode.Decompress);
            foreach (var tensor in new[] { NpyFile.Load(folder.Write("a.npy", file)), NpyFile.Load(new MemoryStream(file)),
                NpyFile.Load(unseekable) })
            {
                Assert.Equal((name, array.GetProperty("dtype").GetString()), (name, tensor.DType.ToString()));
                Assert.Equal(array.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32()), tensor.Shape.Axes.ToArray());
                Assert.Equal(expected, tensor.To(DType.Float64).ToArray<double>());
            }
            count++;
        }
        Assert.Equal(52, count);
    }

    [Fact]
    public void What_is_written_is_what_NumPy_writes()
    {
        int count = 0;
        foreach (var array in Golden.GetProperty("good").EnumerateArray())
        {
            string name = array.GetProperty("name").GetString()!;
            if (name[0] == '>' || name.EndsWith('F') || name[^4..] is "i2 C" or "u2 C" or "u4 C"
                || name is "version 2" or "version 3") continue;
            byte[] file = array.GetProperty("file").GetBytesFromBase64();
            var stream = new MemoryStream();
            NpyFile.Save(stream, NpyFile.Load(new MemoryStream(file)));
            var (header, elements) = Parts(file);
            var (ownHeader, ownElements) = Parts(stream.ToArray());
            Assert.Equal(header, ownHeader);
            Assert.Equal(elements, ownElements);
            Assert.Equal(0, (stream.Length - ownElements.Length) % 64);
            count++;
        }
        Assert.Equal(14, count);
    }

    [Theory]
    [InlineData(DType.Bool)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Int8)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void What_is_saved_is_loaded_views_too(DType dtype)
    {
        var x = (Tensor.Arange(24).Reshape(2, 3, 4) - 5).To(dtype).Transpose(0, 2)[1..];
        string path = folder.File("x.npy");
        NpyFile.Save(path, x);
        var y = NpyFile.Load(path);
        Assert.Equal((dtype, x.Shape), (y.DType, y.Shape));
        Assert.Equal(x.To(DType.Float64).ToArray<double>(), y.To(DType.Float64).ToArray<double>());
        File.WriteAllBytes(path + ".gz", Packed(File.ReadAllBytes(path)));
        Assert.Equal(y.To(DType.Float64).ToArray<double>(), NpyFile.Load(path + ".gz").To(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void BFloat16_is_refused_before_anything_is_written()
    {
        Assert.Contains(
            "bfloat16", Assert.Throws<ArgumentException>(
                () => NpyFile.Save(folder.File("b.npy"), Tensor.Ones(new Shape(2), DType.BFloat16))).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void What_is_not_numbers_is_refused_by_name()
    {
        foreach (var array in Golden.GetProperty("bad").EnumerateArray())
        {
            string path = folder.Write("bad.npy", array.GetProperty("file").GetBytesFromBase64());
            var e = Assert.Throws<DataFormatException>(() => NpyFile.Load(path));
            Assert.Contains(array.GetProperty("says").GetString()!, e.Message, StringComparison.Ordinal);
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'more': 1}", "more")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "lacks")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", "True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", "axis 0")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}", "axis 0")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000)}", "cannot be")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}", "axes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}", "follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "goes on")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').system('x')}", "'('")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} and more", "follows")]
    [InlineData("{'descr': '<f4 'fortran_order'", "should be here")]
    [InlineData("", "should be here")]
    public void A_header_that_is_not_as_NumPy_writes_it_is_refused(string header, string says)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[12]];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)header.Length);
        foreach (Func<Tensor> load in new[] { () => NpyFile.Load(new MemoryStream(file)), () => NpyFile.Load(folder.Write("h.npy", file)) })
            Assert.Contains(says, Assert.Throws<DataFormatException>(load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_of_NumPy_are_read_and_written()
    {
        foreach (string kind in new[] { "plain", "packed" })
        {
            var arrays = NpzFile.Load(folder.Write("a.npz", Golden.GetProperty(kind).GetBytesFromBase64()));
            Assert.Equal(["deep/y", "flag", "x"], arrays.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(new Shape(2, 3), arrays["x"].Shape);
            Assert.Equal([0f, 1, 2, 3, 4, 5], arrays["x"].ToArray());
            Assert.Equal([1L, 2], arrays["deep/y"].ToArray<long>());
            Assert.Equal((DType.Bool, 0), (arrays["flag"].DType, arrays["flag"].Rank));
            NpzFile.Save(folder.File("b.npz"), arrays, compress: kind == "packed");
            var again = NpzFile.Load(folder.File("b.npz"));
            Assert.Equal(arrays.Keys, again.Keys);
            foreach (string key in arrays.Keys)
                Assert.Equal(arrays[key].To(DType.Float64).ToArray<double>(), again[key].To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void An_archive_that_unpacks_to_more_than_the_limit_is_refused()
    {
        string path = folder.File("zeros.npz");
        var zeros = Tensor.Zeros(new Shape(1 << 18));
        NpzFile.Save(path, new Dictionary<string, Tensor> { ["a"] = zeros, ["b"] = zeros }, compress: true);
        Assert.True(new FileInfo(path).Length < 10_000);
        Assert.Equal(2, NpzFile.Load(path, new DataLimits { MaxUnpackedBytes = 3 << 20 }).Count);
        var e = Assert.Throws<DataFormatException>(() => NpzFile.Load(path, new DataLimits { MaxUnpackedBytes = 3 << 19 }));
        Assert.Contains("MaxUnpackedBytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        byte[][] seeds =
        [
            .. Golden.GetProperty("good").EnumerateArray().Select(array => array.GetProperty("file").GetBytesFromBase64()),
            Golden.GetProperty("plain").GetBytesFromBase64(), Golden.GetProperty("packed").GetBytesFromBase64(),
        ];
        var random = new System.Random(5);
        for (int i = 0; i < 4000; i++)
        {
            byte[] file = [.. seeds[i % seeds.Length]];
            for (int k = random.Next(1, 5); k > 0; k--) file[random.Next(file.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) file = file[..random.Next(file.Length)];
            try
            {
                if (i % seeds.Length >= seeds.Length - 2) _ = NpzFile.Load(new MemoryStream(file));
                else _ = NpyFile.Load(new MemoryStream(file));
            }
            catch (DataFormatException e)
            {
                Assert.StartsWith("stream", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static (string Header, byte[] Elements) Parts(byte[] file)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        return (Encoding.ASCII.GetString(file, 10, length).Trim(), file[(10 + length)..]);
    }

    private static byte[] Packed(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(bytes);
        return stream.ToArray();
    }

    private static string Where([CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "golden", "data", "arrays.json");
}
