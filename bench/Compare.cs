using System.Globalization;
using System.Text.Json;

namespace DeepNet.Bench;

/// <summary>
/// Times cases in rounds that alternate with PyTorch's and with the machine's limits. First both sides do the case with the same numbers:
/// where their results differ, nothing is timed.
/// </summary>
internal static class Compare
{
    /// <summary>Prints a table, or one JSON line a case; 1 if a case differs or none is left.</summary>
    public static int Run(IReadOnlyList<Case> cases, IReadOnlyList<int> threadCounts, int rounds, bool asJson)
    {
        if (cases.Count == 0)
        {
            Console.Error.WriteLine("No case has such a name; `compare --list` names them all.");
            return 1;
        }
        bool differs = false;
        foreach (int threads in threadCounts)
        {
            using var torch = TorchSide.TryStart(threads, out string reason);
            if (!asJson) Header(threads, torch, reason);
            else if (torch is null) Console.Error.WriteLine($"Nothing to compare with: {reason}.");
            foreach (var result in Results(cases, threadCounts, threads, torch, rounds))
            {
                Console.WriteLine(asJson ? Json(result) : Row(result));
                differs |= result.Difference is not null;
            }
            if (!asJson) Console.WriteLine();
        }
        return differs ? 1 : 0;
    }

    /// <summary>The results of all cases that tell something with so many threads.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="threadCounts">The numbers of threads that are tried one after the other: what is serial is timed with one.</param>
    /// <param name="threads">Threads on both sides. With the first number of them, results are compared before they are timed.</param>
    /// <param name="torch">The other side.</param>
    /// <param name="rounds">Rounds of each side.</param>
    public static IEnumerable<Result> Results(
        IEnumerable<Case> cases, IReadOnlyList<int> threadCounts, int threads, TorchSide? torch, int rounds)
    {
        CpuDevice.Threads = threads;
        foreach (var item in cases)
        {
            if (item.IsSerial && threads > 1 && threadCounts.Count > 1) continue;
            string? difference = threads == threadCounts[0] ? torch?.FindDifference(item, out _) : null;
            yield return difference is null ? Time(item, threads, torch, rounds)
                : new Result(item, threads, double.NaN, double.NaN) { Difference = difference };
            GC.Collect();
            Memory.Reclaim();
        }
    }

    private static Result Time(Case item, int threads, TorchSide? torch, int rounds)
    {
        Draws.Restart();
        var action = item.Setup();
        Timing.WarmUp(action);
        var limits = new Limits(threads);
        List<double> ours = [], theirs = [], ratios = [], shares = [];
        double least = double.PositiveInfinity, theirLeast = double.PositiveInfinity;
        int calls = Timing.Calls(action, 0.02);
        for (int round = 0; round < rounds; round++)
        {
            var mine = Timing.Round(action, calls) / item.Repeat;
            ours.Add(mine.Median);
            least = Math.Min(least, mine.Least);
            if (torch?.Time(item.Name) is { } other)
            {
                theirs.Add(other.Median);
                ratios.Add(other.Median / mine.Median);
                theirLeast = Math.Min(theirLeast, other.Least);
            }
            if (item.Work.Bound != Bound.None) shares.Add(item.Work.Amount / mine.Median / limits.Measure(item.Work.Bound));
        }
        return new Result(item, threads, Timing.Median(ours), least)
        {
            Theirs = Middle(theirs), Ratio = Middle(ratios), LeastRatio = theirs.Count > 0 ? theirLeast / least : null,
            Share = Middle(shares),
        };
    }

    private static double? Middle(List<double> values) => values.Count > 0 ? Timing.Median(values) : null;

    private static void Header(int threads, TorchSide? torch, string reason)
    {
        Console.WriteLine(Machine.Describe(threads));
        Console.WriteLine(torch is null ? $"Nothing to compare with: {reason}." : torch.Description);
        Console.WriteLine();
        Console.WriteLine(
            $"{"case",-40} {"ours",12} {"PyTorch",12} {"ratio",7} {"of least",8} {"of limit",9} {"speed",11}  marks");
    }

    private static string Row(Result r)
    {
        if (r.Difference is not null) return $"{r.Case.Name,-40} {r.Verdict()}: {r.Difference}";
        string share = r.Share is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{r.Share.Value * 100:F0} %");
        string speed = r.Share is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{r.Speed / 1e9:F1} {r.Case.Work.Unit}");
        string theirs = r.Theirs is null ? "–" : Units.Time(r.Theirs.Value), note = r.Case.Note is null ? "" : " " + r.Case.Note().Text;
        return $"{r.Case.Name,-40} {Units.Time(r.Ours),12} {theirs,12} {Units.Ratio(r.Ratio),7} {Units.Ratio(r.LeastRatio),8} {share,9} "
            + $"{speed,11}  {r.Marks()}{note} {r.Verdict()}".TrimEnd();
    }

    private static string Json(Result r)
    {
        var line = new Dictionary<string, object?> { ["name"] = r.Case.Name, ["threads"] = r.Threads };
        if (r.Difference is not null) line["difference"] = r.Difference;
        else (line["median_ms"], line["least_ms"]) = (r.Ours * 1e3, r.Least * 1e3);
        if (r.Share is not null) (line["throughput"], line["unit"], line["of_limit"]) = (r.Speed / 1e9, r.Case.Work.Unit, r.Share);
        if (r.Theirs is not null) (line["torch_ms"], line["ratio"], line["least_ratio"]) = (r.Theirs * 1e3, r.Ratio, r.LeastRatio);
        if (r.Marks().Length > 0) (line["marks"], line["meets"]) = (r.Marks(), r.Verdict() == "✓");
        if (r.Case.Note is not null && r.Difference is null) line["note"] = r.Case.Note().Text;
        return JsonSerializer.Serialize(line);
    }
}
