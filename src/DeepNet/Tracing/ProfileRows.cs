using System.Diagnostics;

namespace DeepNet.Tracing;

/// <summary>Adds up a profile by operator and by module.</summary>
internal static class ProfileRows
{
    public static IReadOnlyList<ProfileRow> ByOperator(List<ProfileSpan> spans, ProfilerLimits? limits)
    {
        var sums = new Dictionary<(string, bool), Sum>();
        foreach (var span in spans)
        {
            // A kernel that no operator asked for stands for itself.
            bool isRow = !span.IsKernel || span.Outer is null;
            if (isRow)
            {
                var sum = Of(sums, (span.Name, span.IsBackward));
                sum.Calls++;
                sum.Self += span.Ticks;
                if (!IsInsideItself(span)) sum.Total += span.Ticks;
                if (span.Outer is { } outer) Of(sums, (outer.Name, outer.IsBackward)).Self -= span.Ticks;
            }
            if (!span.IsKernel) continue;
            var counted = new HashSet<(string, bool)>();
            for (var at = span; at is not null; at = at.Outer)
            {
                var key = (at.Name, at.IsBackward);
                if ((!at.IsKernel || at.Outer is null) && counted.Add(key)) Of(sums, key).Add(span, limits);
            }
        }
        return [.. Rows(sums, limits).OrderByDescending(row => row.Self)];
    }

    public static IReadOnlyList<ProfileRow> ByModule(List<ProfileSpan> spans, ProfilerLimits? limits)
    {
        var sums = new Dictionary<(string, bool), Sum>();
        foreach (var span in spans)
        {
            bool isOutermost = span.Outer is null;
            if (isOutermost) Of(sums, (span.Path, span.IsBackward)).Self += span.Ticks;
            foreach (string path in Around(span.Path))
            {
                var sum = Of(sums, (path, span.IsBackward));
                if (isOutermost) sum.Total += span.Ticks;
                if (isOutermost) sum.Calls++;
                if (span.IsKernel) sum.Add(span, limits);
            }
        }
        return [.. Rows(sums, limits).OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.IsBackward)];
    }

    public static TimeSpan Total(List<ProfileSpan> spans) => Time(spans.Where(span => span.Outer is null).Sum(span => span.Ticks));

    private static IEnumerable<ProfileRow> Rows(Dictionary<(string Name, bool IsBackward), Sum> sums, ProfilerLimits? limits)
        => sums.Select(pair => new ProfileRow(
            pair.Key.Name, pair.Key.IsBackward, pair.Value.Calls, Time(pair.Value.Total), Time(Math.Max(0, pair.Value.Self)),
            pair.Value.Flops, pair.Value.Bytes,
            limits is null ? null : pair.Value.Least / Math.Max(1e-9, Time(pair.Value.Total).TotalSeconds)));

    // a.b.c lies in a.b and in a; what is outside of modules lies in nothing.
    private static IEnumerable<string> Around(string path)
    {
        yield return path;
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1)) yield return path[..dot];
    }

    private static bool IsInsideItself(ProfileSpan span)
    {
        for (var at = span.Outer; at is not null; at = at.Outer)
            if (at.Name == span.Name && at.IsBackward == span.IsBackward) return true;
        return false;
    }

    private static Sum Of(Dictionary<(string, bool), Sum> sums, (string, bool) key)
    {
        if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new Sum());
        return sum;
    }

    private static TimeSpan Time(long ticks) => TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);

    private sealed class Sum
    {
        public int Calls;
        public long Total, Self;
        public double Flops, Bytes, Least;

        public void Add(ProfileSpan kernel, ProfilerLimits? limits)
        {
            Flops += kernel.Flops;
            Bytes += kernel.Bytes;
            if (limits is not null) Least += limits.Seconds(kernel.Flops, kernel.Bytes);
        }
    }
}
