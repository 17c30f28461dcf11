using DeepNet.Data;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Training.Tests.Records;

public sealed class HistoryLoadingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-history").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_history_comes_back_from_checkpoints_and_from_a_log()
    {
        Generator.SetSeed(1);
        var x = Tensor.Randn(64, 3);
        var data = new TensorDataset(x, x.Sum(1).Reshape(64, 1));
        var model = new Linear(3, 1);
        string checkpoints = Path.Combine(folder, "checkpoints"), log = Path.Combine(folder, "log.csv");
        var history = new Trainer(model, new Adam(model.Parameters(), 0.1), Loss.Mse)
        {
            Progress = ProgressStyle.None,
            ValidateEvery = 2,
            Callbacks = [new Checkpoints(checkpoints), new CsvLog(log)],
        }.Fit(new DataLoader(data, 16), new DataLoader(data, 64), epochs: 3);

        Check(History.Load(checkpoints), secondsTo: 0);
        Check(History.Load(Directory.GetFiles(checkpoints).First(f => f.Contains("12", StringComparison.Ordinal))), secondsTo: 0);
        Check(History.Load(log), secondsTo: 1e-3);       // a log rounds times alone

        void Check(History loaded, double secondsTo)
        {
            Assert.Equal(history.Epochs.Count, loaded.Epochs.Count);
            foreach (var (expected, epoch) in history.Epochs.Zip(loaded.Epochs))
            {
                Assert.Equal((expected.Epoch, expected.Step, expected.LearningRate), (epoch.Epoch, epoch.Step, epoch.LearningRate));
                Assert.Equal(expected.Seconds, epoch.Seconds, secondsTo + 1e-12);
                foreach (string name in history.Names) Assert.Equal(expected[name], epoch[name]);
            }
        }
    }

    [Fact]
    public void Figures_of_a_log_need_not_be_finite()
    {
        string log = Path.Combine(folder, "log.csv");
        File.WriteAllText(log, "epoch,step,seconds,lr,loss,val_loss\n1,4,0.5,0.1,Infinity,\n2,8,0.5,0.1,NaN,2.5\n");
        var history = History.Load(log);
        Assert.Equal([double.PositiveInfinity, double.NaN], history["loss"]);
        Assert.Equal([double.NaN, 2.5], history["val_loss"]);
        Assert.Equal(8, history.Last!.Step);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        string table = Path.Combine(folder, "houses.csv"), other = Path.Combine(folder, "other.safetensors");
        File.WriteAllText(table, "rooms,price\n1,2\n");
        Assert.Contains("epoch, step, seconds, lr", MessageOf(table), StringComparison.Ordinal);
        new Checkpoint { Model = new Linear(1, 1) }.Save(other);
        Assert.Contains("holds no history", MessageOf(other), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => History.Load(folder));

        static string MessageOf(string path) => Assert.Throws<InvalidDataException>(() => History.Load(path)).Message;
    }
}
