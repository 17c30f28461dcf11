using System.Globalization;
using DeepNet.Data;
using DeepNet.IO;

namespace DeepNet.Training;

public sealed partial class History
{
    /// <summary>The text of a checkpoint in which the epochs are.</summary>
    internal const string CheckpointText = "history";

    private static readonly string[] LogStart = ["epoch", "step", "seconds", "lr"];

    /// <summary>
    /// Reads the epochs of a run from its folder of checkpoints, from a checkpoint, or from the file of a <see cref="CsvLog"/>.
    /// </summary>
    /// <param name="path">The folder or the file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or holds no history.</exception>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder has no checkpoint.</exception>
    /// <example><code>
    /// foreach (string run in Directory.GetDirectories("runs"))
    ///     Console.WriteLine($"{run}: {History.Load(run).Best("val_accuracy", higherIsBetter: true)}");
    /// </code></example>
    public static History Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = !Directory.Exists(path) ? path : new CheckpointFolder(path).Latest
            ?? throw new FileNotFoundException($"[history] {path} has no checkpoint.", path);
        var history = new History();
        history.epochs.AddRange(file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? FromLog(file) : FromCheckpoint(file));
        return history;
    }

    private static List<EpochRecord> FromCheckpoint(string path)
    {
        try
        {
            return Checkpoint.RecordOf(path).Texts.TryGetValue(CheckpointText, out string? json) ? HistoryJson.Read(json)
                : throw new InvalidDataException("it was not saved by a Trainer, and holds no history");
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith('['))
        {
            throw new InvalidDataException(Printable.Text($"[history] {path}: {e.Message}."), e);
        }
    }

    private static List<EpochRecord> FromLog(string path)
    {
        try
        {
            var table = CsvTable.Read(path, new CsvOptions { Separator = ',', DecimalMark = '.' });
            string[] names = [.. table.Columns.Select(c => c.Name)];
            if (!names.AsSpan().StartsWith(LogStart))
                throw new FormatException($"its columns do not begin with {string.Join(", ", LogStart)}");
            var columns = table.Columns.ToDictionary(c => c.Name, c => Numbers(table, c));
            return [.. Enumerable.Range(0, table.Count).Select(row => new EpochRecord(
                checked((int)columns["epoch"][row]), checked((long)columns["step"][row]), columns["seconds"][row], columns["lr"][row],
                new OrderedDictionary<string, double>(names.Skip(LogStart.Length).Select(n => KeyValuePair.Create(n, columns[n][row])))))];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException(Printable.Text($"[history] {path} is no log of a run: {e.Message.TrimEnd('.')}."), e);
        }
    }

    // A column that has figures which are not finite is one of texts.
    private static double[] Numbers(Table table, TableColumn column) => column.Kind == ColumnKind.Number
        ? table.Numbers(column.Name)
        : Array.ConvertAll(
            table.Texts(column.Name),
            text => text is null ? double.NaN : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
}
