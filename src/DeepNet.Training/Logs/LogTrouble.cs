namespace DeepNet.Training.Logs;

/// <summary>Keeps errors of a log from ending the run: a full disk is reported once a run, and the run goes on.</summary>
internal sealed class LogTrouble
{
    private bool isReported;

    /// <summary>A run begins.</summary>
    public void Reset() => isReported = false;

    /// <summary>Writes something. Returns false where that did not work.</summary>
    public bool Try(Trainer trainer, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!isReported) trainer.Warn($"{e.Message.TrimEnd('.')}. The run goes on, and the log is tried again.");
            isReported = true;
            return false;
        }
    }
}
