using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Onnx;
using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

/// <summary>The scripts about models of others, with small models in the place of those that large packages carry.</summary>
public class FinetuneOnnxTests(FinetuneOnnxScript script) : IClassFixture<FinetuneOnnxScript>
{
    [Fact]
    public void Learns_the_drawn_shapes_and_writes_the_whole_model()
    {
        using var folder = new Folder();
        var features = new Sequential(
            new Conv2d(3, 8, 5, stride: 4, generator: new(1)), new Relu(), new Conv2d(8, 16, 5, stride: 4, generator: new(2)), new Relu(),
            new AdaptiveAvgPool2d(3), new Flatten());
        OnnxExport.Save(features, folder["small.onnx"], Tensor.Zeros(1, 3, 224, 224));
        using var run = script.Run(folder.Path, "--model", "small.onnx", "--pictures", "12", "--epochs", "4", "--out", "mine.onnx");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("48 pictures of 4 classes: cross, disc, ring, square", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"held out: loss \d+\.\d+  accuracy [01]\.\d+\n", run.Output);
        var whole = OnnxModel.Load(folder["mine.onnx"]);
        Assert.Equal("picture float32 (batch, 3, 224, 224)", whole.Inputs.Single().ToString());
        Assert.Equal(new Shape(2, 4), whole.Forward(Tensor.Zeros(2, 3, 224, 224)).Shape);
    }

    [Fact]
    public void Help_and_mistakes() => ScriptTests.CheckHelp(script, "--data", "--date");
}

/// <inheritdoc cref="FinetuneOnnxTests"/>
public class SearchTests(SearchScript script) : IClassFixture<SearchScript>
{
    [Fact]
    public void Finds_the_paragraph_that_is_the_question()
    {
        using var folder = new Folder();
        string[] words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cats", "sleep", "all", "day", "ships", "sail", "the", "sea"];
        File.WriteAllLines(folder["vocab.txt"], words);
        var model = new Bert(new(words.Length, 16, 1, 2, 32) { ContextLength = 128 }, new Generator(1));
        var tokens = Tensor.Zeros(new Shape(1, 4), DType.Int64);
        OnnxExport.Save(model, folder["bert.onnx"], new OnnxExportOptions
        {
            InputNames = ["input_ids", "attention_mask", "token_type_ids"],
            SymbolicAxes = [.. Enumerable.Range(0, 3).Select(_ => new Dictionary<int, string> { [0] = "batch", [1] = "steps" })],
            Forward = x => [model.Forward(x[0], x[1].NotEqual(0), x[2])],
        }, tokens, Tensor.OnesLike(tokens), tokens);
        string cats = string.Join(' ', Enumerable.Repeat("cats sleep all day", 5));
        string ships = string.Join(' ', Enumerable.Repeat("ships sail the sea", 5));
        const string heading = "# A heading that is long enough to be a paragraph, but is none of them";
        File.WriteAllText(folder["text.md"], $"{heading}\n\n{cats}\n\nshort\n\n{ships}\n");
        using var run = script.Run(folder.Path, ships, "--text", "text.md", "--model", "bert.onnx", "--vocabulary", "vocab.txt");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        Assert.Equal("2 paragraphs of text.md", lines[0]);
        Assert.Equal($"1.000  text.md: {ships}", lines[1]);
        Assert.EndsWith(cats, lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_mistakes() => ScriptTests.CheckHelp(script, "--best", "--beast");
}
