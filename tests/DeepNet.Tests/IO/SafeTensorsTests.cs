using System.Runtime.InteropServices;
using DeepNet.IO;

namespace DeepNet.Tests.IO;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tensors_of_all_types_and_odd_shapes_come_back_bit_by_bit()
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var dtype in Enum.GetValues<DType>())
            foreach (int[] shape in new[] { Array.Empty<int>(), [1], [0], [3, 0, 5], [7], [2, 3, 4] })
                tensors.Add($"{dtype} {string.Join('x', shape)}", (Tensor.Rand(shape) * 3).To(dtype));
        tensors.Add("specials", Tensor.From<float>([float.NaN, -0f, float.PositiveInfinity, float.Epsilon], new Shape(4)));
        tensors.Add("transposed", Tensor.Rand(new Shape(4, 6)).Transpose(0, 1));
        tensors.Add("expanded", Tensor.Rand(new Shape(1, 6)).Expand(new Shape(3, 6)));
        tensors.Add("näme \" \\ \n 名", Tensor.Ones(2));

        SafeTensors.Save(folder["a"], tensors, new Dictionary<string, string> { ["kéy"] = "\"välue\"\n" });
        var loaded = SafeTensors.Load(folder["a"], out var metadata);

        Assert.Equal(tensors.Keys.Order(), loaded.Keys.Order());
        Assert.Equal("\"välue\"\n", metadata["kéy"]);
        foreach (var (name, tensor) in tensors) AssertSame(tensor, loaded[name]);
        Assert.Equal(0x80000000, BitConverter.SingleToUInt32Bits(loaded["specials"].ToArray()[1]));
    }

    [Fact]
    public void Text_that_would_not_come_back_is_refused()
    {
        var tensor = Tensor.Ones(1);
        foreach (string text in new[] { "\ud800", "a\udc00b", "\udc00\ud800" })
        {
            foreach (Action save in new Action[]
            {
                () => SafeTensors.Save(folder["a"], [new(text, tensor)]),
                () => SafeTensors.Save(folder["a"], [], new Dictionary<string, string> { [text] = "" }),
                () => SafeTensors.Save(folder["a"], [], new Dictionary<string, string> { ["key"] = text }),
                () => new Checkpoint { Texts = { ["notes"] = text } }.Save(folder["a"]),
                () => new Checkpoint { Numbers = { [text] = 1 } }.Save(folder["a"]),
                () => new Checkpoint { Tensors = { [text] = tensor } }.Save(folder["a"]),
            })
                Assert.Contains("half of a surrogate pair", Assert.Throws<ArgumentException>(save).Message, StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFiles(folder.Root));
        SafeTensors.Save(folder["a"], [new("😀 \ufffd", tensor)]);
        Assert.Equal("😀 \ufffd", Assert.Single(SafeTensors.Load(folder["a"]).Keys));
    }

    [Fact]
    public void The_file_is_what_the_description_of_the_format_says()
    {
        SafeTensors.Save(folder["a"],
        [
            new("x", Tensor.From<float>([1, 2, 3], new Shape(3))),
            new("flag", Tensor.From<bool>([true, false], new Shape(2))),
            new("d", Tensor.From<double>([5], Shape.Scalar)),
        ], new Dictionary<string, string> { ["format"] = "pt" });
        byte[] file = File.ReadAllBytes(folder["a"]);
        var tensors = FormatByHand.Read(file, out var metadata);

        Assert.Equal("pt", metadata["format"]);
        Assert.Equal((byte)'{', file[8]);
        Assert.Equal(0, BitConverter.ToInt64(file) % 8);
        Assert.Equal(["d", "x", "flag"], tensors.Keys);   // wider ones first: each is aligned to its own size
        Assert.All(tensors.Values, t => Assert.Equal(0, t.At % (t.Type == "F64" ? 8 : t.Type == "F32" ? 4 : 1)));
        Assert.Equal("F32", tensors["x"].Type);
        Assert.Equal([3L], tensors["x"].Shape);
        Assert.Equal([1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(tensors["x"].Data).ToArray());
        Assert.Equal("BOOL", tensors["flag"].Type);
        Assert.Equal(new byte[] { 1, 0 }, tensors["flag"].Data);
        Assert.Equal("F64", tensors["d"].Type);
        Assert.Empty(tensors["d"].Shape);
        Assert.Equal(5.0, BitConverter.ToDouble(tensors["d"].Data));
        Assert.Equal(file.Length, tensors.Values.Max(t => t.At + t.Data.Length));
    }

    [Fact]
    public void Integers_of_other_programs_are_read_and_widened_to_types_there_are()
    {
        File.WriteAllBytes(folder["a"], FormatByHand.Write("""
            {"u8":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"i8":{"dtype":"I8","shape":[2],"data_offsets":[2,4]},
             "u16":{"dtype":"U16","shape":[1],"data_offsets":[4,6]},"i16":{"dtype":"I16","shape":[1],"data_offsets":[6,8]},
             "u32":{"dtype":"U32","shape":[1],"data_offsets":[8,12]},"bool":{"dtype":"BOOL","shape":[2],"data_offsets":[12,14]}}
            """, [0, 255, 127, 128, 255, 255, 255, 255, 255, 255, 255, 255, 0, 7]));
        var loaded = SafeTensors.Load(folder["a"]);
        Assert.Equal((DType.UInt8, DType.Int8), (loaded["u8"].DType, loaded["i8"].DType));
        Assert.Equal([0, 255], loaded["u8"].ToArray<byte>());
        Assert.Equal([127, -128], loaded["i8"].ToArray<sbyte>());
        SafeTensors.Save(folder["b"], [new("u8", loaded["u8"]), new("i8", loaded["i8"])]);
        AssertSame(loaded["u8"], SafeTensors.Load(folder["b"])["u8"]);
        AssertSame(loaded["i8"], SafeTensors.Load(folder["b"])["i8"]);
        Assert.Equal("I8", FormatByHand.Read(File.ReadAllBytes(folder["b"]), out _)["i8"].Type);
        Assert.Equal([65535], loaded["u16"].ToArray<int>());
        Assert.Equal([-1], loaded["i16"].ToArray<int>());
        Assert.Equal([uint.MaxValue], loaded["u32"].ToArray<long>());
        Assert.Equal([false, true], loaded["bool"].ToArray<bool>());
    }

    [Fact]
    public void Tensors_larger_than_a_piece_are_read_and_widened_piece_by_piece()
    {
        const int count = (1 << 20) + 12345;
        byte[] data = new byte[2 * count];
        for (int i = 0; i < data.Length; i++) data[i] = (byte)(i * 31);
        File.WriteAllBytes(
            folder["a"], FormatByHand.Write($$$"""{"x":{"dtype":"U16","shape":[{{{count}}}],"data_offsets":[0,{{{2 * count}}}]}}""", data));
        var x = SafeTensors.Load(folder["a"])["x"];
        Assert.Equal(MemoryMarshal.Cast<byte, ushort>(data).ToArray().Select(v => (int)v), x.ToArray<int>());
        SafeTensors.Save(folder["b"], [new("x", x)]);
        AssertSame(x, SafeTensors.Load(folder["b"])["x"]);
    }

    [Fact]
    public void Describe_tells_what_is_there_and_an_empty_file_of_tensors_is_one()
    {
        SafeTensors.Save(folder["a"], [new("w", Tensor.Zeros(2, 3))]);
        var entry = Assert.Single(SafeTensors.Describe(folder["a"]));
        Assert.Equal(("w", "F32", new Shape(2, 3), 24L), (entry.Name, entry.StoredType, entry.Shape, entry.Bytes));
        SafeTensors.Save(folder["b"], []);
        Assert.Empty(SafeTensors.Load(folder["b"]));
    }

    [Fact]
    public void Names_that_clash_are_refused_before_anything_is_written()
    {
        var x = Tensor.Ones(1);
        Assert.Contains(
            "'a' occurs twice", Assert.Throws<ArgumentException>(() => SafeTensors.Save(folder["a"], [new("a", x), new("a", x)])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "reserved", Assert.Throws<ArgumentException>(() => SafeTensors.Save(folder["a"], [new("__metadata__", x)])).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void What_is_loaded_outlives_scopes_and_what_failed_to_load_is_given_back()
    {
        SafeTensors.Save(folder["a"], [new("x", Tensor.Ones(1000))]);
        IReadOnlyDictionary<string, Tensor> loaded;
        using (Memory.Scope()) loaded = SafeTensors.Load(folder["a"]);
        Assert.Equal(1000, loaded["x"].Sum().Item());
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(Bytes(expected), Bytes(actual));
    }

    private static byte[] Bytes(Tensor tensor)
    {
        var bytes = new List<byte>();
        Elements.Visit(tensor, piece => bytes.AddRange(piece));
        return [.. bytes];
    }
}
