using System.Diagnostics;

namespace DeepNet.Hosting.Predicting;

/// <summary>An input that waits for its output.</summary>
internal sealed class Request<TRow, TOut>
{
    // Whoever awaits goes on on a thread of the pool: the one that computes batches is not lent.
    private readonly TaskCompletionSource<TOut> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Request(TRow row, ActivityContext? caller)
    {
        (Row, Caller) = (row, caller);
        Place = new LinkedListNode<Request<TRow, TOut>>(this);
    }

    public TRow Row { get; }

    /// <summary>Gets the activity of the caller, for the batch to refer to.</summary>
    public ActivityContext? Caller { get; }

    public long Arrived { get; } = Stopwatch.GetTimestamp();

    /// <summary>Gets the place in the queue.</summary>
    public LinkedListNode<Request<TRow, TOut>> Place { get; }

    public Task<TOut> Task => completion.Task;

    public void Complete(TOut output) => completion.TrySetResult(output);

    public void Fail(Exception reason) => completion.TrySetException(reason);

    public void Cancel(CancellationToken token) => completion.TrySetCanceled(token);

    /// <summary>Gives back what the row holds. For whoever took the request from the queue.</summary>
    public void Release() => (Row as IDisposable)?.Dispose();
}
