using DeepNet.IO;
using DeepNet.Training;

namespace DeepNet.Tool.Runs;

/// <summary>A run: the folder that names it, and its history.</summary>
internal sealed record Run(string Name, History History);

/// <summary>Finds runs in folders.</summary>
internal static class RunFinder
{
    /// <summary>
    /// Finds the runs in folders and below them, by name; what lies in the folder of a run belongs to it. A history that cannot be read is
    /// told, and left out.
    /// </summary>
    /// <exception cref="IOException">A folder does not exist, or none has a run.</exception>
    public static IReadOnlyList<Run> Find(IReadOnlyList<string> folders, Action<string> tell)
    {
        var runs = new List<Run>();
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder} is no folder.");
            Visit(folder);
        }
        return runs.Count > 0 ? runs
            : throw new IOException(
                $"{string.Join(", ", folders)}: no run. A run is a folder with checkpoints of a Trainer or the file of a CsvLog.");

        void Visit(string place)
        {
            string? source = Directory.GetFiles(place, "*.csv").FirstOrDefault(IsLog)
                ?? (new CheckpointFolder(place).Latest is null ? null : place);
            if (source is null)
            {
                foreach (string below in Directory.GetDirectories(place).Order(StringComparer.Ordinal)) Visit(below);
                return;
            }
            try
            {
                runs.Add(new(place, History.Load(source)));
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                tell($"deepnet: {e.Message}");
            }
        }
    }

    private static bool IsLog(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char["epoch,step,seconds,lr".Length];
        return reader.ReadBlock(start) == start.Length && new string(start) == "epoch,step,seconds,lr";
    }
}
