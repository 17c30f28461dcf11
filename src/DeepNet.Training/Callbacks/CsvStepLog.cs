using System.Globalization;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Training;

/// <summary>
/// Writes every step into a CSV file: <c>step,epoch,loss,lr,gradient_norm</c>. After a run is resumed the steps since the checkpoint, which are
/// taken again, are written again and not twice.
/// </summary>
public sealed class CsvStepLog : Callback
{
    private const int MostWaiting = 1 << 14;             // characters

    private const string Header = "step,epoch,loss,lr,gradient_norm";

    private readonly string path;
    private readonly StringBuilder rows = new();         // not in the file yet

    /// <summary>Names the file; a new run writes it anew.</summary>
    public CsvStepLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override string Name => $"CsvStepLog:{Path.GetFileName(path)}";

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        string[] kept = trainer.Step > 0 && File.Exists(path) ? [.. File.ReadLines(path).Skip(1).Where(line => StepOf(line) <= trainer.Step)] : [];
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', [Header, .. kept]) + "\n")));
        rows.Clear();
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        string norm = double.IsNaN(step.GradientNorm) ? "" : CsvText.Number(step.GradientNorm);
        rows.Append(CultureInfo.InvariantCulture, $"{step.Step},{step.Epoch},{CsvText.Number(step.Loss)},{CsvText.Number(step.LearningRate)},{norm}\n");
        if (rows.Length > MostWaiting) Flush();
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => Flush();

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer) => Flush();

    private void Flush()
    {
        File.AppendAllText(path, rows.ToString());
        rows.Clear();
    }

    // A line that a kill cut off is none: it has fewer cells, or belongs to a step that is taken again.
    private static long StepOf(string line)
    {
        string[] cells = line.Split(',');
        return cells.Length == Header.Split(',').Length && long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : long.MaxValue;
    }
}
