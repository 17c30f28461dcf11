using DeepNet.IO;

namespace DeepNet.Nn;

// The state of a module as tensors by name, in memory and in files.
public abstract partial class Module
{
    /// <summary>
    /// All parameters and buffers by path, in the order of declaration: what a file of weights holds. The tensors are the module's own,
    /// without history; clone them to keep the present values.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new OrderedDictionary<string, Tensor>();
        foreach (var (at, part) in Walk())
            if (Held(part) is { } tensor) state.Add(at, tensor.Detach());
        return state;
    }

    /// <summary>
    /// Takes over the values of a state. The tensors of the module stay what they are, so optimizers go on with them; values are converted
    /// to their type and device. Nothing is changed if there is an error.
    /// </summary>
    /// <param name="state">Tensors by name.</param>
    /// <param name="strict">True to demand that the names are exactly the module's; false to take what fits and leave the rest.</param>
    /// <param name="rename">Turns a name of the state into one of this module, for weights from elsewhere; null to leave a tensor
    /// out.</param>
    /// <returns>What was missing, unexpected or of another shape: nothing, if strict.</returns>
    /// <exception cref="ArgumentException">If strict, something does not fit; the message lists all that does not.</exception>
    public StateDifference LoadState(
        IEnumerable<KeyValuePair<string, Tensor>> state, bool strict = true, Func<string, string?>? rename = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var given = new OrderedDictionary<string, Tensor>();
        foreach (var (name, tensor) in state)
        {
            if ((rename is null ? name : rename(name)) is not { } own) continue;
            if (!given.TryAdd(own, tensor))
                throw new ArgumentException(
                    $"[load_state] two tensors of the state are called {Damage.Quote(own)} (one of them {Damage.Quote(name)}): the "
                    + "name map must tell them apart.");
        }

        var wanted = State();
        var fits = new List<(Tensor From, Tensor To)>();
        var missing = new List<string>();
        var reshaped = new List<(string, Shape, Shape)>();
        foreach (var (name, tensor) in wanted)
        {
            if (!given.TryGetValue(name, out var value)) missing.Add(name);
            else if (!value.Shape.Equals(tensor.Shape)) reshaped.Add((name, tensor.Shape, value.Shape));
            else fits.Add((value, tensor));
        }
        var difference = new StateDifference(missing, [.. given.Keys.Where(name => !wanted.ContainsKey(name))], reshaped);
        if (strict && !difference.IsEmpty)
        {
            var hint = new StateHint(difference, given, wanted, new ModuleWalk(this).Aliases());
            throw new ArgumentException($"[load_state] the state is not one of this {GetType().Name}:\n{difference}{hint}");
        }

        using (GradSwitch.Off())
            foreach (var (from, to) in fits) to.CopyFrom(from.Detach());
        return difference;
    }

    /// <summary>Writes the state to a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">Strings to keep beside it.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) => SafeTensors.Save(path, State(), metadata);

    /// <summary>Writes the state to a stream, in the safetensors format. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="metadata">Strings to keep beside it.</param>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) => SafeTensors.Save(stream, State(), metadata);

    /// <summary>Reads the state from a safetensors file; the rest as in <see cref="LoadState"/>.</summary>
    /// <exception cref="ArgumentException">
    /// The file is a checkpoint and no names are mapped, or, if strict, something does not fit.
    /// </exception>
    public StateDifference Load(string path, bool strict = true, Func<string, string?>? rename = null)
    {
        var state = SafeTensors.Load(path, out var metadata);
        return LoadSaved(state, metadata, path, strict, rename);
    }

    /// <summary>
    /// Reads the state from a stream, from its position on, and leaves what follows; the rest as in <see cref="LoadState"/>. The stream
    /// stays open.
    /// </summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="strict">True to demand that the names are exactly the module's.</param>
    /// <param name="rename">Turns a name of the state into one of this module, or null.</param>
    /// <param name="limits">The limits of what the stream may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <exception cref="ArgumentException">
    /// The stream holds a checkpoint and no names are mapped, or, if strict, something does not fit.
    /// </exception>
    public StateDifference Load(Stream stream, bool strict = true, Func<string, string?>? rename = null, ReadLimits? limits = null)
    {
        var state = SafeTensors.Load(stream, out var metadata, limits: limits);
        return LoadSaved(state, metadata, "the stream", strict, rename);
    }

    private StateDifference LoadSaved(IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, string> metadata, string from,
        bool strict, Func<string, string?>? rename)
    {
        if (rename is null && CheckpointMark.IsIn(metadata))
            throw new ArgumentException($"[load_state] {from} is a checkpoint of a whole training run. Its models are loaded by new "
                + $"Checkpoint {{ Model = model }}.LoadModels(path), and a run goes on by Load(path).");
        return LoadState(state, strict, rename);
    }

    /// <summary>Moves all parameters and buffers to a device.</summary>
    /// <returns>This module.</returns>
    public Module To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Replace(tensor => tensor.To(device));
        return this;
    }

    /// <summary>
    /// Converts all floating parameters and buffers. Parameters of a half type have no gradient and are not trained; training at half
    /// precision is what <see cref="Autocast"/> is for. Converted back, they are trained as before.
    /// </summary>
    /// <returns>This module.</returns>
    public Module To(DType dtype)
    {
        if (!dtype.IsFloating()) throw new ArgumentException($"[to] a module cannot be {dtype.Name()}: its parameters must be floating.");
        Replace(tensor => tensor.DType.IsFloating() ? tensor.To(dtype) : tensor);
        return this;
    }

    private void Replace(Func<Tensor, Tensor> change)
    {
        foreach (var (_, part) in Walk())
        {
            if (Held(part) is not { } tensor) continue;
            var changed = change(tensor.Detach());
            if (changed.DType == tensor.DType && ReferenceEquals(changed.Device, tensor.Device)) continue;
            if (part is Parameter parameter) parameter.Replace(changed);
            else ((StateBuffer)part).Replace(changed);
        }
    }

    private static Tensor? Held(object part) => part switch
    {
        Parameter parameter => parameter.Value,
        StateBuffer buffer => buffer.Value,
        _ => null,
    };
}
