using System.Globalization;
using System.Text;
using DeepNet.IO;
using DeepNet.Training.Logs;

namespace DeepNet.Training;

/// <summary>
/// Writes the figures of each epoch into a CSV file: <c>epoch,step,seconds,lr,loss,accuracy,val_loss,…</c>, the moment they are known.
/// After a run is resumed the file goes on where the checkpoint was, whatever had been written since.
/// </summary>
/// <remarks>
/// A file that cannot be written when the run begins is an error; one that cannot later, as on a full disk, is in
/// <see cref="History.Warnings"/>, and written whole as soon as that works.
/// </remarks>
public sealed class CsvLog : Callback
{
    private readonly string path;
    private readonly LogTrouble trouble = new();
    private List<string>? columns;          // of figures, in the file; null where all of it is to be written

    /// <summary>Names the file; a new run writes it anew, with its first epoch.</summary>
    public CsvLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public override string Name => $"CsvLog:{Path.GetFileName(path)}";

    /// <inheritdoc/>
    protected internal override bool IsForMain => true;

    /// <inheritdoc/>
    protected internal override void OnFitStart(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        trouble.Reset();
        columns = null;
        RecordFile.Probe(path);
        if (trainer.History.Epochs.Count > 0) Rewrite(trainer.History);
    }

    /// <inheritdoc/>
    protected internal override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(epoch);
        // A figure that was not there before, as of a first validation, is a new column: then all is written again.
        bool isWritten = trouble.Try(trainer, () =>
        {
            if (columns is null || epoch.Values.Keys.Any(name => !columns.Contains(name))) Rewrite(trainer.History);
            else Append(epoch);
        });
        if (!isWritten) columns = null;
    }

    /// <inheritdoc/>
    protected internal override void OnFitEnd(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (columns is null && trainer.History.Epochs.Count > 0) trouble.Try(trainer, () => Rewrite(trainer.History));
    }

    private void Append(EpochRecord epoch)
    {
        var file = new RecordFile(path);
        file.Add(Encoding.UTF8.GetBytes(Row(epoch) + "\n"));
        file.Flush(toDisk: false);
    }

    private void Rewrite(History history)
    {
        columns = [.. history.Names];
        string[] header = ["epoch", "step", "seconds", "lr", .. columns.Select(CsvText.Quote)];
        var text = new StringBuilder(string.Join(',', header)).Append('\n');
        foreach (var epoch in history.Epochs) text.Append(Row(epoch)).Append('\n');
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private string Row(EpochRecord epoch)
    {
        string[] figures = [.. columns!.Select(name => epoch.Values.TryGetValue(name, out double value) ? CsvText.Number(value) : "")];
        return string.Join(',', [epoch.Epoch.ToString(CultureInfo.InvariantCulture), epoch.Step.ToString(CultureInfo.InvariantCulture),
            epoch.Seconds.ToString("0.000", CultureInfo.InvariantCulture), CsvText.Number(epoch.LearningRate), .. figures]);
    }
}
