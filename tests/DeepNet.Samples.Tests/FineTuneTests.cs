using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.IO;
using DeepNet.Models;
using DeepNet.Samples.Tests.Support;
using DeepNet.Tests.Processes;

namespace DeepNet.Samples.Tests;

public partial class FineTuneTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void What_a_network_knows_of_signs_helps_with_digits_however_little_is_trained()
    {
        using var folder = new Folder();
        using var run = Sample.Run("FineTune", folder.Path, "--signs", "60", "--pictures", "3000", "--first-epochs", "4",
            "--examples", "100", "--epochs", "15", "--test", "500");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Row[] rows = [.. Table().Matches(run.Output).Select(m => new Row(m))];
        Assert.Equal([650, 8458, 78042, 78042], rows.Select(r => r.Trained));
        Assert.Equal([0.83, 9.85, 100, 100], rows.Select(r => r.Share));
        var (head, lora, whole, scratch) = (rows[0], rows[1], rows[2], rows[3]);
        Assert.True(head.Accuracy > scratch.Accuracy + 30, run.Output);
        Assert.True(lora.Accuracy > scratch.Accuracy + 30, run.Output);
        Assert.True(whole.Accuracy > scratch.Accuracy + 30, run.Output);
        Assert.True(head.Memory < 0.6 * whole.Memory && lora.Memory < 0.8 * whole.Memory, run.Output);

        // What is frozen is the same in both, to the last bit, statistics too; adapters are part of the weights of their file.
        var (headFile, loraFile) = (Weights(folder, "head"), Weights(folder, "lora"));
        Assert.Equal(headFile.Keys, loraFile.Keys);
        foreach (var (name, tensor) in headFile)
        {
            bool isTrained = name.StartsWith("fc.", StringComparison.Ordinal)
                || (name.StartsWith("layer", StringComparison.Ordinal) && tensor.Rank >= 2);
            Assert.True(isTrained != tensor.ToArray<float>().AsSpan().SequenceEqual(loraFile[name].ToArray<float>()), name);
        }
        Assert.Contains("From 60 signs to made digits", File.ReadAllText(folder["runs/finetune/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_course_s_program_takes_weights_of_ImageNet_and_pictures_of_Cifar()
    {
        using var folder = new Folder();
        new ResNet(ResNetConfig.ResNet18, new Generator(1)).SavePretrained(folder.Path);
        var random = new Random(1);
        foreach (string part in new[] { "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch" })
        {
            byte[] records = new byte[10 * 3073];
            random.NextBytes(records);
            for (int i = 0; i < 10; i++) records[i * 3073] = (byte)i;
            File.WriteAllBytes(folder[$"{part}.bin"], records);
        }
        using var run = Sample.Run("FineTune", folder.Path, "--weights", "model.safetensors", "--data", ".", "--only", "head",
            "--examples", "20", "--test", "10", "--epochs", "1");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        var row = new Row(Assert.Single(Table().Matches(run.Output)));
        Assert.Equal(5130, row.Trained);
        Assert.Equal(0.05, row.Share);
        Assert.Contains("Tuned with 20 pictures (CIFAR-10), judged by 10 others", run.Output, StringComparison.Ordinal);
        var before = SafeTensors.Load(folder["model.safetensors"]);
        var after = Weights(folder, "head");
        Assert.Equal([10, 512], after["fc.weight"].Shape.Axes.ToArray());
        Assert.Equal(before["layer4.1.conv2.weight"].ToArray<float>(), after["layer4.1.conv2.weight"].ToArray<float>());
        Assert.Equal(before["layer4.1.bn2.running_var"].ToArray<float>(), after["layer4.1.bn2.running_var"].ToArray<float>());
    }

    [Fact]
    public void Mistakes_are_said_in_a_sentence()
    {
        using var folder = new Folder();
        using var data = Sample.Run("FineTune", folder.Path, "--data", folder.Path);
        Assert.Equal(2, data.ExitCode);
        Assert.Contains("has no files of CIFAR-10", data.Errors, StringComparison.Ordinal);
        using var weights = Sample.Run("FineTune", folder.Path, "--weights", "no.safetensors");
        Assert.Equal(2, weights.ExitCode);
        Assert.Contains("no.safetensors", weights.Errors, StringComparison.Ordinal);
        using var only = Sample.Run("FineTune", folder.Path, "--only", "loar");
        Assert.StartsWith("FineTune: --only is one of head, lora, whole, scratch, not 'loar'. Did you mean lora?", only.Errors,
            StringComparison.Ordinal);
        using var help = Sample.Run("FineTune", folder.Path, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.All(help.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    private static IReadOnlyDictionary<string, Tensor> Weights(Folder folder, string way)
        => SafeTensors.Load(folder[$"runs/finetune/{way}.safetensors"]);

    private sealed record Row(double Accuracy, int Trained, double Share, double Memory)
    {
        public Row(Match match) : this(
            Parse(match, 1), (int)Parse(match, 2), Parse(match, 3), Parse(match, 4))
        {
        }

        private static double Parse(Match match, int group)
            => double.Parse(match.Groups[group].Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    // Accuracy, numbers trained, share, milliseconds, MiB.
    [GeneratedRegex(@"^  \w.*?  +([\d.]+) %  +([\d,]+)  +([\d.]+) %  +[\d.]+  +([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex Table();
}
