using System.Runtime.CompilerServices;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models.Tests;

/// <summary>The example of docs/models.md is compiled here, runs, and is word for word what stands there.</summary>
public class DocumentationTests
{
    [Fact]
    public async Task Example_runs()
    {
        using var temporary = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = temporary.Path;
        try
        {
            new Gpt2(new(13, 48, 16, 2, 2), new(1)).SavePretrained("gpt2");
            Prepare();
            await Run([3, 1, 4], Tensor.Rand(new Shape(2, 3, 32, 32)), Tensor.From<long>(3, 7));
            Assert.True(File.Exists("tuned/model.safetensors"));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void Prepare() => new ResNet(ResNetConfig.ResNet18).SavePretrained("resnet18.safetensors");

    private static async Task Run(int[] prompt, Tensor images, Tensor labels)
    {
        // docs: the example
        var model = Gpt2.FromPretrained("gpt2");                        // config.json and model.safetensors of a folder
        int[] tokens = model.Generate(prompt, new() { MaxTokens = 40, Temperature = 0.8, TopP = 0.95, Generator = new(1) });
        await foreach (int token in model.GenerateAsync(prompt)) Console.Write($"{token} ");

        var net = new ResNet(ResNetConfig.ResNet18 with { Classes = 10 });
        Console.WriteLine(net.LoadPretrained("resnet18.safetensors", strict: false));       // all but the head, and says so
        var optimizer = new Adam(net.Head.Parameters(), 1e-3);
        Loss.CrossEntropy(net.Forward(images), labels).Backward();
        optimizer.Step();
        net.SavePretrained("tuned");                                    // under the same names
        // docs: end

        Assert.Equal(40, tokens.Length);
        Assert.Equal(new Shape(2, 10), net.Forward(images).Shape);
    }

    [Fact]
    public void It_is_what_the_page_shows()
    {
        var lines = File.ReadLines(Here()).SkipWhile(l => l.Trim() != "// docs: the example").Skip(1)
            .TakeWhile(l => l.Trim() != "// docs: end").Select(l => l.Trim());
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/models.md")).ReplaceLineEndings("\n");
        Assert.Contains(string.Join('\n', lines), page, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
