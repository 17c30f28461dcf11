using System.Globalization;
using System.Text;

namespace DeepNet.Tracing;

/// <summary>Writes a profile as tables.</summary>
internal static class ProfileText
{
    private const int Widest = 40;

    public static string Of(Profiler profiler, int rows)
    {
        var operators = profiler.Operators;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Milliseconds(profiler.Total)} ms in {operators.Sum(row => row.Calls)} operators\n\n");
        Write(text, "operator", operators, profiler.Total, rows);
        text.Append('\n');
        Write(text, "module", profiler.Modules, profiler.Total, int.MaxValue);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string title, IReadOnlyList<ProfileRow> all, TimeSpan whole, int most)
    {
        var rows = all.Take(most).ToList();
        bool hasLimits = rows.Any(row => row.ShareOfLimit is not null);
        int width = Math.Clamp(rows.Select(row => Name(row).Length).Append(title.Length).Max(), 8, Widest);
        text.Append(title.PadRight(width)).Append("  calls   self ms    self  total ms     GFLOP  GFLOP/s       MiB     GB/s");
        text.Append(hasLimits ? "  of limit\n" : "\n");
        foreach (var row in rows)
        {
            double seconds = row.Total.TotalSeconds, share = whole > TimeSpan.Zero ? row.Self / whole : 0;
            string name = Name(row);
            if (name.Length > width) name = string.Concat("…", name.AsSpan(name.Length - width + 1));
            text.Append(name.PadRight(width));
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Calls,7}{Milliseconds(row.Self),10}{share,8:P1}{Milliseconds(row.Total),10}{Number(row.Flops / 1e9),10}");
            text.Append(CultureInfo.InvariantCulture, $"{Number(row.Flops / seconds / 1e9),9}{Number(row.Bytes / 1048576),10}");
            text.Append(CultureInfo.InvariantCulture, $"{Number(row.Bytes / seconds / 1e9),9}");
            if (hasLimits) text.Append(CultureInfo.InvariantCulture, $"{row.ShareOfLimit,10:P0}");
            text.Append('\n');
        }
        if (all.Count > rows.Count)
            text.Append(CultureInfo.InvariantCulture, $"… and {all.Count - rows.Count} more of {Milliseconds(Rest(all, most))} ms\n");
    }

    private static TimeSpan Rest(IReadOnlyList<ProfileRow> all, int most)
        => all.Skip(most).Aggregate(TimeSpan.Zero, (sum, row) => sum + row.Self);

    private static string Name(ProfileRow row) => (row.Name.Length == 0 ? "(outside)" : row.Name) + (row.IsBackward ? " ←" : "");

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F3", CultureInfo.InvariantCulture);

    private static string Number(double value)
        => value == 0 || !double.IsFinite(value) ? "–" : value.ToString(value < 10 ? "F3" : "F1", CultureInfo.InvariantCulture);
}
