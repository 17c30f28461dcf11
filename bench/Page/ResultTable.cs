using System.Globalization;

namespace DeepNet.Bench.Page;

/// <summary>The results of all cases, a row a case, the numbers of threads side by side.</summary>
internal static class ResultTable
{
    public static string Of(IReadOnlyList<Result> results, IReadOnlyList<int> threadCounts)
    {
        var headings = threadCounts.SelectMany(threads => (string[])
            [$"DeepNet, {threads} thread{(threads > 1 ? "s" : "")}", "LibTorch", "ratio", "of least", "of limit"]);
        return Tables.Of(["case", .. headings], results.GroupBy(r => r.Case.Name).Select(group => (IEnumerable<string>)
        [
            group.Key, .. threadCounts.SelectMany(threads => Cells(group.FirstOrDefault(r => r.Threads == threads))),
        ]));
    }

    private static string[] Cells(Result? result) => result is null ? ["", "", "", "", ""] :
    [
        Units.Time(result.Ours), result.Theirs is { } theirs ? Units.Time(theirs) : "", Units.Ratio(result.Ratio),
        Units.Ratio(result.LeastRatio), result.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %") : "",
    ];
}
