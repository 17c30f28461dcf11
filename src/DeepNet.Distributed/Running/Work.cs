using System.Runtime.ExceptionServices;

namespace DeepNet.Distributed.Running;

/// <summary>A collective that was asked for, and that the communication thread does or has done.</summary>
internal sealed class Work(string name, Action action)
{
    private readonly object gate = new();
    private ExceptionDispatchInfo? failure;
    private volatile bool isDone;

    /// <summary>Gets what it is, for messages.</summary>
    public string Name => name;

    public bool IsDone => isDone;

    /// <summary>Gets what went wrong; null if nothing did.</summary>
    public Exception? Failure => failure?.SourceException;

    /// <summary>Waits until it is done, and throws what went wrong.</summary>
    public void Wait()
    {
        if (!isDone)
        {
            lock (gate)
            {
                while (!isDone) Monitor.Wait(gate);
            }
        }
        failure?.Throw();
    }

    public void Run()
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
        Finish();
    }

    private void Finish()
    {
        lock (gate)
        {
            isDone = true;
            Monitor.PulseAll(gate);
        }
    }
}
