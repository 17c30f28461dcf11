namespace DeepNet.Nn;

/// <summary>
/// A module that says where it is: while it computes, errors and anomaly detection know its path, and hooks see what goes in
/// and out. What is built in derives from it; a network of one's own can derive from <see cref="Module"/> directly.
/// </summary>
public abstract class Layer : Module
{
    private const int StackCheck = 8;    // asking for the rest of the stack takes several nanoseconds: once in so many levels will do

    private List<Action<Layer, Tensor>>? before;
    private List<Func<Layer, Tensor, Tensor, Tensor?>>? after;
    private bool isPlaced;
    private string? kind;

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var place = Enter();
        try
        {
            if (before is not null) Announce(x);
            var y = Compute(x);
            return after is null ? y : Report(x, y);
        }
        catch (Exception e) when (IsToBeLocated(e))
        {
            throw Located(e);
        }
    }

    /// <summary>Computes the output.</summary>
    protected abstract Tensor Compute(Tensor x);

    /// <summary>
    /// Gets a value indicating whether somebody looks at what goes in or out, a hook or anomaly detection, so that the layer is to be
    /// computed by itself.
    /// </summary>
    internal bool IsWatched => before is { Count: > 0 } || after is { Count: > 0 } || Anomaly.IsOn;

    /// <summary>The multiplications and additions of one call, as a summary counts them; 0 where they are few.</summary>
    protected internal virtual long CountFlops(Shape input, Shape output) => 0;

    /// <summary>Calls an action before each forward pass with the input. Dispose the result to remove it.</summary>
    public IDisposable RegisterForwardPreHook(Action<Layer, Tensor> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return new Hook<Action<Layer, Tensor>>(before ??= [], hook);
    }

    /// <summary>
    /// Calls a function after each forward pass with the input and the output; it may return another output to go on with, or
    /// null. Dispose the result to remove it.
    /// </summary>
    public IDisposable RegisterForwardHook(Func<Layer, Tensor, Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return new Hook<Func<Layer, Tensor, Tensor, Tensor?>>(after ??= [], hook);
    }

    /// <summary>
    /// For layers of several inputs, which have a method of their own beside <see cref="Forward(Tensor)"/>: runs a computation as that
    /// does, its place known and hooks called.
    /// </summary>
    /// <param name="x">The input that hooks see.</param>
    /// <param name="compute">The computation.</param>
    protected Tensor Locate(Tensor x, Func<Tensor> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return Locate(x, () => (compute(), 0)).Output;
    }

    /// <summary>The same for more than one output; hooks see the first.</summary>
    /// <inheritdoc cref="Locate(Tensor, Func{Tensor})" path="/param"/>
    protected (Tensor Output, TOther Other) Locate<TOther>(Tensor x, Func<(Tensor, TOther)> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(x);
        using var place = Enter();
        try
        {
            if (before is not null) Announce(x);
            var (y, other) = compute();
            return (after is null ? y : Report(x, y), other);
        }
        catch (Exception e) when (IsToBeLocated(e))
        {
            throw Located(e);
        }
    }

    private static bool IsToBeLocated(Exception e) => e is (ArgumentException or IndexOutOfRangeException) and not LayerException;

    private LayerException Located(Exception e) => new(Place, e.Message, e);

    private string Place => Path.Length > 0 ? Path : kind ??= Description;

    // A model whose parameters nobody asked for has no paths yet: then the outermost layer gives them to what is inside.
    private Placed Enter()
    {
        var thread = ThreadContext.Current;
        if (!isPlaced)
        {
            isPlaced = true;
            if (thread.ModulePath is null && Path.Length == 0) PlaceParts();
        }
        if (thread.LayerDepth % StackCheck == StackCheck - 1) RequireStack("forward", Place);
        return new Placed(thread, Place);
    }

    private void Announce(Tensor x)
    {
        if (Listener.IsOn && before!.Count > 0) Listener.RefuseAll("hook", $"runs a hook on the input of {Place}");
        foreach (var hook in before!.ToArray()) hook(this, x);
    }

    private Tensor Report(Tensor x, Tensor y)
    {
        if (Listener.IsOn && after!.Count > 0) Listener.RefuseAll("hook", $"runs a hook on the output of {Place}");
        foreach (var hook in after!.ToArray()) y = hook(this, x, y) ?? y;
        return y;
    }

    private protected override void ForgetHooks() => (before, after, isPlaced) = (null, null, false);

    private readonly ref struct Placed
    {
        private readonly ThreadContext thread;
        private readonly string? outer;

        public Placed(ThreadContext thread, string path)
        {
            this.thread = thread;
            outer = thread.ModulePath;
            thread.ModulePath = path;
            thread.LayerDepth++;
        }

        public void Dispose()
        {
            thread.ModulePath = outer;
            thread.LayerDepth--;
        }
    }

    private sealed class Hook<T> : IDisposable
    {
        private readonly List<T> hooks;
        private readonly T hook;

        public Hook(List<T> hooks, T hook)
        {
            (this.hooks, this.hook) = (hooks, hook);
            hooks.Add(hook);
        }

        public void Dispose() => hooks.Remove(hook);
    }
}
