namespace DeepNet.Replay;

/// <summary>Records one call of a function as a <see cref="Replay.Trace"/>.</summary>
internal sealed class TraceRecorder : Recorder
{
    private readonly ThreadContext thread;
    private readonly bool fallsBack;
    private readonly long firstNode;
    private readonly HashSet<Storage> made = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Storage, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<int> usedDraws = [];
    private readonly Tensor[] inputs;
    private bool isSuspended;

    /// <summary>Makes a recorder of a function of inputs.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="inputs">The inputs, in memory of their own.</param>
    /// <param name="fallsBack">True to note what cannot be recorded, instead of throwing.</param>
    public TraceRecorder(ThreadContext thread, Tensor[] inputs, bool fallsBack)
    {
        (this.thread, this.inputs, this.fallsBack) = (thread, inputs, fallsBack);
        firstNode = thread.NextSequence();
        for (int i = 0; i < inputs.Length; i++) Add(new TraceValue(TraceKind.Input, i, inputs[i].Storage), inputs[i].Storage);
    }

    /// <summary>Gets what was recorded.</summary>
    public Trace Trace { get; } = new();

    /// <summary>Gets the reason why the function cannot be recorded at all.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>Gets the reason why this call does not count, where a later one may.</summary>
    public string? NotYet { get; private set; }

    /// <inheritdoc/>
    public override bool RepeatsCalls => true;

    /// <summary>Listens until the result is disposed of.</summary>
    public Listening Begin()
    {
        Attach(thread);
        DrawLog.Current = new Draws(this);
        return new Listening(this);
    }

    /// <summary>Ends the recording with the results of the function.</summary>
    public void Finish(Tensor[] results)
    {
        Trace.Results = [.. results.Select((result, i) => OperandOf(result, results, i, isWritten: false, "result"))];
        if (Trace.Values.Any(value => value is { Kind: TraceKind.Input, IsWritten: true })) Refuse("in_place", "changes an input in place");
        for (int i = 0; i < Trace.Draws.Count; i++)
            if (!usedDraws.Contains(i)) Refuse("random", "draws random numbers that no kernel takes");
    }

    /// <inheritdoc/>
    public override void Made(Storage storage)
    {
        if (!isSuspended) made.Add(storage);
    }

    /// <inheritdoc/>
    public override void Uploaded(Storage storage, ReadOnlySpan<byte> elements)
    {
        if (isSuspended) return;
        var hash = new HashCode();
        hash.AddBytes(elements);
        Trace.Constants.Add(hash.ToHashCode());
        KeepConstant(storage);
    }

    /// <inheritdoc/>
    public override void Refuse(string op, string what)
    {
        if (isSuspended) return;
        string place = thread.ModulePath is { } path ? $"{op}, in {path}" : op;
        string message = $"[compiled] the function {what} ({place}), which cannot be recorded and "
            + "repeated. Do it outside, with what the function returns; or set CompiledOptions.FallsBack to run the function as it is.";
        if (!fallsBack) throw new InvalidOperationException(message);
        WhyNot ??= message;
    }

    /// <inheritdoc/>
    public override void Looked(IGuarded at)
    {
        if (!isSuspended && !IsInside(at)) Trace.Guards.TryAdd(at, at.State);
    }

    /// <inheritdoc/>
    public override void Replaced(IGuarded at)
    {
        if (!isSuspended && !IsInside(at)) NotYet ??= $"{at.Title}, gets memory of its own in each call";
    }

    // A leaf that the function makes is made anew in each call.
    private bool IsInside(IGuarded at) => at is Leaf leaf && leaf.Sequence > firstNode;

    /// <inheritdoc/>
    public override void Changed(Action again)
    {
        if (!isSuspended && !IsInside((IGuarded)again.Target!)) Trace.Steps.Add(new TraceStep(null, [], Action: again));
    }

    /// <inheritdoc/>
    public override void Call(string name, Action action)
    {
        using (Suspend()) action();
        Trace.Steps.Add(new TraceStep(null, [], Action: action));
    }

    /// <inheritdoc/>
    public override void Applied(OperatorEvent step)
    {
        if (isSuspended) return;
        // A tensor from outside may get a gradient later, or lose it.
        foreach (var input in step.Inputs)
            if (!made.Contains(input.Storage) && input.Node is Leaf leaf && leaf.Sequence <= firstNode)
                Trace.Guards.TryAdd(leaf, ((IGuarded)leaf).State);
    }

    /// <inheritdoc/>
    public override void Ran(Kernel kernel, long start, long end)
    {
        if (isSuspended) return;
        var operands = new TraceOperand[kernel.Operands.Length];
        for (int i = 0; i < operands.Length; i++)
            operands[i] = OperandOf(kernel.Operands[i], kernel.Operands, i, isWritten: i >= kernel.Reads, kernel.Name);
        int draw = -1;
        if (kernel is DrawCall random)
        {
            draw = Trace.Draws.FindIndex(d => d.Stream.Key == random.Stream.Key && d.Stream.Counter == random.Stream.Counter);
            if (draw < 0) Refuse("random", "takes random numbers that were drawn outside");
            usedDraws.Add(draw);
        }
        Trace.Steps.Add(new TraceStep(kernel, operands, draw));
    }

    private TraceOperand OperandOf(Tensor? tensor, Tensor?[] among, int place, bool isWritten, string kernel)
    {
        if (tensor is null) return new(-1, Shape.Scalar, [], 0, place);
        var storage = tensor.Storage;
        if (!numbers.TryGetValue(storage, out int number))
        {
            bool isInside = made.Contains(storage);
            if (isInside && !isWritten)
            {
                if (storage.IsConstant) KeepConstant(storage);
                else if (storage.Shape.Count > 0) Refuse(kernel, "computes elements beside the kernels");
            }
            if (!numbers.TryGetValue(storage, out number))
                number = Add(new TraceValue(isInside ? TraceKind.Inside : TraceKind.Outside, 0, storage), storage);
        }
        var value = Trace.Values[number];
        value.IsWritten |= isWritten;
        nint offset = value.Kind == TraceKind.Input ? tensor.Offset - inputs[value.Index].Offset : tensor.Offset;
        return new(number, tensor.Shape, tensor.StrideArray, offset, Array.FindIndex(among, other => ReferenceEquals(other, tensor)));
    }

    private int Add(TraceValue value, Storage storage)
    {
        Trace.Values.Add(value);
        numbers.Add(storage, Trace.Values.Count - 1);
        return Trace.Values.Count - 1;
    }

    // What was written without a kernel is copied again at each call, from a copy that nobody changes.
    private void KeepConstant(Storage storage)
    {
        if (!made.Contains(storage) || storage.Shape.Count == 0) return;
        var shape = new Shape((int)storage.Shape.Count);
        Tensor from, to = Tensor.Over(storage, shape, shape.RowMajor, 0);
        using (Suspend()) from = Memory.Keep(to.CopyDense());
        Trace.Constants.Add(Hash(from));
        Tensor?[] operands = [from, to];
        var device = to.Device;
        Ran(new KernelCall("constant", device, operands, 1, null, 0, t => device.Copy(t[0]!, t[1]!)), 0, 0);
        // Each recording has a copy of its own: they are compared by their elements.
        Trace.Values[numbers[from.Storage]] = new TraceValue(TraceKind.Outside, -Trace.Constants.Count, from.Storage) { IsConstant = true };
    }

    private static unsafe int Hash(Tensor tensor)
    {
        if (tensor.Device.Kind != DeviceKind.Cpu) return 0;     // that of the upload stands for it
        var hash = new HashCode();
        hash.AddBytes(new ReadOnlySpan<byte>(tensor.RawPointer, (int)Math.Min(int.MaxValue, (long)tensor.Count * tensor.DType.Size())));
        GC.KeepAlive(tensor);
        return hash.ToHashCode();
    }

    private Suspended Suspend() => new(this);

    private readonly ref struct Suspended
    {
        private readonly TraceRecorder recorder;

        public Suspended(TraceRecorder recorder)
        {
            this.recorder = recorder;
            recorder.isSuspended = true;
        }

        public void Dispose() => recorder.isSuspended = false;
    }

    /// <summary>From the beginning of a recording to its end.</summary>
    public readonly ref struct Listening(TraceRecorder recorder)
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            DrawLog.Current = null;
            recorder.Detach(recorder.thread);
        }
    }

    /// <summary>Notes draws, which go on as they are.</summary>
    private sealed class Draws(TraceRecorder recorder) : DrawLog
    {
        public override RandomSource Draw(Generator generator, ulong blocks)
        {
            var stream = generator.Take(blocks);
            if (recorder.isSuspended) return stream;
            recorder.Trace.Draws.Add(new TraceDraw(generator, blocks, stream));
            recorder.Trace.Steps.Add(new TraceStep(null, [], Draw: recorder.Trace.Draws.Count - 1));
            return stream;
        }

        public override void StateIsSet() => recorder.Refuse("random", "sets the state of a generator");
    }
}
