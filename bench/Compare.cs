using System.Globalization;
using System.Text.Json;

namespace DeepNet.Bench;

/// <summary>Times cases in rounds that alternate with PyTorch's, and prints medians and ratios.</summary>
internal static class Compare
{
    public static int Run(IReadOnlyList<Case> cases, int threads, int rounds, bool asJson)
    {
        CpuDevice.Threads = threads;
        using var torch = TorchSide.TryStart(threads, out string reason);
        if (!asJson)
        {
            Console.WriteLine(Machine.Describe(threads));
            Console.WriteLine(torch is null ? $"Nothing to compare with: {reason}." : torch.Description);
            Console.WriteLine();
            Console.WriteLine($"{"case",-28} {"ours",12} {"PyTorch",12} {"ratio",8}  {"mark",14}");
        }
        foreach (var item in cases)
        {
            var (ours, theirs) = Time(item, torch, rounds);
            if (asJson) Console.WriteLine(Json(item, threads, ours, theirs));
            else Console.WriteLine(Row(item, ours, theirs));
        }
        return 0;
    }

    private static (double Ours, double? Theirs) Time(Case item, TorchSide? torch, int rounds)
    {
        var action = item.Setup();
        Timing.WarmUp(action);
        List<double> ours = [], theirs = [];
        for (int round = 0; round < rounds; round++)
        {
            ours.Add(Timing.Median(action, windows: 7) / item.Repeat);
            if (torch?.Time(item.Name) is { } seconds) theirs.Add(seconds);
        }
        return (Timing.Median(ours), theirs.Count > 0 ? Timing.Median(theirs) : null);
    }

    private static string Row(Case item, double ours, double? theirs)
    {
        string ratio = theirs is null ? "" : (theirs.Value / ours).ToString("F2", CultureInfo.InvariantCulture);
        bool isJudged = item.Limit > 0 || (item.Mark > 0 && theirs is not null);
        bool meets = (item.Mark == 0 || theirs is null || theirs / ours >= item.Mark) && (item.Limit == 0 || ours <= item.Limit);
        string mark = item.Mark > 0 ? $"≥ {item.Mark.ToString(CultureInfo.InvariantCulture)}" : "";
        if (item.Limit > 0) mark += $"{(mark.Length > 0 ? ", " : "")}≤ {Units.Time(item.Limit)}";
        return $"{item.Name,-28} {Units.Time(ours),12} {(theirs is null ? "–" : Units.Time(theirs.Value)),12} {ratio,8}  {mark,14} {(!isJudged ? "" : meets ? "✓" : "short")}";
    }

    private static string Json(Case item, int threads, double ours, double? theirs) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["name"] = item.Name, ["threads"] = threads, ["median_ms"] = ours * 1e3, ["torch_ms"] = theirs * 1e3, ["ratio"] = theirs / ours,
    });
}
