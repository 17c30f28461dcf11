namespace DeepNet;

/// <summary>
/// Walks the graph backwards: takes the latest node that has a gradient, lets it hand gradients to its inputs, and goes on. No
/// recursion, so depth costs nothing. What a pass allocates belongs to the pass: a gradient is reused in place where nobody
/// else holds it and given back as soon as it is consumed.
/// </summary>
internal sealed class Engine
{
    // An engine to use again.
    [ThreadStatic] private static Engine? spare;

    private readonly NodeHeap heap = new();
    private readonly NodeScope temporaries = new();
    private Node[]? captured;
    private Tensor?[]? captures;
    private long lastWanted;
    private bool isBusy;

    // Leaves whose gradients somebody waits for, and the number of a node at whose turn the next of them is complete.
    private ReadyLeaves? ready;
    private long readyBelow = long.MinValue;

    // The node whose turn it is, in anomaly mode.
    private Node? current;

    /// <summary>True if gradients are returned for chosen nodes instead of gathered in leaves.</summary>
    public bool IsCapturing => captured is not null;

    /// <summary>True if the pass itself is recorded, so that its results can be differentiated again.</summary>
    public bool CreateGraph { get; private set; }

    /// <summary>
    /// One backward pass from <paramref name="roots"/>. Gradients are gathered in the leaves or, if <paramref name="inputs"/>
    /// is given, returned for those nodes only.
    /// </summary>
    public static Tensor?[] Run(
        ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor?> gradients, bool retain, bool createGraph, Node[]? inputs = null)
    {
        var thread = ThreadContext.Current;
        var engine = spare is { isBusy: false } ? spare : spare = new Engine();
        return engine.Pass(thread, roots, gradients, retain, createGraph, inputs);
    }

    [MethodImpl(NoInlining)]
    private Tensor?[] Pass(ThreadContext thread, ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor?> gradients, bool retain,
        bool createGraph, Node[]? inputs)
    {
        bool wasGradOff = thread.IsGradOff;
        var autocast = thread.Autocast;
        var outer = thread.Scope;
        foreach (var root in roots) _ = root.Node;      // an error if it is out of date, which is none while nothing is recorded
        isBusy = true;
        CreateGraph = createGraph;
        captured = inputs;
        captures = inputs is null ? [] : new Tensor?[inputs.Length];
        lastWanted = inputs is null ? -1 : long.MaxValue;
        foreach (var input in inputs ?? []) lastWanted = Math.Min(lastWanted, input.Sequence);
        thread.IsGradOff = !createGraph;
        thread.Autocast = null;                         // the types of the forward pass are those of the backward pass
        bool isDone = false;
        Tensor? inHand = null;
        try
        {
            if (!createGraph) temporaries.Begin(thread);
            for (int i = 0; i < roots.Length; i++) Seed(roots[i], i < gradients.Length ? gradients[i] : null);
            if (!createGraph) temporaries.Flush();
            if (Leaf.Listeners > 0 && inputs is null) ListenFor(roots);
            while (heap.Count > 0)
            {
                var node = heap.Pop();
                inHand = node.Gradient!;
                node.Gradient = null;
                if (node.Sequence < readyBelow) Announce(thread, node.Sequence, outer);
                if (node.Hooks is { } hooks) inHand = RunHooks(thread, hooks, inHand, outer);
                Step(node, inHand, retain || createGraph);
            }
            inHand = null;
            if (ready is not null) Announce(thread, long.MinValue, outer);
            isDone = true;
        }
        finally
        {
            if (!isDone) Abandon(inHand);
            temporaries.End();
            thread.Scope = outer;
            thread.IsGradOff = wasGradOff;
            thread.Autocast = autocast;
            captured = null;
            current = null;
            if (ready is not null) (ready, readyBelow) = (null, long.MinValue);
            isBusy = false;
        }
        var found = captures;
        captures = null;
        // What is returned belongs to the caller, so to the scope that the caller is in.
        if (!createGraph && outer is not null)
            foreach (var gradient in found)
                if (gradient is not null) outer.Made(gradient.Storage);
        return found;
    }

    private void ListenFor(ReadOnlySpan<Tensor> roots)
    {
        ready = new ReadyLeaves();
        foreach (var root in roots) ready.Look(root.Node!);
        readyBelow = ready.Below;
    }

    /// <summary>Tells of the leaves to which no node that is numbered as given, or below, adds anything.</summary>
    [MethodImpl(NoInlining)]
    private void Announce(ThreadContext thread, long sequence, StorageScope? outer)
    {
        // What those who listen allocate is theirs, and not the pass's.
        var inner = thread.Scope;
        thread.Scope = outer;
        try
        {
            while (ready!.TryTake(sequence) is { } leaf) leaf.Ready?.Invoke();
        }
        finally
        {
            thread.Scope = inner;
        }
        readyBelow = ready.Below;
    }

    /// <summary>After an error: gives back what the pass was holding.</summary>
    private void Abandon(Tensor? inHand)
    {
        if (inHand is not null && !CreateGraph) Done(inHand);
        while (heap.Count > 0)
        {
            var node = heap.Pop();
            if (!CreateGraph) Done(node.Gradient!);
            node.Gradient = null;
        }
        temporaries.Flush();
        if (!CreateGraph)
            foreach (var capture in captures!) capture?.Storage.Release();
        captures = null;
    }

    private void Seed(Tensor root, Tensor? gradient)
    {
        var node = root.Node ?? throw new InvalidOperationException(
            "[backward] the tensor does not depend on anything that requires a gradient. Set RequiresGrad on a parameter before it is "
                + "used, and don't compute the loss inside Autograd.NoGrad(). "
            + "Parameters of float16 and bfloat16 have no gradient: train with float32 parameters, under Autocast for speed.");
        if (gradient is null)
        {
            if (root.Shape.Count != 1)
                throw new InvalidOperationException(
                    $"[backward] a gradient can be started at a single number only, and this tensor has shape {root.Shape}. Reduce it "
                    + "(Sum, Mean) or pass the upstream gradient.");
            gradient = Tensor.Full(root.Shape, 1, root.DType, root.Device);
        }
        else if (!gradient.Shape.Equals(root.Shape))
        {
            throw new ArgumentException(
                $"[backward] the upstream gradient has shape {gradient.Shape}, the tensor {root.Shape}; they must be equal.");
        }
        if (gradient.Device != root.Device)
            throw new ArgumentException($"[backward] the upstream gradient is on {gradient.Device}, the tensor on {root.Device}.");
        Give(node, gradient.DType == root.DType ? gradient : gradient.To(root.DType));
    }

    private void Step(Node node, Tensor gradient, bool retain)
    {
        if (Anomaly.IsOn) current = node;
        int slot = Slot(node);
        if (slot >= 0) captures![slot] = Own(gradient, uses: 1);
        // Inputs are numbered below their users: what is numbered below all that is asked for leads to none of it.
        if (node.Sequence > lastWanted || node.HasHiddenInputs) Propagate(node, gradient, retain);
        if (CreateGraph) return;
        if (gradient.Storage.NeedsLook) gradient.EndRead(node.Name);
        Done(gradient);
        temporaries.Flush();
    }

    private void Propagate(Node node, Tensor gradient, bool retain)
    {
        if (node is Leaf && captured is not null) return;
        if (node.IsFreed)
            throw new InvalidOperationException(
                $"[backward] a second pass through a graph that was freed (at {node.Name}). The first Backward lets go of what it "
                + "used; call it with retainGraph: true if there is to be another.");
        if (Listener.IsOn) Watched(node, gradient);
        else node.Backward(gradient, this);
        if (ready is not null && node.HasHiddenInputs) LookAgain();
        if (retain || node is Leaf) return;
        node.Free();
        node.IsFreed = true;
    }

    // A function that was run again has put new nodes before those that wait.
    [MethodImpl(NoInlining)]
    private void LookAgain()
    {
        if (heap.Count > 0) ready!.Look(heap.Top);
        readyBelow = ready!.Below;
    }

    // Apart, so that nobody else pays for its frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Watched(Node node, Tensor gradient)
    {
        using var step = Recording.Enter(node.Name, node.ModulePath, isBackward: true);
        node.Backward(gradient, this);
    }

    private static Tensor RunHooks(ThreadContext thread, GradientHooks hooks, Tensor gradient, StorageScope? outer)
    {
        if (Listener.IsOn) Listener.RefuseAll("hook", "runs a hook on a gradient");
        // The user may keep what a hook is shown, and what it allocates is the user's.
        var storage = gradient.Storage;
        if (storage.IsEngineOwned)
        {
            storage.IsEngineOwned = false;
            if (outer is ScopeLedger) outer.Made(storage);
        }
        var inner = thread.Scope;
        thread.Scope = outer;
        try
        {
            var result = hooks.Run(gradient);
            storage.GradientUses--;
            result.Storage.GradientUses++;
            return result;
        }
        finally
        {
            thread.Scope = inner;
        }
    }

    /// <summary>Adds to the gradient of a node. A null node wants none.</summary>
    [MethodImpl(NoInlining)]
    public void Give(Node? to, Tensor gradient)
    {
        if (to is null) return;
        if (Anomaly.IsOn) Anomaly.CheckGradient(current, to, gradient);
        if (to is Leaf { Hooks: null } leaf)
        {
            if (captured is null) leaf.Accumulate(gradient, this);
            else Capture(Slot(to), gradient);
            return;
        }
        var sum = to.Gradient;
        if (sum is null)
        {
            to.Gradient = gradient;
            gradient.Storage.GradientUses++;
            heap.Push(to);
        }
        else if (CreateGraph)
        {
            to.Gradient = Add(sum, gradient);
        }
        else if (MayOverwrite(sum))
        {
            sum.AddInto(gradient);
        }
        else
        {
            var total = Add(sum, gradient);
            total.Storage.GradientUses++;
            to.Gradient = total;
            Done(sum);
        }
    }

    /// <summary>Adds rows to the gradient of a leaf.</summary>
    public void Give(Leaf to, SparseGradient rows)
    {
        if (Anomaly.IsOn) Anomaly.CheckGradient(current, to, rows.Values);
        to.Accumulate(rows);
    }

    // The leaf itself is not touched: several threads may ask for gradients of the same parameters at once.
    private void Capture(int slot, Tensor gradient)
    {
        if (slot < 0) return;
        if (captures![slot] is not { } sum) captures[slot] = Own(gradient, uses: 0);
        else if (CreateGraph) captures[slot] = Add(sum, gradient);
        else sum.AddInto(gradient);
    }

    private int Slot(Node node)
    {
        var wanted = captured;
        if (wanted is not null)
            for (int i = 0; i < wanted.Length; i++)
                if (ReferenceEquals(wanted[i], node)) return i;
        return -1;
    }

    // Half types are added in float32, and stay what they are.
    private static Tensor Add(Tensor sum, Tensor gradient) => (sum + gradient).To(sum.DType);

    /// <summary>The gradient itself or a copy that the pass has no hold on.</summary>
    private Tensor Own(Tensor gradient, int uses)
        => CreateGraph || TryTake(gradient, uses) ? gradient : Outlive(gradient.CopyDense());

    /// <summary>The sum that a node's gradients have come to so far, if more may be added to it in place; else null.</summary>
    public Tensor? OpenSum(Node to)
    {
        if (CreateGraph) return null;
        if (to is Leaf { Hooks: null } leaf && captured is null) return leaf.OpenSum;
        return to.Gradient is { } sum && MayOverwrite(sum) ? sum : null;
    }

    /// <summary>
    /// The place of a view's gradient in the gradient of what it is a view of, to be added to instead of given; null if the node is no
    /// view, or somebody looks on. Heads that were split from one projection so write its gradient themselves, without a copy.
    /// </summary>
    public Tensor? Place(Node view, DType dtype, Device device)
        => CreateGraph || captured is not null || Anomaly.IsOn || view.Hooks is not null ? null : view.Place(this, dtype, device);

    /// <summary>
    /// For views: the gradient of their input so far, zeros where there is none yet, if more may be added to it in place; or null.
    /// </summary>
    public Tensor? OpenGradient(Node to, Shape shape, DType dtype, Device device)
    {
        if (to.Hooks is not null) return null;
        if (to.Place(this, dtype, device) is { } place) return place;
        if (OpenSum(to) is { } sum) return sum;
        if (to.Gradient is not null) return null;
        Give(to, Tensor.Full(shape, 0, dtype, device));
        return OpenSum(to);
    }

    /// <summary>True if nobody but one gradient slot of this pass can see the tensor's memory, so that it may be written over.</summary>
    /// <remarks>It is dense then, in row-major order or with its channels side by side.</remarks>
    public static bool MayOverwrite(Tensor gradient)
        => IsHeldOnce(gradient) && (gradient.IsContiguous || gradient.IsChannelsLast);

    /// <summary>The same for a tensor of any layout, whose elements may share memory.</summary>
    public static bool IsHeldOnce(Tensor gradient) => gradient.Storage is { IsEngineOwned: true, GradientUses: 1 };

    /// <summary>
    /// Makes a gradient of this pass the caller's own, if it is dense, fills its memory and nobody else (beyond the given uses) holds it.
    /// </summary>
    public static bool TryTake(Tensor gradient, int uses = 0)
    {
        var storage = gradient.Storage;
        if (!storage.IsEngineOwned || storage.GradientUses != uses || !gradient.IsContiguous
            || gradient.Shape.Count != storage.Shape.Count) return false;
        storage.IsEngineOwned = false;
        return true;
    }

    /// <summary>Excepts a tensor made during this pass from being given back with it.</summary>
    public static Tensor Outlive(Tensor tensor)
    {
        tensor.Storage.IsEngineOwned = false;
        return tensor;
    }

    private static void Done(Tensor gradient)
    {
        var storage = gradient.Storage;
        if (--storage.GradientUses == 0 && storage.IsEngineOwned) storage.Release();
    }

    /// <summary>Sees what each node allocates; at the node's end, what did not become somebody's gradient is given back.</summary>
    private sealed class NodeScope : StorageScope
    {
        private Storage[] made = new Storage[16];
        private int count;

        public void Begin(ThreadContext thread)
        {
            Outer = thread.Scope;
            Depth = Outer?.Depth ?? 0;
            thread.Scope = this;
        }

        public override void Made(Storage storage)
        {
            if (count == made.Length) Array.Resize(ref made, 2 * count);
            storage.IsEngineOwned = true;
            made[count++] = storage;
        }

        public void Flush()
        {
            for (int i = 0; i < count; i++)
            {
                var storage = made[i];
                made[i] = null!;
                if (storage.IsEngineOwned && storage.GradientUses == 0) storage.Release();
            }
            count = 0;
        }

        public void End()
        {
            Flush();
            Outer = null;
        }
    }
}
