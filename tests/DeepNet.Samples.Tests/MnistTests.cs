using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

public partial class MnistTests
{
    [Fact]
    public void One_epoch_of_made_digits_learns_and_writes_what_it_says()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Mnist", folder.Path, "--data", "digits", "--epochs", "1", "--threads", "1");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Data: the made digits", run.Output, StringComparison.Ordinal);
        Assert.InRange(double.Parse(Right().Match(run.Output).Groups[1].Value, CultureInfo.InvariantCulture), 90, 100);
        string[] log = File.ReadAllLines(folder["runs/mnist/history.csv"]);
        Assert.Equal("epoch,step,seconds,lr,loss,accuracy,val_loss,val_accuracy", log[0]);
        Assert.Equal(2, log.Length);
        Assert.Contains("Digits: mlp on digits", File.ReadAllText(folder["runs/mnist/report.html"]), StringComparison.Ordinal);
        Assert.True(new FileInfo(folder["runs/mnist/model.safetensors"]).Length > 500_000);
        Assert.Single(Directory.GetFiles(folder["runs/mnist/checkpoints"]));
    }

    [Fact]
    public void A_quick_recipe_writes_its_report_when_asked()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Mnist", folder.Path, "--data", "digits", "--recipe", "fast98", "--report");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("report.html ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Digits: fast98 on digits", File.ReadAllText(folder["runs/mnist/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_to_terminate_ends_it_with_a_checkpoint_and_resume_goes_on()
    {
        if (OperatingSystem.IsWindows()) return;        // there is no such request
        using var folder = new Folder();
        string[] arguments = ["--no-download", "--data", "digits", "--model", "cnn", "--epochs", "50", "--batch", "50"];
        using (var run = Sample.Start("Mnist", folder.Path, arguments))
        {
            run.WaitFor("epoch 1/50");
            run.Terminate();
            run.WaitForExit();
            Assert.Equal(130, run.ExitCode);
            Assert.Contains("interrupted (a request to terminate) after ", run.Output, StringComparison.Ordinal);
            Assert.Contains("; to go on, run the same command with --resume", run.Output, StringComparison.Ordinal);
        }
        using (var run = Sample.Start("Mnist", folder.Path, [.. arguments, "--resume"]))
        {
            run.WaitFor("going on after step ");
            run.Terminate();
            run.WaitForExit();
            Assert.Equal(130, run.ExitCode);
        }
    }

    [Fact]
    public async Task The_live_page_shows_the_run_and_stays_until_it_is_closed()
    {
        using var folder = new Folder();
        using var run = Sample.Start("Mnist", folder.Path, "--no-download", "--data", "digits", "--epochs", "1", "--live");
        run.WaitFor("The live page stays open");
        string line = run.Output.Split('\n').Single(l => l.StartsWith("live page: ", StringComparison.Ordinal));
        var address = new Uri(line["live page: ".Length..].Trim());
        using var client = new HttpClient();
        Assert.Contains("live.js", await client.GetStringAsync(address), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Add("X-DeepNet-Token", address.Fragment["#token=".Length..]);
        Assert.True((await client.PostAsync(new Uri(address, "/close"), null)).IsSuccessStatusCode);
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var run = Sample.Run("Mnist", Path.GetTempPath(), "--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string option in new[] { "--model", "--data", "--no-download", "--epochs", "--batch", "--lr", "--seed", "--device",
            "--precision", "--threads", "--out", "--resume", "--recipe", "--report", "--live" })
            Assert.Contains($"\n  {option} ", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("there is no option --modle. Did you mean --model?", "--modle", "cnn")]
    [InlineData("--model is one of mlp, cnn, not 'cmn'. Did you mean cnn?", "--model=cmn")]
    [InlineData("--epochs takes a whole number, not 'many'.", "--epochs", "many")]
    [InlineData("--lr needs a value: --lr RATE.", "--lr", "--resume")]
    [InlineData("No device is called \"cdua\".", "--device", "cdua")]
    [InlineData("--recipe brings its own network", "--recipe", "fast98", "--model", "cnn")]
    public void What_is_wrong_is_said_in_a_sentence(string message, params string[] arguments)
    {
        using var run = Sample.Run("Mnist", Path.GetTempPath(), arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"Mnist: {message}", run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_folder_without_the_files_is_an_error()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Mnist", folder.Path, "--data", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("train-images-idx3-ubyte.gz", run.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"([\d.]+) % of 2,000 images")]
    private static partial Regex Right();
}
