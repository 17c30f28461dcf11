using DeepNet.Nn;
using DeepNet.Replay;

namespace DeepNet;

/// <summary>
/// A function of tensors, such as a training step or a forward pass, whose kernels are recorded and then run again without the function:
/// with the same bits, less work around them, and memory that is planned once.
/// </summary>
/// <remarks>
/// <para>The first call runs the function as it is; the next ones record it, until two recordings are the same; from then on its kernels
/// are run, with other inputs of the same shapes. So all that the function does must be the same in every call: C# numbers, branches and
/// tensors made from arrays are those of the recording. What changes from call to call is given as an input; learning rates, schedules,
/// momentum and random numbers may change, for optimizers and generators do their part anew each time.</para>
/// <para>Other shapes, another mode (<see cref="Module.Train"/>, <see cref="Module.Eval"/>), other parameters, frozen ones, and gradients
/// that were read or set are noticed, and have recordings of their own, <see cref="CompiledOptions.Recordings"/> at most. What no
/// recording can repeat is an error: reading elements back (<see cref="Tensor.Item()"/>), leases, hooks, factorisations, and whatever else
/// the processor does beside the kernels.</para>
/// <para>Results have no history, and memory of their own. All other tensors that the function makes end with the call: only what it
/// returns may be used outside. A compiled function serves one thread at a time.</para>
/// </remarks>
/// <example><code>
/// using var step = Compiled.Step((x, y) =>
/// {
///     optimizer.ZeroGrad();
///     var loss = Loss.CrossEntropy(model.Forward(x), y);
///     loss.Backward();
///     optimizer.Step();
///     return loss;
/// });
/// foreach (var (x, y) in loader) total += step.Run(x, y).Item();
/// </code></example>
public sealed class Compiled : IDisposable
{
    private const int MostTries = 4;

    private readonly Func<Tensor[], Tensor[]> function;
    private readonly CompiledOptions options;
    private readonly List<Variant> variants = [];
    private bool isWarm, isDisposed;
    private int isRunning;

    private Compiled(Func<Tensor[], Tensor[]> function, CompiledOptions? options)
    {
        this.function = function;
        this.options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(this.options.Recordings);
    }

    /// <summary>Compiles a function of any number of inputs to any number of results.</summary>
    /// <param name="function">The function.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public static Compiled Function(Func<Tensor[], Tensor[]> function, CompiledOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(function, options);
    }

    /// <summary>Compiles a step without inputs.</summary>
    /// <inheritdoc cref="Function"/>
    public static Compiled Step(Func<Tensor> function, CompiledOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(_ => [function()], options);
    }

    /// <summary>Compiles a step of one input.</summary>
    /// <inheritdoc cref="Function"/>
    public static Compiled Step(Func<Tensor, Tensor> function, CompiledOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(x => [function(x[0])], options);
    }

    /// <summary>Compiles a step of two inputs, such as samples and targets.</summary>
    /// <inheritdoc cref="Function"/>
    public static Compiled Step(Func<Tensor, Tensor, Tensor> function, CompiledOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(x => [function(x[0], x[1])], options);
    }

    /// <summary>Compiles the forward pass of a module, without recording gradients. It evaluates or trains, as the module is set.</summary>
    /// <param name="module">The module.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public static Compiled Forward(Module module, CompiledOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new(x =>
        {
            using var noGrad = Autograd.NoGrad();
            return [module.Forward(x[0])];
        }, options);
    }

    /// <summary>Gets the number of recordings that were made to be run again.</summary>
    public int Recordings { get; private set; }

    /// <summary>Gets the bytes of memory that the recordings keep for what they compute on the way.</summary>
    public long PlannedBytes => variants.Sum(variant => variant.Plans.Sum(plan => plan.PlannedBytes));

    /// <summary>
    /// Gets the reason why the function is run as it is, with <see cref="CompiledOptions.FallsBack"/>; null if it is recorded.
    /// </summary>
    public string? WhyNotRecorded { get; private set; }

    /// <summary>Runs the function, or its kernels, and returns its first result.</summary>
    /// <param name="inputs">The inputs, which require no gradient.</param>
    /// <exception cref="InvalidOperationException">The function does what cannot be recorded, or something else each time.</exception>
    public Tensor Run(params ReadOnlySpan<Tensor> inputs) => RunAll(inputs)[0];

    /// <summary>Runs the function, or its kernels, and returns all results.</summary>
    /// <inheritdoc cref="Run"/>
    public Tensor[] RunAll(params ReadOnlySpan<Tensor> inputs)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (input.RequiresGrad)
                throw new InvalidOperationException($"[compiled] an input of shape {input.Shape} requires a gradient, which would "
                    + "be gathered outside of what is recorded. Give input.Detach(), and set RequiresGrad inside the function.");
        }
        if (Interlocked.Exchange(ref isRunning, 1) != 0)
            throw new InvalidOperationException("[compiled] the function is running already: it serves one thread at a time, and cannot "
                + "call itself. Make another one.");
        try
        {
            return RunOnce(ThreadContext.Current, inputs);
        }
        finally
        {
            Volatile.Write(ref isRunning, 0);
        }
    }

    /// <summary>Gives back the memory of the recordings.</summary>
    public void Dispose()
    {
        isDisposed = true;
        foreach (var plan in variants.SelectMany(variant => variant.Plans)) plan.Dispose();
        variants.Clear();
    }

    private Tensor[] RunOnce(ThreadContext thread, ReadOnlySpan<Tensor> inputs)
    {
        if (WhyNotRecorded is not null || !isWarm || !CanRecord(thread))
        {
            isWarm = true;          // gradients, states and buffers of modules are there now
            return RunAsItIs(inputs);
        }
        var variant = Find(thread, inputs);
        if (variant.FindPlan(out string? change) is { } plan)
        {
            // An input that is written to under another name as well: nobody has recorded that.
            foreach (var input in inputs) if (plan.WritesTo(input.Storage)) return RunAsItIs(inputs);
            return plan.Run(inputs);
        }
        if (Recordings >= options.Recordings)
        {
            string why = $"[compiled] the function was recorded {Recordings} times, and what was recorded no longer holds"
                + (change is null ? ": there are other shapes again." : $": {change} is not what it was.")
                + " Let what the function meets change less often, or allow more CompiledOptions.Recordings.";
            return options.FallsBack ? GiveUp(why, inputs) : throw new InvalidOperationException(why);
        }
        return Record(thread, variant, inputs);
    }

    // Where results of operators are looked at, or run twice, or types are chosen from outside, there is nothing to record.
    private static bool CanRecord(ThreadContext thread)
    {
        if (Anomaly.IsOn || thread.Autocast is not null || thread.Surroundings is not null || DrawLog.Current is not null) return false;
        for (var listener = thread.Listener; listener is not null; listener = listener.Outer)
            if (listener is TraceRecorder) return false;
        return true;
    }

    private Tensor[] RunAsItIs(ReadOnlySpan<Tensor> inputs) => [.. Checked(function(inputs.ToArray())).Select(result => result.Detach())];

    private Tensor[] GiveUp(string why, ReadOnlySpan<Tensor> inputs)
    {
        WhyNotRecorded = why;
        return RunAsItIs(inputs);
    }

    private static Tensor[] Checked(Tensor[] results)
    {
        if (results is null || Array.IndexOf(results, null) >= 0) throw new ArgumentException("[compiled] the function returned null.");
        return results;
    }

    private Variant Find(ThreadContext thread, ReadOnlySpan<Tensor> inputs)
    {
        foreach (var known in variants) if (known.Fits(thread.IsGradOff, inputs)) return known;
        var variant = new Variant(thread.IsGradOff, inputs);
        variants.Add(variant);
        return variant;
    }

    private Tensor[] Record(ThreadContext thread, Variant variant, ReadOnlySpan<Tensor> inputs)
    {
        // Memory of their own, so that nothing else that the function sees is taken for an input.
        var own = new Tensor[inputs.Length];
        for (int i = 0; i < own.Length; i++) own[i] = TraceInput.CopyOf(inputs[i]);
        var recorder = new TraceRecorder(thread, own, options.FallsBack);
        Tensor[] results;
        using (var scope = Memory.Scope())
        {
            using (recorder.Begin())
            {
                results = Checked(function([.. own.Select(x => x.Detach())]));
                recorder.Finish(results);
            }
            for (int i = 0; i < results.Length; i++) results[i] = scope.Keep(results[i].Detach());
        }
        if (recorder.WhyNot is { } why)
        {
            WhyNotRecorded = why;
            return results;
        }
        Take(variant, recorder);
        return results;
    }

    private void Take(Variant variant, TraceRecorder recorder)
    {
        string? difference = recorder.NotYet;
        if (difference is null)
        {
            var trace = recorder.Trace;
            difference = variant.Last is null ? null : trace.FindDifference(variant.Last);
            if (variant.Last is not null && difference is null)
            {
                variant.Plans.Add(new ReplayPlan(trace));
                (variant.Last, variant.Tries) = (null, 0);
                Recordings++;
                return;
            }
            variant.Last = trace;
        }
        if (++variant.Tries < MostTries) return;
        string why = $"[compiled] the function does something else each time, so that it cannot be recorded: {difference}. Give what "
            + "changes as an input, and return what is needed outside.";
        if (!options.FallsBack) throw new InvalidOperationException(why);
        WhyNotRecorded = why;
    }

    /// <summary>The recording for inputs of some shapes.</summary>
    private sealed class Variant(bool isGradOff, ReadOnlySpan<Tensor> inputs)
    {
        private readonly TraceInput[] inputs = TraceInput.Of(inputs);

        /// <summary>Gets what was recorded in each state that the function met, such as training and evaluation.</summary>
        public List<ReplayPlan> Plans { get; } = [];

        /// <summary>Gets or sets the last recording, which the next one is compared with.</summary>
        public Trace? Last { get; set; }

        /// <summary>Gets or sets the number of calls that could not be recorded to the end.</summary>
        public int Tries { get; set; }

        /// <summary>Finds a recording for the state of now, or what is different from the last one.</summary>
        public ReplayPlan? FindPlan(out string? change)
        {
            change = null;
            foreach (var plan in Plans)
            {
                change = plan.FindChange();
                if (change is null) return plan;
            }
            return null;
        }

        public bool Fits(bool isOff, ReadOnlySpan<Tensor> others)
        {
            if (isOff != isGradOff || others.Length != inputs.Length) return false;
            for (int i = 0; i < inputs.Length; i++)
                if (!inputs[i].Fits(others[i])) return false;
            return true;
        }
    }
}
