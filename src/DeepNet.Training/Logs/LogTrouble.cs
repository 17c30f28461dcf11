namespace DeepNet.Training.Logs;

/// <summary>Keeps trouble with a log from ending the run that it tells of: a full disk is told once a run, and the run goes on.</summary>
internal sealed class LogTrouble
{
    private bool isTold;

    /// <summary>A run begins.</summary>
    public void Reset() => isTold = false;

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
            if (!isTold) trainer.Warn($"{e.Message.TrimEnd('.')}. The run goes on, and the log is tried again.");
            isTold = true;
            return false;
        }
    }
}
