namespace DeepNet;

/// <summary>
/// An operator that is not a formula: matrix products, reductions, views, and whatever a user adds. One object is one
/// application: <see cref="Forward"/> computes, <see cref="Vjp"/> turns the gradient of the result into those of the inputs.
/// Written in tensor operations, <see cref="Vjp"/> can be differentiated again, to any order.
/// </summary>
/// <example><code>
/// sealed class Cube : Operator
/// {
///     public override string Name => "cube";
///     protected override Tensor Forward(ReadOnlySpan&lt;Tensor> inputs) { Save(0, inputs[0]); return inputs[0] * inputs[0] * inputs[0]; }
///     protected override void Vjp(Tensor g) => Give(0, g * 3 * Saved(0).Square());
/// }
/// var y = new Cube().Apply(x);
/// </code></example>
public abstract class Operator
{
    // All that the derivative needs: an operator that is not recorded has none of it.
    private Record? record;

    /// <summary>The name in error messages and traces, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the result. Nothing in here is recorded. Call <see cref="Save"/> for what <see cref="Vjp"/> will read.</summary>
    protected abstract Tensor Forward(ReadOnlySpan<Tensor> inputs);

    /// <summary>
    /// Computes the gradient of each input that <see cref="Needs"/> one, from that of the result, and calls <see cref="Give"/> for it.
    /// </summary>
    protected abstract void Vjp(Tensor gradient);

    /// <summary>Applies the operator; an object can be applied once.</summary>
    [MethodImpl(NoInlining)]    // as Elementwise's
    public Tensor Apply(params ReadOnlySpan<Tensor> inputs)
    {
        if (record is not null)
            throw new InvalidOperationException($"[{Name}] an operator object is one application and was applied already; make a new one.");
        return Listener.IsOn ? ApplyWatched(inputs) : ApplyAlone(inputs);
    }

    private Tensor ApplyWatched(ReadOnlySpan<Tensor> inputs)
    {
        using var step = Recording.Enter(Name);
        var result = ApplyAlone(inputs);
        Anomaly.CheckResult(Name, result, inputs);
        step.Applied(this, result, inputs);
        return result;
    }

    private Tensor ApplyAlone(ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length > 1) Ops.DeviceCheck.Same(Name, inputs);
        record = Record.Of(this, inputs);
        Tensor result;
        using (GradSwitch.Off()) result = Forward(inputs);
        Volatile.ReadBarrier();
        foreach (var input in inputs)
            if (input.Storage.NeedsLook) input.EndRead(Name);
        if (record is not null)
        {
            if (result.Node is not null || !ReferenceEquals(result.Root, result) || IsOneOf(result, inputs)) result = result.Detach();
            if (result.DType.IsFloating())
            {
                result.Node = record;
                record.TieOutput(result);
            }
        }
        return result;
    }

    // A result that is an input itself must not turn that input into a result.
    private static bool IsOneOf(Tensor result, ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
            if (ReferenceEquals(result, input)) return true;
        return false;
    }

    /// <summary>Keeps a tensor for <see cref="Vjp"/>, usually an input. An in-place change of it until then is an error.</summary>
    protected void Save(int slot, Tensor tensor)
    {
        record?.Save(slot, tensor);
    }

    /// <summary>Keeps the result for <see cref="Vjp"/>; the same as <see cref="Save"/>, and the record of it is the result's own.</summary>
    protected void SaveResult(int slot, Tensor result)
    {
        if (record is null) return;
        record.OutputSlot = slot;
        Save(slot, result);
    }

    /// <summary>Gets the tensor saved in a slot.</summary>
    protected Tensor Saved(int slot) => (record is null ? default : record.Saved(slot)).Require(Name);

    /// <summary>True if an input needs a gradient.</summary>
    protected bool Needs(int input) => record is not null && record.Input(input) is not null;

    /// <summary>True if the gradients themselves are being recorded: then fused shortcuts that cannot be differentiated are out.</summary>
    protected bool IsRecording => record?.Engine is { CreateGraph: true };

    /// <summary>Hands over the gradient of an input.</summary>
    protected void Give(int input, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (record is not { Engine: { } engine } || record.Input(input) is not { } node) return;
        if (!gradient.Shape.Equals(record.InputShape(input)))
            throw new InvalidOperationException(
                $"[{Name}] the gradient of input {input} has shape {gradient.Shape}, the input itself {record.InputShape(input)}.");
        gradient = gradient.To(record.GradientType(input));
        // A second gradient for the same node is added to the first in place, and Vjp may still read the first.
        if (!engine.CreateGraph && record.IsRepeated(input)) gradient = gradient.CopyDense();
        engine.Give(node, gradient);
    }

    /// <summary>
    /// The element type that the gradient of an input is taken in: the input's own, but float32 where that is a half copy of a wider
    /// tensor. So the gradients of parameters are never rounded to a half type, and small ones are not lost.
    /// </summary>
    internal DType GradientType(int input) => record!.GradientType(input);

    /// <summary>
    /// The buffer that the gradient of an input may be written into directly instead of being given, or null. Whoever takes it fills it.
    /// </summary>
    internal Tensor? TakeBuffer(int input) => Anomaly.IsOn ? null : OpenLeaf(input)?.TakeBuffer();

    /// <summary>Hands over the gradient of an input that is a table, as rows; false where it must be given dense.</summary>
    private protected bool TryGiveRows(int input, Tensor index, Tensor rows)
    {
        if (OpenLeaf(input) is not { } leaf) return false;
        record!.Engine!.Give(leaf, SparseGradient.Sum(record.InputShape(input), index, rows.To(record.GradientType(input))));
        return true;
    }

    /// <summary>The leaf that an input is, if its gradient is gathered in it and nobody looks on.</summary>
    private Leaf? OpenLeaf(int input)
        => record is { Engine: { CreateGraph: false, IsCapturing: false } } && record.Input(input) is Leaf { Hooks: null } leaf
            ? leaf : null;

    /// <summary>A place that the gradient of an input, a view, may be added to instead of being given; or null.</summary>
    internal Tensor? TakePlace(int input, Device device)
        => record is { Engine: { } engine } && record.Input(input) is { } node
            ? engine.Place(node, record.GradientType(input), device) : null;

    /// <summary>True if the gradient's memory may be written over with that of an input.</summary>
    internal bool MayOverwrite(Tensor gradient) => !IsRecording && Engine.MayOverwrite(gradient);

    /// <summary>The operator's node in the graph, with what was saved.</summary>
    private sealed class Record : Node
    {
        private readonly Operator op;
        private SavedTensor saved0, saved1, saved2;
        private Dictionary<int, SavedTensor>? more;
        private Three few;
        private readonly InputKind[]? many;
        private readonly int count;

        private Record(Operator op, ReadOnlySpan<Tensor> tensors, Node latest) : base(latest)
        {
            this.op = op;
            count = tensors.Length;
            if (count > 3) many = new InputKind[count];
            var inputs = many ?? few[..count];
            for (int i = 0; i < count; i++) inputs[i] = new InputKind(tensors[i].KnownNode, tensors[i].Shape, tensors[i].DType);
        }

        public int OutputSlot { get; set; } = -1;

        /// <summary>Gets the running pass while it is at this node.</summary>
        public Engine? Engine { get; private set; }

        private ReadOnlySpan<InputKind> Inputs => many ?? few[..count];

        public static Record? Of(Operator op, ReadOnlySpan<Tensor> inputs)
        {
            if (!Autograd.IsEnabled) return null;
            Node? latest = null;
            foreach (var input in inputs)
                if (input.Node is { } node && (latest is null || node.Sequence > latest.Sequence)) latest = node;
            return latest is null ? null : new Record(op, inputs, latest);
        }

        public void Save(int slot, Tensor tensor)
        {
            var saved = new SavedTensor(tensor);
            switch (slot)
            {
                case 0: saved0 = saved; break;
                case 1: saved1 = saved; break;
                case 2: saved2 = saved; break;
                default: (more ??= [])[slot] = saved; break;
            }
        }

        public SavedTensor Saved(int slot) => slot switch
        {
            0 => saved0,
            1 => saved1,
            2 => saved2,
            _ => more is not null && more.TryGetValue(slot, out var saved) ? saved : default,
        };

        // The result was saved before it had a node: save it again with one, so that second derivatives run through it.
        public void TieOutput(Tensor result)
        {
            if (OutputSlot >= 0) Save(OutputSlot, result);
        }

        public override string Name => op.Name;
        public override int InputCount => count;
        public override Node? Input(int index) => Inputs[index].Node;
        public Shape InputShape(int index) => Inputs[index].Shape;

        public DType GradientType(int index)
        {
            var (node, _, dtype) = Inputs[index];
            return dtype.IsHalf() && node is Ops.Cast cast && !cast.From.IsHalf() ? DType.Float32 : dtype;
        }

        public bool IsRepeated(int index)
        {
            var inputs = Inputs;
            for (int i = 0; i < inputs.Length; i++)
                if (i != index && ReferenceEquals(inputs[i].Node, inputs[index].Node)) return true;
            return false;
        }

        [MethodImpl(NoInlining)]
        internal override void Backward(Tensor gradient, Engine engine)
        {
            Engine = engine;
            try
            {
                op.Vjp(gradient);
                EndReads();
            }
            finally
            {
                Engine = null;
            }
        }

        private void EndReads()
        {
            saved0.EndRead(this);
            saved1.EndRead(this);
            saved2.EndRead(this);
            if (more is null) return;
            foreach (var saved in more.Values) saved.EndRead(this);
        }

        internal override void Free()
        {
            saved0.Clear();
            saved1.Clear();
            saved2.Clear();
            more = null;
        }

        private readonly record struct InputKind(Node? Node, Shape Shape, DType DType);

        // Nearly all operators have no more inputs: an array would cost them an object.
        [InlineArray(3)]
        private struct Three
        {
            private InputKind first;
        }
    }
}
