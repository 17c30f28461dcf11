namespace DeepNet;

/// <summary>A region in which recording is off (or on again); disposing it restores what was before.</summary>
/// <remarks>
/// It is bound to its thread: what other threads compute meanwhile is recorded as they say. One that is not disposed ends with the async
/// method or the thread pool's work item that opened it.
/// </remarks>
public readonly ref struct GradMode
{
    private readonly Region? region;

    internal GradMode(bool off)
    {
        var thread = ThreadContext.Current;
        if (thread.IsGradOff == off) return;
        region = Region.Open(thread);
        thread.IsGradOff = off;
    }

    /// <summary>Restores the mode that was before. Harmless when repeated.</summary>
    public void Dispose() => region?.Close(ThreadContext.Current);
}
