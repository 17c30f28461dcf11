using System.Text.Json;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Tool.Tests;

public class RunsTests
{
    [Fact]
    public void Runs_are_compared()
    {
        using var folder = new Folder();
        Train(folder["runs/fast"], rate: 0.1, checkpoints: true);
        Train(folder["runs/slow"], rate: 1e-4, checkpoints: false);
        string text = Deepnet.Output("runs", folder["runs"]);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^run +epochs +steps +time +best val_loss +in epoch +last loss +last val_loss$", lines[0]);
        Assert.Matches(@"fast +3 +12 .* 3 ", lines[1]);         // the lower loss is the better one
        Assert.Matches(@"slow +3 +12 ", lines[2]);

        text = Deepnet.Output("runs", folder["runs"], "--json", "--metric", "loss", "--html", folder["runs.html"]);
        using var json = JsonDocument.Parse(text);
        var runs = json.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([3, 3], runs.Select(r => r.GetProperty("epochs").GetArrayLength()));
        Assert.False(json.RootElement.GetProperty("higherIsBetter").GetBoolean());
        string page = File.ReadAllText(folder["runs.html"]);
        Assert.Contains("Training runs", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_told()
    {
        using var folder = new Folder();
        var (exit, _, errors) = Deepnet.Run("runs", folder.Path);
        Assert.Equal(DeepNetCommand.Failed, exit);
        Assert.Contains("no run", errors, StringComparison.Ordinal);

        Train(folder["one"], 0.1, checkpoints: true);
        (exit, _, errors) = Deepnet.Run("runs", folder.Path, "--metric", "accuracy");
        Assert.Equal(DeepNetCommand.Failed, exit);
        Assert.Contains("There are loss, val_loss", errors, StringComparison.Ordinal);

        File.WriteAllText(Directory.GetFiles(folder["one"]).Single(f => f.EndsWith(".safetensors", StringComparison.Ordinal)), "broken");
        (exit, _, errors) = Deepnet.Run("runs", folder.Path);
        Assert.Equal(DeepNetCommand.Failed, exit);
        Assert.Contains("safetensors", errors, StringComparison.Ordinal);
    }

    private static void Train(string folder, double rate, bool checkpoints)
    {
        Generator.SetSeed(1);
        var x = Tensor.Randn(64, 3);
        var data = new TensorDataset(x, x.Sum(1).Reshape(64, 1));
        var model = new Linear(3, 1);
        new Trainer(model, new Adam(model.Parameters(), rate), Loss.Mse)
        {
            Progress = ProgressStyle.None,
            Callbacks = [checkpoints ? new Checkpoints(folder) { Keep = 1 } : new CsvLog(Path.Combine(folder, "log.csv"))],
        }.Fit(new DataLoader(data, 16), new DataLoader(data, 64), epochs: 3);
    }
}
