using System.Globalization;
using System.Runtime.ExceptionServices;

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
    private const int MostDigits = 15;                   // of a file's number: larger ones were not counted up to

    private readonly string folder;
    private readonly int keep;
    private readonly bool maximize;
    private readonly Dictionary<string, double?> measures = [];
    private readonly List<string> warnings = [];

    /// <summary>Names the folder, which the first save makes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="keep">The number of latest files to keep; the best one is kept besides them.</param>
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

    /// <summary>
    /// The file with the best measure; null if none has any. Of equal ones the first, and a NaN is never best, nor is a file that cannot be
    /// read.
    /// </summary>
    public string? Best => FindBest(out _);

    /// <summary>
    /// Gets what went wrong without being an error: files that <see cref="TryLoadLatest(Checkpoint)"/> passed over because they could not
    /// be read.
    /// </summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Gets the number that the next file will have.</summary>
    internal long NextNumber => Numbered().LastOrDefault().Number + 1;

    /// <summary>Saves a checkpoint as the next file, then deletes those that are neither among the last nor the best.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="measure">The figure of the run at this point, such as the validation loss; null if that was not measured.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="IOException">The file could not be written; those that were there are as they were.</exception>
    public string Save(Checkpoint checkpoint, double? measure = null)
    {
        string path = Write(checkpoint, measure);
        Prune();
        return path;
    }

    /// <summary>Goes on from the last file. Where it cannot be read, from the one before, and <see cref="Warnings"/> says so.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="InvalidDataException">There are files, but all of them are damaged; nothing was changed.</exception>
    /// <exception cref="ArgumentException">The last file is of other models or optimizers than those here; nothing was changed.</exception>
    public bool TryLoadLatest(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return TryLoadLatest(checkpoint.Load);
    }

    /// <summary>Goes back to the best file.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryLoadBest(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (Best is not { } path) return false;
        checkpoint.Load(path);
        return true;
    }

    /// <summary>Saves a checkpoint as the next file, and deletes none.</summary>
    internal string Write(Checkpoint checkpoint, double? measure)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        string path = Path.Combine(folder, FormattableString.Invariant($"{Start}{NextNumber:D6}-step-{checkpoint.Step}{End}"));
        checkpoint.Save(path, measure);
        measures[path] = measure;
        return path;
    }

    /// <summary>Deletes the files that are neither among the last nor the best.</summary>
    internal void Prune()
    {
        string? best = FindBest(out var unreadable);
        // A file that cannot be read at the moment may be the best one.
        foreach (string old in Files.SkipLast(keep).Where(file => file != best && !unreadable.Contains(file)))
        {
            FileSystem.Current.TryDelete(old);           // what is left is deleted after the next save
            measures.Remove(old);
        }
        AtomicFile.CleanUp(folder, $".{Start}");         // the next file has another name than one that a kill interrupted
    }

    /// <summary>Loads the last file that can be read.</summary>
    internal bool TryLoadLatest(Action<string> load)
    {
        var failures = new List<Exception>();
        foreach (string path in Files.Reverse())
        {
            try
            {
                load(path);
                if (failures.Count == 0) return true;
                string reasons = string.Join(" ", failures.Select(f => f.Message));
                warnings.Add($"[checkpoint] going on from {path}, because what was saved later cannot be read: {reasons}");
                return true;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                failures.Add(e);
            }
        }
        if (failures.Count > 0) ExceptionDispatchInfo.Throw(failures[0]);
        return false;
    }

    /// <summary>Moves the files below a number into another folder. One that cannot be moved stays.</summary>
    /// <param name="number">The first number that stays.</param>
    /// <param name="target">The folder; made if it does not exist.</param>
    /// <param name="replace">True to delete the checkpoints that are in that folder first.</param>
    /// <returns>False if there are none.</returns>
    internal bool MoveBefore(long number, string target, bool replace)
    {
        var moved = Numbered().Where(f => f.Number < number).ToList();
        if (moved.Count == 0) return false;
        if (replace)
            foreach (string old in new CheckpointFolder(target).Files) FileSystem.Current.TryDelete(old);
        foreach (var (_, path) in moved)
        {
            try
            {
                FileSystem.Current.CreateFolder(target);
                FileSystem.Current.Rename(path, Path.Combine(target, Path.GetFileName(path)));
                measures.Remove(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It stays where it is, whole.
            }
        }
        return true;
    }

    private string? FindBest(out HashSet<string> unreadable)
    {
        string? best = null;
        double least = double.NaN;
        unreadable = [];
        foreach (string file in Files)
        {
            if (!measures.TryGetValue(file, out double? measure))
            {
                try
                {
                    measures[file] = measure = Checkpoint.RecordOf(file).Measure;
                }
                catch (InvalidDataException)
                {
                    measures[file] = null;               // damaged: it stays so
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    unreadable.Add(file);
                }
            }
            if (measure is not { } m || double.IsNaN(m)) continue;
            if (best is null || (maximize ? m > least : m < least)) (best, least) = (file, m);
        }
        return best;
    }

    private List<(long Number, string Path)> Numbered()
    {
        var files = new List<(long, string)>();
        if (!Directory.Exists(folder)) return files;
        foreach (string path in Directory.EnumerateFiles(folder, $"{Start}*{End}"))
        {
            string rest = Path.GetFileName(path)[Start.Length..];
            int digits = rest.IndexOf('-', StringComparison.Ordinal);
            if (digits is > 0 and <= MostDigits
                && long.TryParse(rest.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                files.Add((number, path));
        }
        files.Sort();
        return files;
    }
}
