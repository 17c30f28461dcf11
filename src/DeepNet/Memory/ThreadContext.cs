namespace DeepNet.Devices;

/// <summary>
/// Everything the library keeps per thread, in one object, so that an operator pays for one thread-local look-up.
/// </summary>
internal sealed class ThreadContext
{
    [ThreadStatic] private static ThreadContext? current;

    public static ThreadContext Current
    {
        [MethodImpl(AggressiveInlining)]
        get => current ?? Create();
    }

    [MethodImpl(NoInlining)]
    private static ThreadContext Create() => current = new();

    /// <summary>True inside <see cref="Autograd.NoGrad"/>.</summary>
    public bool IsGradOff;

    /// <summary>
    /// The innermost autocast region; null outside of all, and where it is off. Memory knows nothing of tensors, so its type stays open
    /// here.
    /// </summary>
    public object? Autocast;

    /// <summary>Sets up again what surrounds the code that runs, such as other weights in its modules; null if nothing does.</summary>
    public Func<IDisposable>? Surroundings;

    /// <summary>The observer of allocations: the innermost memory scope, or a running backward pass.</summary>
    public StorageScope? Scope;

    /// <summary>The innermost region that a user's call opened on this thread.</summary>
    public Region Region = new();

    /// <summary>A scope's ledger to use again.</summary>
    public ScopeLedger? SpareLedger;

    /// <summary>The path of the module that is running, for error messages; null outside of modules.</summary>
    public string? ModulePath;

    /// <summary>The innermost of those who listen on this thread; null if nobody does.</summary>
    public Listener? Listener;

    /// <summary>The number of operators that are running, each inside the one before, while somebody listens.</summary>
    public int RecordedDepth;

    /// <summary>True inside a call that those who repeat a recording run as it is.</summary>
    public bool IsInCall;

    /// <summary>The number of layers that are running, each inside the one before.</summary>
    public int LayerDepth;

    /// <summary>The free blocks that this thread took from each pool, by <see cref="BlockPool.Index"/>.</summary>
    public ThreadFront?[] Fronts = new ThreadFront?[4];

    private long nextSequence, lastSequence;
    private static long sequence;

    /// <summary>
    /// A number larger than that of anything made earlier on this thread. Drawn in batches: what was made earlier on another
    /// thread can have a larger number, but an operator's result is always numbered after its own inputs' (see <see cref="Node"/>).
    /// </summary>
    public long NextSequence()
    {
        if (nextSequence == lastSequence)
        {
            lastSequence = Interlocked.Add(ref sequence, 1024);
            nextSequence = lastSequence - 1024;
        }
        return ++nextSequence;
    }

    ~ThreadContext()
    {
        foreach (var front in Fronts) front?.ReturnAll();
    }
}
