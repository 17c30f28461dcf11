using System.Diagnostics;

namespace DeepNet.Tracing;

/// <summary>
/// The calls by which operators, the engine and modules tell those who listen on a thread. Ask <see cref="Listener.IsOn"/> before.
/// </summary>
internal static class Recording
{
    /// <summary>Has a recorder listen on this thread until the result is disposed of.</summary>
    public static Region Begin(Recorder recorder)
    {
        recorder.Attach(ThreadContext.Current);
        return new Region(recorder);
    }

    /// <summary>Tells that an operator begins; it ends where the result is disposed of.</summary>
    public static Step Enter(string name) => Enter(name, ThreadContext.Current.ModulePath, isBackward: false);

    /// <inheritdoc cref="Recorder.Enter"/>
    public static Step Enter(string name, string? path, bool isBackward)
    {
        var thread = ThreadContext.Current;
        if (thread.Listener is null) return default;
        for (var at = thread.Listener as Recorder; at is not null; at = at.Outer as Recorder) at.Enter(name, path, isBackward);
        thread.RecordedDepth++;
        return new Step(thread, thread.Listener, name);
    }

    /// <summary>Tells of an operator that runs no kernel, such as a view.</summary>
    public static void Applied(string name, object? op, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        var thread = ThreadContext.Current;
        if (thread.Listener is null) return;
        var applied = new OperatorEvent(name, op, inputs.ToArray(), output, thread.ModulePath, thread.RecordedDepth);
        for (var at = thread.Listener as Recorder; at is not null; at = at.Outer as Recorder) at.Applied(applied);
    }

    /// <summary>The kernel of a unary formula, and the operator that it is.</summary>
    public static void Map<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>
    {
        using var step = Listener.IsOn ? Enter(TOp.Name) : default;
        x.Kernels.Map(op, x, y);
        if (step.IsWatched) step.Applied(op, FormulaSource.Of(op), y, x);
    }

    /// <summary>The kernel of a binary formula, and the operator that it is.</summary>
    public static void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
    {
        using var step = Listener.IsOn ? Enter(TOp.Name) : default;
        a.Kernels.Zip(op, a, b, y);
        if (step.IsWatched) step.Applied(op, FormulaSource.OfTwo(op), y, a, b);
    }

    /// <summary>Gets a value that is true if the kernels of this thread are recorded to be run again.</summary>
    public static bool IsRepeated
    {
        get
        {
            if (!Listener.IsOn) return false;
            for (var at = ThreadContext.Current.Listener as Recorder; at is not null; at = at.Outer as Recorder)
                if (at.RepeatsCalls) return true;
            return false;
        }
    }

    /// <summary>
    /// Gets what to ask for a device's kernels: the device itself, or, where somebody listens on this thread, one that tells.
    /// </summary>
    public static RecordingDevice Of(Device device) => device.Recorded;

    /// <summary>Runs a kernel and tells of it. Nothing that it does inside is told of.</summary>
    public static void Run(Kernel kernel)
    {
        var thread = ThreadContext.Current;
        if (thread.Listener is not Recorder recorder)
        {
            kernel.Run(kernel.Operands);
            return;
        }
        bool waits = false;
        for (var at = recorder; at is not null; at = at.Outer as Recorder) waits |= at.Waits;
        thread.Listener = null;
        long start = Stopwatch.GetTimestamp(), end;
        try
        {
            kernel.Run(kernel.Operands);
            if (waits) kernel.Device.Synchronize();
            end = Stopwatch.GetTimestamp();
        }
        finally
        {
            thread.Listener = recorder;
        }
        for (var at = recorder; at is not null; at = at.Outer as Recorder) at.Ran(kernel, start, end);
    }

    /// <summary>
    /// For what has to be run as it is when a recording is repeated, such as the step of an optimizer, whose numbers change: offers the
    /// call to those who listen.
    /// </summary>
    /// <returns>False if the caller has to do it itself: nobody wants it, or this is the call already.</returns>
    public static bool TakesOver(string name, Action action)
    {
        var thread = ThreadContext.Current;
        if (thread.IsInCall || thread.Listener is not Recorder first) return false;
        using var step = Enter(name);
        thread.IsInCall = true;
        try
        {
            Call(first, name, action);
        }
        finally
        {
            thread.IsInCall = false;
        }
        return true;
    }

    private static void Call(Recorder? recorder, string name, Action action)
    {
        while (recorder is { RepeatsCalls: false }) recorder = recorder.Outer as Recorder;
        if (recorder is null) action();
        else recorder.Call(name, action);
    }

    /// <inheritdoc cref="Recorder.Looked"/>
    public static void Looked(IGuarded at)
    {
        for (var recorder = ThreadContext.Current.Listener as Recorder; recorder is not null; recorder = recorder.Outer as Recorder)
            recorder.Looked(at);
    }

    /// <inheritdoc cref="Recorder.Changed"/>
    public static void Changed(Action again)
    {
        for (var recorder = ThreadContext.Current.Listener as Recorder; recorder is not null; recorder = recorder.Outer as Recorder)
            recorder.Changed(again);
    }

    /// <inheritdoc cref="Recorder.Replaced"/>
    public static void Replaced(IGuarded at)
    {
        for (var recorder = ThreadContext.Current.Listener as Recorder; recorder is not null; recorder = recorder.Outer as Recorder)
            recorder.Replaced(at);
    }

    /// <summary>From <see cref="Begin"/> to the end of a recording.</summary>
    public readonly struct Region(Recorder recorder) : IDisposable
    {
        /// <summary>Ends the recording.</summary>
        public void Dispose() => recorder.Detach(ThreadContext.Current);
    }

    /// <summary>From the beginning of an operator to its end.</summary>
    public readonly ref struct Step(ThreadContext? thread, Listener? listener, string name)
    {
        /// <summary>Gets a value that is true if somebody listens on this thread.</summary>
        public bool IsWatched => thread is not null;

        /// <summary>Tells what was applied, with the operator for readers.</summary>
        public void Applied(object? op, Tensor output, params ReadOnlySpan<Tensor> inputs) => Applied(op, null, output, inputs);

        /// <summary>Tells what was applied, and the formula that it is.</summary>
        public void Applied(object? op, FormulaSource? formula, Tensor output, params ReadOnlySpan<Tensor> inputs)
        {
            if (thread is null) return;
            var applied = new OperatorEvent(name, op, inputs.ToArray(), output, thread.ModulePath, thread.RecordedDepth - 1)
            {
                Formula = formula,
            };
            for (var at = listener as Recorder; at is not null; at = at.Outer as Recorder) at.Applied(applied);
        }

        /// <summary>Ends the operator.</summary>
        public void Dispose()
        {
            if (thread is null) return;
            thread.RecordedDepth--;
            for (var at = listener as Recorder; at is not null; at = at.Outer as Recorder) at.Leave();
        }
    }
}
