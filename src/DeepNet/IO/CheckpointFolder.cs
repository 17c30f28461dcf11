using System.Globalization;

namespace DeepNet.IO;

/// <summary>
/// A folder of the last checkpoints of a run, and of its best one. The files say all there is to know, so nothing is lost
/// whenever the process dies.
/// </summary>
/// <example><code>
/// var checkpoints = new CheckpointFolder("runs/17", keep: 3);
/// checkpoints.TryLoadLatest(checkpoint);
/// …
/// checkpoints.Save(checkpoint, validationLoss);
/// </code></example>
public sealed class CheckpointFolder
{
    private const string Start = "checkpoint-", End = ".safetensors";

    private readonly string folder;
    private readonly int keep;
    private readonly bool maximize;
    private readonly Dictionary<string, double?> measures = [];

    /// <summary>Names the folder, which the first save makes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="keep">How many of the last files to keep; the best one is kept besides them.</param>
    /// <param name="maximize">True if a larger measure is better, as an accuracy; false for a loss.</param>
    public CheckpointFolder(string folder, int keep = 3, bool maximize = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        (this.folder, this.keep, this.maximize) = (Path.GetFullPath(folder), keep, maximize);
    }

    /// <summary>The files, in the order in which they were saved.</summary>
    public IReadOnlyList<string> Files => [.. Numbered().Select(f => f.Path)];

    /// <summary>The file that was saved last; null if there is none.</summary>
    public string? Latest => Numbered().LastOrDefault().Path;

    /// <summary>The file with the best measure; null if none has any. Of equal ones the first, and a NaN is never best.</summary>
    public string? Best
    {
        get
        {
            string? best = null;
            double least = double.NaN;
            foreach (string file in Files)
            {
                if (!measures.TryGetValue(file, out double? measure)) measures[file] = measure = Checkpoint.MeasureOf(file);
                if (measure is not { } m || double.IsNaN(m)) continue;
                if (best is null || (maximize ? m > least : m < least)) (best, least) = (file, m);
            }
            return best;
        }
    }

    /// <summary>Saves a checkpoint as the next file, then deletes those that are neither among the last nor the best.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="measure">How good the run is at this point, such as the validation loss; null if that was not measured.</param>
    /// <returns>The path of the file.</returns>
    public string Save(Checkpoint checkpoint, double? measure = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        long number = Numbered().LastOrDefault().Number + 1;
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Start}{number:D6}-step-{checkpoint.Step}{End}"));
        checkpoint.Save(path, measure);
        measures[path] = measure;
        string? best = Best;
        foreach (string old in Files.SkipLast(keep).Where(file => file != best))
        {
            File.Delete(old);
            measures.Remove(old);
        }
        AtomicFile.CleanUp(folder, $".{Start}");         // the next file has another name than one that a kill interrupted
        return path;
    }

    /// <summary>Goes on from the last file.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryLoadLatest(Checkpoint checkpoint) => TryLoad(checkpoint, Latest);

    /// <summary>Goes back to the best file.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryLoadBest(Checkpoint checkpoint) => TryLoad(checkpoint, Best);

    private static bool TryLoad(Checkpoint checkpoint, string? path)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (path is null) return false;
        checkpoint.Load(path);
        return true;
    }

    private List<(long Number, string Path)> Numbered()
    {
        var files = new List<(long, string)>();
        if (!Directory.Exists(folder)) return files;
        foreach (string path in Directory.EnumerateFiles(folder, $"{Start}*{End}"))
        {
            string rest = Path.GetFileName(path)[Start.Length..];
            int digits = rest.IndexOf('-', StringComparison.Ordinal);
            if (digits > 0 && long.TryParse(rest.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) files.Add((number, path));
        }
        files.Sort();
        return files;
    }
}
