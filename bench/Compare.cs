using System.Globalization;
using System.Text.Json;

namespace DeepNet.Bench;

/// <summary>Times cases in rounds that alternate with PyTorch's and with the machine's limits, and prints medians and ratios.</summary>
internal static class Compare
{
    /// <summary>What a case took: medians, and the medians of ratios within a round, which saw the same machine.</summary>
    private sealed record Result(Case Case, int Threads, double Ours, double? Theirs, double? Ratio, double? Share, double Speed)
    {
        private double Mark => Threads > 1 ? Case.Mark.More : Case.Mark.One;

        private double ShareMark => Threads > 1 ? Case.Share.More : Case.Share.One;

        public string Marks()
        {
            var marks = new List<string>();
            if (Mark > 0) marks.Add(string.Create(CultureInfo.InvariantCulture, $"≥ {Mark}"));
            if (ShareMark > 0) marks.Add(string.Create(CultureInfo.InvariantCulture, $"≥ {ShareMark * 100:F0} %"));
            if (Case.Limit > 0) marks.Add($"≤ {Units.Time(Case.Limit)}");
            return string.Join(", ", marks);
        }

        public string Verdict()
        {
            bool isJudged = Case.Limit > 0 || (Mark > 0 && Ratio is not null) || (ShareMark > 0 && Share is not null)
                || Case.Note is not null;
            bool meets = !(Ratio < Mark) && !(Share < ShareMark) && (Case.Limit == 0 || Ours <= Case.Limit)
                && (Case.Note is null || Case.Note().Meets);
            return !isJudged ? "" : meets ? "✓" : "short";
        }
    }

    public static int Run(IReadOnlyList<Case> cases, IReadOnlyList<int> threadCounts, int rounds, bool asJson)
    {
        if (cases.Count == 0)
        {
            Console.Error.WriteLine("No case has such a name; `compare --list` names them all.");
            return 1;
        }
        foreach (int threads in threadCounts)
        {
            CpuDevice.Threads = threads;
            using var torch = TorchSide.TryStart(threads, out string reason);
            if (!asJson) Header(threads, torch, reason);
            else if (torch is null) Console.Error.WriteLine($"Nothing to compare with: {reason}.");
            foreach (var item in cases)
            {
                if (item.IsSerial && threads > 1 && threadCounts.Count > 1) continue;
                var result = Time(item, threads, torch, rounds);
                Console.WriteLine(asJson ? Json(result) : Row(result));
                GC.Collect();
                Memory.Reclaim();
            }
            if (!asJson) Console.WriteLine();
        }
        return 0;
    }

    private static Result Time(Case item, int threads, TorchSide? torch, int rounds)
    {
        var action = item.Setup();
        Timing.WarmUp(action);
        var limits = new Limits(threads);
        List<double> ours = [], theirs = [], ratios = [], shares = [];
        int calls = Timing.Calls(action, 0.02);
        for (int round = 0; round < rounds; round++)
        {
            double mine = Timing.Round(action, calls) / item.Repeat;
            ours.Add(mine);
            if (torch?.Time(item.Name) is { } other)
            {
                theirs.Add(other);
                ratios.Add(other / mine);
            }
            if (item.Work.Bound != Bound.None) shares.Add(item.Work.Amount / mine / limits.Measure(item.Work.Bound));
        }
        double median = Timing.Median(ours);
        return new Result(item, threads, median, Middle(theirs), Middle(ratios), Middle(shares), item.Work.Amount / median);
    }

    private static double? Middle(List<double> values) => values.Count > 0 ? Timing.Median(values) : null;

    private static void Header(int threads, TorchSide? torch, string reason)
    {
        Console.WriteLine(Machine.Describe(threads));
        Console.WriteLine(torch is null ? $"Nothing to compare with: {reason}." : torch.Description);
        Console.WriteLine();
        Console.WriteLine($"{"case",-40} {"ours",12} {"PyTorch",12} {"ratio",7} {"of limit",9} {"speed",11}  marks");
    }

    private static string Row(Result r)
    {
        string ratio = r.Ratio is null ? "" : r.Ratio.Value.ToString("F2", CultureInfo.InvariantCulture);
        string share = r.Share is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{r.Share.Value * 100:F0} %");
        string speed = r.Share is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{r.Speed / 1e9:F1} {r.Case.Work.Unit}");
        string theirs = r.Theirs is null ? "–" : Units.Time(r.Theirs.Value), note = r.Case.Note is null ? "" : " " + r.Case.Note().Text;
        return $"{r.Case.Name,-40} {Units.Time(r.Ours),12} {theirs,12} {ratio,7} {share,9} {speed,11}  "
            + $"{r.Marks()}{note} {r.Verdict()}".TrimEnd();
    }

    private static string Json(Result r)
    {
        var line = new Dictionary<string, object?> { ["name"] = r.Case.Name, ["threads"] = r.Threads, ["median_ms"] = r.Ours * 1e3 };
        if (r.Share is not null) (line["throughput"], line["unit"], line["of_limit"]) = (r.Speed / 1e9, r.Case.Work.Unit, r.Share);
        if (r.Theirs is not null) (line["torch_ms"], line["ratio"]) = (r.Theirs * 1e3, r.Ratio);
        if (r.Marks().Length > 0) (line["marks"], line["meets"]) = (r.Marks(), r.Verdict() == "✓");
        if (r.Case.Note is not null) line["note"] = r.Case.Note().Text;
        return JsonSerializer.Serialize(line);
    }
}
