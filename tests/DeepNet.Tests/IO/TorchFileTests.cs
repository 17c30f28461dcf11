using System.Numerics;
using DeepNet.IO;

namespace DeepNet.Tests.IO;

/// <summary>Files that PyTorch wrote (tests/golden/torch_files.py), and that it could read.</summary>
public sealed class TorchFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static MemoryStream Golden(string name)
    {
        using var resource = typeof(TorchFileTests).Assembly.GetManifestResourceStream($"golden/{name}.pt")!;
        var copy = new MemoryStream();
        resource.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    [Theory]
    [InlineData("torch_archive")]
    [InlineData("torch_protocol5")]
    [InlineData("torch_legacy")]
    public void Files_of_every_form_are_read(string name)
    {
        var tensors = TorchFile.Load(Golden(name), out var values);
        // One step of SGD from 0, 0.25, 0.5… with a gradient of 1 and a rate of 0.125.
        Assert.Equal([-0.125f, 0.125f, 0.375f, 0.625f, 0.875f, 1.125f], tensors["model.weight"].ToArray());
        Assert.Equal(new Shape(2, 3), tensors["model.weight"].Shape);
        Assert.Equal([-1.125f, 2.375f], tensors["model.bias"].ToArray());
        Assert.Equal([1, 1], tensors["optimizer.state.1.momentum_buffer"].ToArray());
        Assert.Equal([7], tensors["parameter"].ToArray());
        Assert.Equal(0.5, values["optimizer.param_groups.0.momentum"]);
        Assert.Equal(1L, values["optimizer.param_groups.0.params.1"]);

        var types = new Dictionary<string, DType>
        {
            ["float64"] = DType.Float64, ["float32"] = DType.Float32, ["float16"] = DType.Float16, ["bfloat16"] = DType.BFloat16,
            ["int64"] = DType.Int64, ["int32"] = DType.Int32, ["int16"] = DType.Int32, ["int8"] = DType.Int8, ["uint8"] = DType.UInt8,
            ["bool"] = DType.Bool,
        };
        foreach (var (type, dtype) in types)
        {
            Assert.Equal(dtype, tensors[$"types.{type}"].DType);
            Assert.Equal(dtype == DType.Bool ? [0, 1, 1, 1] : [0, 1, 2, 3], tensors[$"types.{type}"].To(DType.Float64).ToArray<double>());
        }

        var expected = new Dictionary<string, object?>
        {
            ["epoch"] = 3L, ["rate"] = 0.125, ["name"] = "Größe", ["flag"] = true, ["nothing"] = null, ["large"] = BigInteger.Pow(2, 70),
            ["negative"] = -(1L << 40), ["bytes"] = new byte[] { 0, 255 }, ["size.0"] = 2L, ["size.1"] = 3L, ["device"] = "cpu",
            ["dtype"] = "torch.bfloat16", ["counts.a"] = 2L, ["counts.b"] = 1L,
        };
        foreach (var (key, value) in expected) Assert.Equal(value, values[key]);
        Assert.Equal(2 + 2 + 1 + types.Count + 6, tensors.Count);
    }

    [Theory]
    [InlineData("torch_archive")]
    [InlineData("torch_legacy")]
    public void Views_are_views_of_what_they_share(string name)
    {
        var tensors = TorchFile.Load(Golden(name));
        var numbers = Tensor.Arange(0, 24).To(DType.Float32).Reshape(2, 3, 4);
        Tensor[] expected = [numbers, numbers.Transpose(0, 2), numbers[.., 1.., new[] { 0, 2 }], numbers[1, 2, 3], Tensor.Ones(2, 3),
            Tensor.Zeros(0, 5)];
        for (int i = 0; i < expected.Length; i++) Assert.True(expected[i].ArrayEqual(tensors[$"views.{i}"]), $"view {i}");
        tensors["views.0"].FillInPlace(5);
        Assert.Equal(5, tensors["views.3"].Item());
        Assert.Equal(Enumerable.Repeat(5f, 8), tensors["views.2"].ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1], tensors["views.4"].ToArray());
    }

    [Fact]
    public void What_was_saved_is_read()
    {
        var x = Tensor.Normal(new Shape(3, 4), 0, 1, generator: new Generator(1));
        var given = new Dictionary<string, Tensor>
        {
            ["x"] = x, ["x.T"] = x.T, ["Größe"] = Tensor.Arange(0L, 3, 1, DType.Int64),
            ["scalar"] = Tensor.FromScalar(2.5, DType.Float64), ["none"] = Tensor.Zeros(0, 7),
        };
        foreach (var type in Enum.GetValues<DType>()) given[type.Name()] = Tensor.Ones(2).To(type);
        string path = folder["deep/model.pt"];
        TorchFile.Save(path, given);
        var read = TorchFile.Load(path, out var values);
        Assert.Empty(values);
        Assert.Equal(given.Keys, read.Keys);
        foreach (var (name, tensor) in given)
        {
            Assert.Equal(tensor.DType, read[name].DType);
            Assert.True(tensor.ArrayEqual(read[name]), name);
        }
        using var again = new MemoryStream();
        TorchFile.Save(again, given);
        Assert.Equal(File.ReadAllBytes(path), again.ToArray());
        Assert.Throws<ArgumentException>(() => TorchFile.Save(path, [new("a", x), new("a", x)]));
        Assert.Equal(given.Keys, TorchFile.Load(path).Keys);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        foreach (string name in new[] { "torch_archive", "torch_legacy" })
        {
            byte[] file = Golden(name).ToArray();
            for (int length = 0; length < file.Length; length += 7)
                Assert.Throws<InvalidDataException>(() => TorchFile.Load(new MemoryStream(file, 0, length)));
        }
    }

    [Fact]
    public void Limits_are_kept()
    {
        var error = Assert.Throws<InvalidDataException>(() => TorchFile.Load(Golden("torch_archive"), limits: new() { MaxTensors = 20 }));
        Assert.Contains("more than 20 tensors, the ReadLimits.MaxTensors", error.Message, StringComparison.Ordinal);
        Assert.Equal(21, TorchFile.Load(Golden("torch_archive"), limits: new() { MaxTensors = 21 }).Count);
        error = Assert.Throws<InvalidDataException>(() => TorchFile.Load(Golden("torch_archive"), limits: new() { MaxHeaderBytes = 100 }));
        Assert.Contains("ReadLimits.MaxHeaderBytes is 100", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TorchFile.Load(Golden("torch_legacy"), limits: new() { MaxHeaderBytes = 100 }));
    }
}
