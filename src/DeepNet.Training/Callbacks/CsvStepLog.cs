using System.Globalization;
using System.Text;
using DeepNet.IO;
using DeepNet.Training.Logs;

namespace DeepNet.Training;

/// <summary>
/// Writes every step into a CSV file: <c>step,epoch,loss,lr,gradient_norm</c>. After a run is resumed the steps since the checkpoint, which
/// are taken again, are written again and not twice: the file is that of a run that never stopped.
/// </summary>
/// <remarks>
/// Rows wait in memory for a while, but are on the disk before a checkpoint that stands behind them. A file that cannot be written when the
/// run begins is an error; one that cannot later, as on a full disk, is in <see cref="History.Warnings"/>, and its rows are tried again.
/// </remarks>
public sealed class CsvStepLog : Callback
{
    private const int MostWaiting = 1 << 14;             // bytes

    private const string Header = "step,epoch,loss,lr,gradient_norm";

    private readonly string path;
    private readonly LogTrouble trouble = new();
    private RecordFile? file;                            // null outside of a run

    /// <summary>Names the file; a new run writes it anew, with its first rows.</summary>
    public CsvStepLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override string Name => $"CsvStepLog:{Path.GetFileName(path)}";

    /// <inheritdoc/>
    protected internal override bool IsForMain => true;

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        trouble.Reset();
        RecordFile.Probe(path);
        file = new RecordFile(path, trainer.Step > 0 ? null : Encoding.UTF8.GetBytes(Header + "\n"));
        if (trainer.Step == 0) return;
        string[] kept = [.. File.ReadLines(path).Skip(1).Where(line => StepOf(line) <= trainer.Step)];
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', [Header, .. kept]) + "\n")));
    }

    /// <inheritdoc/>
    protected internal override void OnStepEnd(Trainer trainer, in StepRecord step)
    {
        string norm = double.IsNaN(step.GradientNorm) ? "" : CsvText.Number(step.GradientNorm);
        string loss = CsvText.Number(step.Loss), rate = CsvText.Number(step.LearningRate);
        string row = FormattableString.Invariant($"{step.Step},{step.Epoch},{loss},{rate},{norm}\n");
        file!.Add(Encoding.UTF8.GetBytes(row));
        if (file.IsDue(MostWaiting)) Flush(trainer, toDisk: false);
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch) => Flush(trainer, toDisk: false);

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        Flush(trainer, toDisk: true);
        file = null;
    }

    /// <summary>Nothing is kept: the rows that the checkpoint counts on are put on the disk before it.</summary>
    protected internal override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Flush(state.Trainer, toDisk: true);
    }

    private void Flush(Trainer trainer, bool toDisk)
    {
        if (file is not null) trouble.Try(trainer, () => file.Flush(toDisk));
    }

    // A line that a kill cut off is none: it has fewer cells, or belongs to a step that is taken again.
    private static long StepOf(string line)
    {
        string[] cells = line.Split(',');
        return cells.Length == Header.Split(',').Length
            && long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : long.MaxValue;
    }
}
