using System.Text.Json;
using DeepNet.Data;
using DeepNet.Data.Images;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Onnx;
using DeepNet.Optim;

namespace DeepNet.Tool.Tests;

public class InspectTests
{
    private static readonly Dictionary<string, Tensor> Weights = new()
    {
        ["fc.weight"] = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, float.NaN } }),
        ["fc.bias"] = Tensor.From<float>(-1, 1),
        ["steps"] = Tensor.From<long>(7),
        ["empty"] = Tensor.Zeros(0, 3),
    };

    [Fact]
    public void Safetensors_are_shown_with_statistics()
    {
        using var folder = new Folder();
        SafeTensors.Save(folder["w.safetensors"], Weights, new Dictionary<string, string> { ["made by"] = "a test" });
        string text = Deepnet.Output("inspect", folder["w.safetensors"]);
        Assert.Contains("w.safetensors: safetensors, ", text, StringComparison.Ordinal);
        Assert.Contains("  made by: a test\n", text, StringComparison.Ordinal);
        Assert.Matches(@"name +type +shape +min +max +mean +std\n", text);
        Assert.Matches(@"fc\.weight +F32 +\(2, 3\) +1 +5 +3 +1\.4142 +1 NaN or infinite\n", text);
        Assert.Matches(@"fc\.bias +F32 +\(2,\) +-1 +1 +0 +1\n", text);
        Assert.Matches(@"steps +I64 +\(1,\) +7 +7 +7 +0\n", text);
        Assert.Matches(@"empty +F32 +\(0, 3\)\n", text);
        Assert.EndsWith("\n4 tensors, 9 elements\n", text, StringComparison.Ordinal);

        string brief = Deepnet.Output("inspect", "--brief", folder["w.safetensors"]);
        Assert.DoesNotContain("mean", brief, StringComparison.Ordinal);
        Assert.Contains("fc.weight  F32   (2, 3)\n", brief, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_same()
    {
        using var folder = new Folder();
        SafeTensors.Save(folder["w.safetensors"], Weights);
        using var json = JsonDocument.Parse(Deepnet.Output("inspect", "--json", folder["w.safetensors"]));
        Assert.Equal("safetensors", json.RootElement.GetProperty("format").GetString());
        var part = json.RootElement.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "fc.weight");
        Assert.Equal([2, 3], part.GetProperty("shape").EnumerateArray().Select(l => l.GetInt32()));
        Assert.Equal(3, part.GetProperty("mean").GetDouble());
        Assert.Equal(1, part.GetProperty("notFinite").GetInt32());
    }

    [Fact]
    public void Checkpoints_tell_the_run()
    {
        using var folder = new Folder();
        var model = new Linear(3, 2);
        new Checkpoint { Model = model, Optimizer = new Adam(model.Parameters(), 0.1), Epoch = 4, Step = 120 }
            .Save(folder["run.safetensors"]);
        string text = Deepnet.Output("inspect", folder["run.safetensors"]);
        Assert.Contains("  checkpoint: epoch 4, step 120\n", text, StringComparison.Ordinal);
        Assert.Contains("  models: model\n", text, StringComparison.Ordinal);
        Assert.Matches(@"states: optimizer \(.*[Aa]dam.*\)", text);
        Assert.Matches(@"model/weight +F32 +\(2, 3\)", text);
    }

    [Fact]
    public void Files_of_other_programs_are_shown()
    {
        using var folder = new Folder();
        TorchFile.Save(folder["w.pt"], Weights);
        Assert.Matches(@"fc\.bias +float32 +\(2,\) +-1 +1 +0 +1\n", Deepnet.Output("inspect", folder["w.pt"]));
        NpzFile.Save(folder["w.npz"], Weights);
        Assert.Matches(@"steps +int64 +\(1,\) +7 +7 +7 +0\n", Deepnet.Output("inspect", folder["w.npz"]));
        NpyFile.Save(folder["w.npy"], Weights["fc.bias"]);
        File.Move(folder["w.npy"], folder["renamed"]);          // the first bytes tell
        Assert.Contains("renamed: NumPy array, ", Deepnet.Output("inspect", folder["renamed"]), StringComparison.Ordinal);
        Idx.Save(folder["images-ubyte"], new byte[] { 1, 2, 3, 4 }, new Shape(2, 2));
        Assert.Matches(@"array +uint8 +\(2, 2\) +1 +4 +2\.5 +1\.118\n", Deepnet.Output("inspect", folder["images-ubyte"]));
    }

    [Fact]
    public void Onnx_models_show_inputs_and_operators()
    {
        using var folder = new Folder();
        OnnxExport.Save(new Sequential(new Linear(4, 8), new Relu(), new Linear(8, 2)), folder["m.onnx"], Tensor.Zeros(3, 4));
        string text = Deepnet.Output("inspect", folder["m.onnx"]);
        Assert.Matches(@"  input: \S+ \S+ \(\S+, 4\)\n", text);
        Assert.Matches(@"  output: \S+ \S+ \(\S+, 2\)\n", text);
        Assert.Matches(@"  operators: \d+: .*Relu 1", text);
        Assert.Matches(@"0\.weight +\S+ +\(8, 4\)", text);
    }

    [Fact]
    public void Tables_show_columns()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["t.csv"], "rooms,city\n1,Rome\n3,Oslo\n,Rome\n");
        string text = Deepnet.Output("inspect", folder["t.csv"]);
        Assert.Contains("  rows: 3\n", text, StringComparison.Ordinal);
        Assert.Matches(@"rooms +number +\(3,\) +1 +3 +2 +1 +1 missing\n", text);
        Assert.Matches(@"city +category +\(3,\) +2 values\n", text);
        ParquetTable.Write(folder["t.parquet"], CsvTable.Read(folder["t.csv"]));
        Assert.Matches(@"rooms +number +\(3,\) +1 +3 +2 +1", Deepnet.Output("inspect", folder["t.parquet"]));
    }

    [Fact]
    public void What_cannot_be_read_is_told()
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder["m.gguf"], "GGUF\u0003\0\0\0"u8.ToArray());
        Refused("GGUF", folder["m.gguf"]);
        File.WriteAllText(folder["notes.md"], "# Notes about it");
        Refused("neither its first bytes nor its name", folder["notes.md"]);
        Refused("is a folder", folder.Path);
        Refused("Could not find", folder["nothing.npy"]);
        File.WriteAllText(folder["broken.safetensors"], "too short");
        Refused("safetensors", folder["broken.safetensors"]);

        static void Refused(string expected, string path)
        {
            var (exit, output, errors) = Deepnet.Run("inspect", path);
            Assert.Equal((DeepNetCommand.Failed, ""), (exit, output));
            Assert.StartsWith("deepnet: ", errors, StringComparison.Ordinal);
            Assert.Contains(expected, errors, StringComparison.Ordinal);
        }
    }
}
