namespace DeepNet.Replay;

/// <summary>A recording with its memory, ready to be run.</summary>
internal sealed class ReplayPlan : IDisposable
{
    private readonly (IGuarded At, object? State)[] guards;
    private readonly PlannedStep[] steps;
    private readonly TraceDraw[] draws;
    private readonly RandomSource[] streams;
    private readonly PlannedValue[] inputs, results;
    private readonly TraceOperand[] outputs;
    private readonly TraceValue[] values;
    private readonly Storage[] changed;
    private readonly Dictionary<Device, Tensor> arenas = [];

    public ReplayPlan(Trace trace)
    {
        guards = [.. trace.Guards.Select(guard => (guard.Key, guard.Value))];
        draws = [.. trace.Draws];
        streams = [.. draws.Select(draw => draw.Stream)];
        values = [.. trace.Values];
        outputs = trace.Results;
        changed = [.. values.Where(value => value is { Outside: not null, IsWritten: true, IsConstant: false })
            .Select(value => value.Outside!)];
        inputs = [.. Numbers(value => value.Kind == TraceKind.Input).Select(number => new PlannedValue(number))];
        results = [.. outputs.Select(output => output.Value).Distinct().Where(number => values[number].Kind == TraceKind.Inside)
            .Select(number => new PlannedValue(number))];
        steps = PlannedStep.Of(trace.Steps);
        var storages = Allocate();
        foreach (var step in trace.Steps) Bind(step, storages);
        foreach (var step in steps) (step.Kernel as PieceKernel)?.Prepare();
    }

    /// <summary>Gets the bytes that are kept for what is made inside.</summary>
    public long PlannedBytes { get; private set; }

    /// <summary>Returns what is not as it was when the function was recorded; null if everything is.</summary>
    public string? FindChange()
    {
        foreach (var (at, state) in guards) if (!at.IsStill(state)) return at.Title;
        return null;
    }

    /// <summary>Runs the kernels on inputs of the shapes that were recorded.</summary>
    public Tensor[] Run(ReadOnlySpan<Tensor> given)
    {
        for (int i = 0; i < inputs.Length; i++) inputs[i].Show(given[i].Storage, given[i].Offset);
        foreach (var result in results)
        {
            var value = values[result.Number];
            result.Show(Tensor.Allocate(value.Shape, value.DType, value.Device).Storage, 0);
        }
        if (Listener.IsOn && ThreadContext.Current.Listener is not null) RunWatched();
        else
            foreach (var step in steps)
            {
                if (step.Draw >= 0) Draw(step);
                if (step.Kernel is { } kernel) kernel.Run(kernel.Operands);
                else step.Action?.Invoke();
            }
        foreach (var storage in changed) storage.MarkChanged();
        return Results(given);
    }

    private void RunWatched()
    {
        foreach (var step in steps)
        {
            if (step.Draw >= 0) Draw(step);
            if (step.Kernel is { } kernel) Recording.Run(kernel);
            else step.Action?.Invoke();
        }
    }

    // A step of its own draws the numbers, and each kernel that takes them is told where they begin.
    private void Draw(PlannedStep step)
    {
        if (step.Kernel is DrawCall kernel) kernel.Stream = streams[step.Draw];
        else if (!draws[step.Draw].IsFixed) streams[step.Draw] = draws[step.Draw].Generator.Take(draws[step.Draw].Blocks);
    }

    /// <summary>Gets a value that is true if the kernels write to the memory of a tensor that was made outside.</summary>
    public bool WritesTo(Storage storage) => Array.IndexOf(changed, storage) >= 0;

    /// <summary>Gives back the memory.</summary>
    public void Dispose()
    {
        foreach (var arena in arenas.Values) arena.Dispose();
    }

    private Tensor[] Results(ReadOnlySpan<Tensor> given)
    {
        var found = new Tensor[outputs.Length];
        for (int i = 0; i < found.Length; i++)
        {
            var (number, shape, strides, offset, _) = outputs[i];
            var value = values[number];
            found[i] = value.Kind switch
            {
                TraceKind.Input => Tensor.Over(given[value.Index].Storage, shape, strides, offset + given[value.Index].Offset),
                TraceKind.Outside => Tensor.Over(value.Outside!, shape, strides, offset),
                _ => Tensor.Over(StorageOf(number), shape, strides, offset),
            };
        }
        // Nothing keeps the results of a call, nor its inputs, for the next one.
        foreach (var result in results) result.Hide();
        foreach (var input in inputs) input.Hide();
        return found;
    }

    private Storage StorageOf(int result)
    {
        foreach (var value in results) if (value.Number == result) return value.Storage!;
        throw new InvalidOperationException("A result has no memory.");
    }

    private IEnumerable<int> Numbers(Func<TraceValue, bool> which)
        => Enumerable.Range(0, values.Length).Where(number => which(values[number]));

    /// <summary>Finds memory for each value that is neither an input nor a result.</summary>
    private Dictionary<int, (Storage Storage, nint Offset)> Allocate()
    {
        var found = Numbers(value => value.Kind == TraceKind.Outside).ToDictionary(n => n, n => (values[n].Outside!, (nint)0));
        var lives = new Dictionary<int, (int First, int Last)>();
        for (int i = 0; i < steps.Length; i++)
            foreach (int number in steps[i].Values)
                lives[number] = lives.TryGetValue(number, out var life) ? (life.First, i) : (i, i);
        var isResult = results.Select(result => result.Number).ToHashSet();
        // What begins and ends within one chain of formulas needs no memory of its own.
        var isScratch = new HashSet<int>();
        foreach (var step in steps)
            if (step.Kernel is PieceKernel group)
                isScratch.UnionWith(group.TakeScratch(
                    n => values[n].Kind == TraceKind.Inside && !isResult.Contains(n) && lives[n].First == lives[n].Last));
        foreach (var group in lives.Keys.Where(n => values[n].Kind == TraceKind.Inside && !isResult.Contains(n) && !isScratch.Contains(n))
            .GroupBy(n => values[n].Device))
        {
            int[] members = [.. group];
            long[] places = MemoryPlan.Place(
                [.. members.Select(n => (lives[n].First, lives[n].Last, (long)values[n].Shape.Count * values[n].DType.Size()))],
                out long total);
            PlannedBytes += total;
            var arena = Memory.Keep(Tensor.Allocate(new Shape(checked((int)((total + 7) / 8))), DType.Float64, group.Key));
            arenas.Add(group.Key, arena);
            // The same block under each element type.
            var typed = members.Select(n => values[n].DType).Distinct().ToDictionary(dtype => dtype, dtype =>
            {
                var storage = new Storage(dtype, new Shape(checked((int)(total / dtype.Size()))));
                storage.Begin(arena.Storage.Block, arena.Storage.Tenancy);
                return storage;
            });
            for (int i = 0; i < members.Length; i++)
                found.Add(members[i], (typed[values[members[i]].DType], (nint)(places[i] / values[members[i]].DType.Size())));
        }
        return found;
    }

    /// <summary>Puts tensors over that memory into the places of those that were recorded.</summary>
    private void Bind(TraceStep step, Dictionary<int, (Storage Storage, nint Offset)> storages)
    {
        for (int i = 0; i < step.Operands.Length; i++)
        {
            var (number, shape, strides, offset, sameAs) = step.Operands[i];
            var operands = step.Kernel!.Operands;
            if (number < 0) continue;
            if (sameAs < i)
            {
                operands[i] = operands[sameAs];
                if ((inputs.FirstOrDefault(v => v.Number == number) ?? results.FirstOrDefault(v => v.Number == number)) is { } shown)
                    shown.Add(operands, i, sameAs);
            }
            else if (storages.TryGetValue(number, out var place))
            {
                operands[i] = Tensor.Over(place.Storage, shape, strides, offset + place.Offset);
            }
            else
            {
                operands[i] = null;     // scratch of a group, or shown at each call
                (inputs.FirstOrDefault(v => v.Number == number) ?? results.FirstOrDefault(v => v.Number == number))
                    ?.Add(operands, i, shape, strides, offset);
            }
        }
    }
}
