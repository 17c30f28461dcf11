namespace DeepNet.Ops;

/// <summary>
/// A function in the graph that keeps its inputs only. Its backward pass runs it again, recorded and hung on the very nodes of
/// the inputs: the new nodes are the latest there are, so the engine goes through them next, in the same pass. Gradients of
/// parameters, chosen inputs, hooks and higher derivatives need nothing of their own here.
/// </summary>
internal sealed class Checkpoint : Node
{
    private readonly Node?[] nodes;
    private readonly Shape shape;
    private readonly SavedTensor[] saved;
    private readonly DrawLog draws;
    private readonly DType? autocast = Autocast.Type;
    private readonly Func<IDisposable>? surroundings = ThreadContext.Current.Surroundings;
    private Func<Tensor[], Tensor>? f;

    private Checkpoint(Func<Tensor[], Tensor> f, Tensor[] inputs, DrawLog draws, Node? latest, Shape shape) : base(latest)
    {
        this.f = f;
        this.draws = draws;
        this.shape = shape;
        nodes = [.. inputs.Select(x => x.Node)];
        saved = [.. inputs.Select(x => new SavedTensor(x))];
    }

    public static Tensor Of(Func<Tensor[], Tensor> f, Tensor[] inputs)
    {
        foreach (var x in inputs) ArgumentNullException.ThrowIfNull(x);
        inputs = [.. inputs];
        int[] versions = [.. inputs.Select(x => x.Storage.Version)];
        var draws = new DrawLog();
        Tensor result;
        using (GradSwitch.Off())
            result = Run(f, [.. inputs.Select(x => x.Detach())], draws)
                ?? throw new ArgumentException("[checkpoint] the function returned null.");
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i].Storage.Version != versions[i])
                throw new InvalidOperationException(
                    $"[checkpoint] the function changed its input {i} of shape {inputs[i].Shape} in place, and would change it again when "
                    + "the backward pass runs it again. Change a Clone().");
        if (!result.DType.IsFloating()) return result;
        // Numbered after the function ran, so after all that it used.
        result = result.Detach();
        result.Node = new Checkpoint(f, inputs, draws, inputs.Select(x => x.Node).MaxBy(n => n?.Sequence ?? -1), result.Shape);
        return result;
    }

    public override string Name => "checkpoint";
    public override int InputCount => nodes.Length;
    public override Node? Input(int index) => nodes[index];
    internal override bool HasHiddenInputs => true;

    internal override void Backward(Tensor gradient, Engine engine)
    {
        var thread = ThreadContext.Current;
        // What the second run makes is needed until the pass is through it, and not by this node alone. A recorded pass needs it for good.
        var release = engine.CreateGraph ? null : new Release(thread);
        Tensor result;
        try
        {
            draws.Replay();
            using (surroundings?.Invoke())
            using (Autocast.Again(autocast))
            using (GradSwitch.On()) result = Run(f!, [.. saved.Select((s, i) => Again(s.Require(Name), nodes[i]))], draws);
        }
        finally
        {
            release?.Leave(thread);
        }
        if (!result.Shape.Equals(shape))
            throw new InvalidOperationException(
                $"[checkpoint] the function gave shape {shape} and, when the backward pass ran it again, {result.Shape}. It must do "
                + "the same both times.");
        if (result.Node is null)
            throw new InvalidOperationException(
                "[checkpoint] the function's result depends on nothing that requires a gradient. Does it use Detach() or NoGrad() "
                + "inside, or did the parameters lose RequiresGrad?");
        engine.Give(result.Node, gradient.To(result.DType));
        // any gradient gives it a turn
        if (release is not null) engine.Give(release, Tensor.Full(Shape.Scalar, 0, gradient.DType, gradient.Device));
    }

    // A function inside another's second run draws what the other's log says, and notes that as its own.
    private static Tensor Run(Func<Tensor[], Tensor> f, Tensor[] inputs, DrawLog draws)
    {
        draws.Outer = DrawLog.Current;
        DrawLog.Current = draws;
        try
        {
            return f(inputs);
        }
        finally
        {
            DrawLog.Current = draws.Outer;
            draws.Outer = null;
        }
    }

    private static Tensor Again(Tensor x, Node? node)
    {
        var again = x.Detach();
        again.Node = node;
        return again;
    }

    internal override void Free()
    {
        for (int i = 0; i < saved.Length; i++) saved[i].Clear();
        f = null;
    }

    /// <summary>
    /// Numbered just below the nodes of the second run, so its turn comes when the pass is through them: gives their memory back.
    /// </summary>
    private sealed class Release : Node
    {
        private readonly ScopeLedger made = new();

        public Release(ThreadContext thread) => made.Begin(thread);

        public void Leave(ThreadContext thread) => made.Leave(thread);

        public override string Name => "checkpoint's end";
        public override int InputCount => 0;
        public override Node? Input(int index) => throw new ArgumentOutOfRangeException(nameof(index), "It has no inputs.");
        internal override bool HasHiddenInputs => true;
        internal override void Backward(Tensor gradient, Engine engine) => made.ReturnAll(exceptGradients: true);
        internal override void Free() { }
    }
}
