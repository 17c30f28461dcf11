using System.Text.Json;

namespace DeepNet.Tests.Golden;

/// <summary>One line of a golden file: an operator, its arguments, inputs and outputs, and the gradients for given upstream ones.</summary>
/// <remarks>How the lines come about is said in tests/golden/generate.py.</remarks>
public sealed class GoldenCase
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement;

    private readonly JsonElement args;

    private GoldenCase(JsonElement json)
    {
        Operator = json.GetProperty("op").GetString()!;
        Name = json.GetProperty("case").GetString()!;
        args = json.TryGetProperty("args", out var given) ? given : NoArguments;
        Inputs = Tensors(json, "in")!;
        Outputs = Tensors(json, "out")!;
        Upstream = Tensors(json, "up");
        Gradients = Tensors(json, "grad");
    }

    public string Operator { get; }
    public string Name { get; }
    public GoldenTensor[] Inputs { get; }
    public GoldenTensor[] Outputs { get; }
    public GoldenTensor?[]? Upstream { get; }
    public GoldenTensor?[]? Gradients { get; }

    /// <summary>Inputs are special values: outputs are compared by relative error alone.</summary>
    public bool IsEdges => Flag("edges");

    /// <summary>A zero in the result has a sign that counts.</summary>
    public bool HasSignedZeros => Flag("signed");

    /// <summary>The function is a composition of others, whose errors add up in its tails.</summary>
    public bool IsComposed => Flag("composed");

    /// <summary>The documented error of a function at one element, where it is not a relative one.</summary>
    public double Absolute(int element) => Has("absolute") ? Number("absolute") * Math.Abs(Inputs[0].Reals[element]) : 0;

    public bool IsFor(DType floating) => !Has("only") || Text("only") == floating.Name();

    public bool Has(string name) => args.TryGetProperty(name, out _);
    public bool Flag(string name, bool otherwise = false) => args.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;
    public int Int(string name, int otherwise) => Has(name) ? Int(name) : otherwise;
    public string[] Texts(string name) => [.. args.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
    public int Int(string name) => args.GetProperty(name).GetInt32();
    public double Number(string name) => args.GetProperty(name).GetDouble();
    public double Number(string name, double otherwise) => Has(name) ? Number(name) : otherwise;
    public double[] Numbers(string name) => [.. args.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
    public string Text(string name) => args.GetProperty(name).GetString()!;
    public int[] Ints(string name) => [.. args.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
    public int[] Ints(string name, params int[] otherwise) => Has(name) ? Ints(name) : otherwise;

    private static GoldenTensor[]? Tensors(JsonElement json, string name) => json.TryGetProperty(name, out var array)
        ? [.. array.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Null ? null! : GoldenTensor.Read(e))]
        : null;

    /// <summary>All cases by "operator: name", from the files embedded in this assembly.</summary>
    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = ReadAll();

    private static Dictionary<string, GoldenCase> ReadAll()
    {
        var all = new Dictionary<string, GoldenCase>();
        var assembly = typeof(GoldenCase).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".jsonl", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            while (reader.ReadLine() is { } line)
            {
                using var document = JsonDocument.Parse(line);
                var found = new GoldenCase(document.RootElement.Clone());
                all.Add($"{found.Operator}: {found.Name}", found);
            }
        }
        return all;
    }
}
