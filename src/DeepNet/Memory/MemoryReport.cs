using System.Globalization;
using System.Text;

namespace DeepNet.Devices;

/// <summary>Writes what is live as a table.</summary>
internal static class MemoryReport
{
    private const int Rows = 12;

    public static string Table(BlockPool pool)
    {
        var groups = pool.LiveStorages()
            .GroupBy(s => (s.DType, Shape: s.Shape.ToString(), s.Origin))
            .Select(g => (g.Key, Count: g.Count(), Bytes: g.Sum(s => s.Block.Bytes)))
            .OrderByDescending(g => g.Bytes)
            .ToList();
        long live = groups.Sum(g => g.Bytes);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"Live: {Size(live)} in {groups.Sum(g => g.Count)} tensors; cached: {Size(Math.Max(0, pool.ReservedBytes - live))}; peak: "
            + $"{Size(pool.PeakBytes)}.");
        foreach (var (key, count, bytes) in groups.Take(Rows))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {Size(bytes),10}  {count,6} × {key.DType.Name()} {key.Shape}");
            if (key.Origin is not null) text.Append('\n').Append(key.Origin.TrimEnd());
        }
        if (groups.Count > Rows)
            text.Append(CultureInfo.InvariantCulture, $"\n  {Size(groups.Skip(Rows).Sum(g => g.Bytes)),10}  in {groups.Count - Rows} "
                + $"more groups");
        return text.ToString();
    }

    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F2} GiB"),
    };
}
