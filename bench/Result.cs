using System.Globalization;

namespace DeepNet.Bench;

/// <summary>The times of a case: medians, and the medians of ratios within a round, which saw the same machine.</summary>
internal sealed record Result(Case Case, int Threads, double Ours, double Least)
{
    /// <summary>Their time; null if there is nobody or nothing to compare with.</summary>
    public double? Theirs { get; init; }

    /// <summary>Their time by ours.</summary>
    public double? Ratio { get; init; }

    /// <summary>Their least time by ours.</summary>
    public double? LeastRatio { get; init; }

    /// <summary>The share of what the machine can do.</summary>
    public double? Share { get; init; }

    /// <summary>Gets what is different, if the two sides did not compute the same; nothing has been timed then.</summary>
    public string? Difference { get; init; }

    /// <summary>Operations or bytes in a second.</summary>
    public double Speed => Case.Work.Amount / Ours;

    private double Mark => Threads > 1 ? Case.Mark.More : Case.Mark.One;

    private double ShareMark => Threads > 1 ? Case.Share.More : Case.Share.One;

    public string Marks()
    {
        var marks = new List<string>();
        if (Mark > 0) marks.Add(string.Create(CultureInfo.InvariantCulture, $"≥ {Mark:0.##}"));
        if (ShareMark > 0) marks.Add(string.Create(CultureInfo.InvariantCulture, $"≥ {ShareMark * 100:F0} %"));
        if (Case.Limit > 0) marks.Add($"≤ {Units.Time(Case.Limit)}");
        return string.Join(", ", marks);
    }

    public string Verdict()
    {
        if (Difference is not null) return "DIFFERS";
        bool isJudged = Case.Limit > 0 || (Mark > 0 && Ratio is not null) || (ShareMark > 0 && Share is not null) || Case.Note is not null;
        bool meets = !(Ratio < Mark) && !(Share < ShareMark) && (Case.Limit == 0 || Ours <= Case.Limit)
            && (Case.Note is null || Case.Note().Meets);
        return !isJudged ? "" : meets ? "✓" : "short";
    }
}
