using DeepNet.Data;
using DeepNet.Hosting.Tests.Support;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Hosting.Tests.Training;

public class LoggerCallbackTests
{
    private static Trainer Trainer(MemoryLog log, Func<Tensor, Tensor, Tensor> loss)
    {
        var model = new Linear(2, 1);
        return new Trainer(model, new Sgd(model.Parameters(), 0.01), loss)
        {
            Callbacks = [new LoggerCallback(log)],
            Progress = ProgressStyle.None,
        };
    }

    private static DataLoader Data() => new(new TensorDataset(Tensor.Ones(8, 2), Tensor.Ones(8, 1)), 4);

    [Fact]
    public void A_run_is_told_to_the_log()
    {
        var log = new MemoryLog();
        Trainer(log, Loss.Mse).Fit(Data(), epochs: 2);
        string[] lines = [.. log.Lines];
        Assert.Equal(4, lines.Length);
        Assert.Equal("Information: Training Linear with 3 parameters to epoch 2, from step 0 on", lines[0]);
        Assert.Matches("^Information: Epoch 1 of 2 took [0-9.E-]+ s: \\[loss, [0-9.E-]+\\]$", lines[1]);
        Assert.StartsWith("Information: Epoch 2 of 2 took ", lines[2], StringComparison.Ordinal);
        Assert.Equal("Information: Training ends (Completed) after step 4: all epochs are done", lines[3]);
    }

    [Fact]
    public void A_failure_is_an_error()
    {
        var log = new MemoryLog();
        Assert.Throws<InvalidOperationException>(
            () => Trainer(log, (_, _) => throw new InvalidOperationException("broken")).Fit(Data()));
        Assert.Contains("broken", log.Lines.Last(), StringComparison.Ordinal);
        Assert.StartsWith("Error: Training ends (Failed) after step 0: ", log.Lines.Last(), StringComparison.Ordinal);
    }
}
