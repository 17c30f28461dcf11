using DeepNet.Data;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tool.Tests;

public class ConvertTests
{
    private static readonly Dictionary<string, Tensor> Weights = new()
    {
        ["a"] = Tensor.From(new float[,] { { 1, 2.5f, 3 }, { 4, 5, -0.1f } }),
        ["n"] = Tensor.From<long>(7, -1),
    };

    [Fact]
    public void Tensors_come_through_every_format()
    {
        using var folder = new Folder();
        string last = folder["0.safetensors"];
        SafeTensors.Save(last, Weights);
        foreach (string name in new[] { "1.pt", "2.npz", "3.pth", "4.safetensors" })
        {
            Assert.Contains("2 tensors", Deepnet.Output("convert", last, folder[name]), StringComparison.Ordinal);
            last = folder[name];
        }
        var read = SafeTensors.Load(last);
        Assert.Equal(["a", "n"], read.Keys.Order());
        foreach (string name in read.Keys)
        {
            Assert.Equal((Weights[name].DType, Weights[name].Shape), (read[name].DType, read[name].Shape));
            Assert.Equal(Weights[name].ToArray<double>(), read[name].ToArray<double>());
        }
    }

    [Fact]
    public void Types_with_a_fraction_are_changed_where_asked()
    {
        using var folder = new Folder();
        SafeTensors.Save(folder["w.safetensors"], Weights);
        Deepnet.Output("convert", folder["w.safetensors"], folder["half.safetensors"], "--type", "bfloat16");
        var read = SafeTensors.Load(folder["half.safetensors"]);
        Assert.Equal((DType.BFloat16, DType.Int64), (read["a"].DType, read["n"].DType));

        var (exit, _, errors) = Deepnet.Run("convert", folder["half.safetensors"], folder["half.npz"]);
        Assert.Equal(DeepNetCommand.Failed, exit);              // NumPy has no bfloat16
        Assert.Contains("bfloat16", errors, StringComparison.Ordinal);
        Deepnet.Output("convert", folder["half.safetensors"], folder["half.npz"], "--type", "float32");
    }

    [Fact]
    public void A_checkpoint_gives_its_model()
    {
        using var folder = new Folder();
        var model = new Linear(3, 2);
        new Checkpoint { Model = model, Optimizer = new Adam(model.Parameters(), 0.1) }.Save(folder["run.safetensors"]);
        string text = Deepnet.Output("convert", folder["run.safetensors"], folder["w.pt"]);
        Assert.Contains("left out: all of the checkpoint but its model", text, StringComparison.Ordinal);
        var read = TorchFile.Load(folder["w.pt"]);
        Assert.Equal(["bias", "weight"], read.Keys.Order());
        Assert.Equal(model.State()["weight"].ToArray(), read["weight"].ToArray());
    }

    [Fact]
    public void A_table_becomes_parquet()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["t.csv"], "rooms,city\n1,Rome\n3,Oslo\n");
        string text = Deepnet.Output("convert", folder["t.csv"], folder["t.parquet"]);
        Assert.EndsWith("Parquet, 2 columns of 2 rows\n", text, StringComparison.Ordinal);
        var table = ParquetTable.Read(folder["t.parquet"]);
        Assert.Equal([1, 3], table.Numbers("rooms"));
        Assert.Equal("Rome Oslo", string.Join(' ', table.Texts("city")));
    }

    [Theory]
    [InlineData("w.safetensors", "w.onnx", "OnnxExport.Save")]
    [InlineData("w.safetensors", "w.npy", "Write an .npz file")]
    [InlineData("w.safetensors", "w.parquet", "tensors are no table")]
    [InlineData("w.safetensors", "w.xyz", "says which format to write")]
    [InlineData("t.csv", "t.safetensors", "Parquet alone")]
    [InlineData("w.safetensors", "t.csv", "is there already")]
    public void What_cannot_be_converted_is_told(string from, string to, string expected)
    {
        using var folder = new Folder();
        SafeTensors.Save(folder["w.safetensors"], Weights);
        File.WriteAllText(folder["t.csv"], "a,b\n1,2\n");
        var (exit, output, errors) = Deepnet.Run("convert", folder[from], folder[to]);
        Assert.Equal((DeepNetCommand.Failed, ""), (exit, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Force_writes_over_a_file()
    {
        using var folder = new Folder();
        SafeTensors.Save(folder["w.safetensors"], Weights);
        File.WriteAllText(folder["w.npz"], "old");
        Deepnet.Output("convert", folder["w.safetensors"], folder["w.npz"], "--force");
        Assert.Equal(2, NpzFile.Load(folder["w.npz"]).Count);
    }
}
