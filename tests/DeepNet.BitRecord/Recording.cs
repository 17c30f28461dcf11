using System.Runtime.Intrinsics;
using DeepNet.BitRecord.Cases;

namespace DeepNet.BitRecord;

/// <summary>Runs all cases and writes their hashes.</summary>
internal static class Recording
{
    private static readonly (string Topic, Action<Recorder> Record)[] Topics =
    [
        ("formulas", FormulaCases.Record),
        ("operators", OperatorCases.Record),
        ("golden", GoldenCases.Record),
        ("rows", RowCases.Record),
        ("losses", LossCases.Record),
        ("products", ProductCases.Record),
        ("convolutions", ConvolutionCases.Record),
        ("pooling", PoolingCases.Record),
        ("indexing", IndexingCases.Record),
        ("random", RandomCases.Record),
        ("recurrent", RecurrentCases.Record),
        ("attention", AttentionCases.Record),
        ("optimizers", OptimizerCases.Record),
        ("networks", NetworkCases.Record),
    ];

    /// <summary>Gets the width of the vectors that the kernels use in this process.</summary>
    private static int Width =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>Writes a record of the topics that begin with a prefix.</summary>
    public static int Write(string file, string prefix)
    {
        using var writer = new StreamWriter(file);
        writer.WriteLine($"# vectors of {Width} bits");
        Run(writer, prefix);
        return 0;
    }

    /// <summary>Runs the cases of the topics that begin with a prefix.</summary>
    public static void Run(TextWriter writer, string prefix)
    {
        foreach (var (topic, record) in Topics)
            if (topic.StartsWith(prefix, StringComparison.Ordinal)) record(new Recorder(writer, topic));
    }
}
