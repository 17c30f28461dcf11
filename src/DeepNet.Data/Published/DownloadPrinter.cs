using DeepNet.Data.Download;

namespace DeepNet.Data.Published;

/// <summary>Writes a line at each tenth of a download that takes a while, and each note.</summary>
internal sealed class DownloadPrinter(TextWriter to) : IProgress<DownloadProgress>
{
    private const double Mebibyte = 1 << 20;
    private const int Parts = 10;

    private string name = "";
    private long part;

    public void Report(DownloadProgress value)
    {
        if (value.Note is not null)
        {
            to.WriteLine($"[datasets] {value.Name}: {value.Note}");
            return;
        }
        if (value.Name != name) (name, part) = (value.Name, -1);
        long size = Math.Max(value.Total ?? 0, Parts), now = value.Total is null ? value.Received >> 24 : value.Received * Parts / size;
        bool isShort = value.Total < Mebibyte && value.Received < value.Total;
        if (now == part || isShort) return;
        part = now;
        string total = value.Total is { } all ? $" of {all / Mebibyte:0.0}" : "";
        to.WriteLine($"[datasets] {value.Name}: {value.Received / Mebibyte:0.0}{total} MiB");
    }
}
