using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>
/// Reads a question a line. The name of a case: times one round of it and answers with the median and the least seconds per call. "check"
/// and a name: answers with what each way of the case computes. "none" is the answer if there is no such case.
/// </summary>
internal static class Server
{
    private static Case? prepared;
    private static Action action = () => { };
    private static int calls;

    public static int Run(int threads)
    {
        set_num_threads(threads);
        string capability = System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "AVX-512" : "AVX2";
        string wrapper = typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);
        Console.WriteLine($"torch {__version__}: LibTorch with MKL and oneDNN, through TorchSharp {wrapper}, {capability}");
        while (Console.ReadLine() is { } question)
        {
            string name = question[(question.LastIndexOf(' ') + 1)..];
            var item = AllCases.ByName.GetValueOrDefault(name);
            string answer = item is null ? "none" : question.Length > name.Length ? Outcomes(item) : Round(item);
            GC.Collect();
            Console.WriteLine(answer);
        }
        return 0;
    }

    private static string Outcomes(Case item)
        => JsonSerializer.Serialize(item.Ways.ToDictionary(way => way.Label, way => Outcome.Of(way.Setup)));

    private static string Round(Case item)
    {
        if (prepared != item) Prepare(item);
        var sample = Timing.Round(action, calls) / item.Repeat;
        return string.Create(CultureInfo.InvariantCulture, $"{sample.Median:R} {sample.Least:R}");
    }

    /// <summary>Warms all ways of a case up, and keeps the fastest.</summary>
    private static void Prepare(Case item)
    {
        (prepared, action) = (item, () => { });
        double best = double.PositiveInfinity;
        foreach (var way in item.Ways)
        {
            Draws.Restart();
            var candidate = way.Setup();
            Timing.WarmUp(candidate);
            int count = Timing.Calls(candidate, 0.02);
            double seconds = item.Ways.Length == 1 ? 0 : Enumerable.Range(0, 3).Min(_ => Timing.Round(candidate, count).Least);
            if (seconds < best) (best, action, calls) = (seconds, candidate, count);
        }
    }
}
