using DeepNet.IO;

namespace DeepNet.Nn;

// Calls of a module with other weights than its own.
public abstract partial class Module
{
    /// <summary>
    /// Computes the output with other tensors in the place of some parameters and buffers, by their names in <see cref="State"/>. Those may
    /// have been computed from others: gradients of any order flow to them.
    /// </summary>
    /// <inheritdoc cref="With{TResult}(IReadOnlyDictionary{string, Tensor}, Func{TResult})"/>
    /// <example><code>
    /// // A step of gradient descent inside a step of training.
    /// var weights = model.NamedParameters().ToDictionary(p => p.Path, p => p.Parameter.Value);
    /// var slopes = Autograd.Grad(Loss.Mse(model.CallWith(weights, x), y), [.. weights.Values], createGraph: true);
    /// var next = weights.Keys.Zip(weights.Values.Zip(slopes, (w, g) => w - 0.1 * g)).ToDictionary();
    /// Loss.Mse(model.CallWith(next, x2), y2).Backward();
    /// </code></example>
    public Tensor CallWith(IReadOnlyDictionary<string, Tensor> state, Tensor x) => With(state, () => Forward(x));

    /// <summary>Computes the output with other tensors in the place of all parameters, in the order of <see cref="Parameters"/>.</summary>
    /// <inheritdoc cref="With{TResult}(IReadOnlyDictionary{string, Tensor}, Func{TResult})"/>
    public Tensor CallWith(IReadOnlyList<Tensor> parameters, Tensor x) => With(parameters, () => Forward(x));

    /// <summary>
    /// Calls a function, such as a Forward of several inputs, with other tensors in the place of some parameters and buffers of this
    /// module, by their names in <see cref="State"/>. Those may have been computed from others: gradients of any order flow to them.
    /// </summary>
    /// <remarks>
    /// Afterwards, also after an exception, the module has its own tensors again. Calls nest; the inner one goes first. While the function
    /// runs, any thread that uses the module sees the other tensors, and a second thread that wants to replace one of them too gets an
    /// error: give each thread a <see cref="Clone()"/>. Layers that keep statistics write to the buffers in place, to given ones as to
    /// their own. <see cref="Autograd.Checkpoint(Func{Tensor, Tensor}, Tensor)"/> within the function runs again with the tensors that were
    /// given. The function must not return before its work is done, as an async one does.
    /// </remarks>
    /// <exception cref="ArgumentException">A name is not one of this module's, or a shape is not that of the tensor to be
    /// replaced; the message lists all.</exception>
    /// <exception cref="InvalidOperationException">Another thread has replaced one of the tensors at the moment.</exception>
    public TResult With<TResult>(IReadOnlyDictionary<string, Tensor> state, Func<TResult> call)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(call);
        var walk = new ModuleWalk(this);
        var parts = walk.Found.Where(found => Held(found.Part) is not null).ToDictionary(found => found.Path, found => found.Part);
        IReadOnlyDictionary<string, string>? aliases = null;
        var given = new List<(object, Tensor)>();
        var errors = new List<string>();
        foreach (var (name, tensor) in state)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            if (!parts.TryGetValue(name, out object? part)
                && (aliases ??= walk.Aliases()).TryGetValue(name, out string? first)) part = parts.GetValueOrDefault(first);
            if (part is null) errors.Add($"there is no '{Printable.Line(name)}'");
            else if (given.Any(other => other.Item1 == part)) errors.Add($"'{Printable.Line(name)}' is given under two names");
            else Fit(name, part, tensor, given, errors);
        }
        return Run(given, errors, call);
    }

    /// <summary>Calls a function with other tensors in the place of all parameters, in the order of <see cref="Parameters"/>.</summary>
    /// <inheritdoc cref="With{TResult}(IReadOnlyDictionary{string, Tensor}, Func{TResult})"/>
    public TResult With<TResult>(IReadOnlyList<Tensor> parameters, Func<TResult> call)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(call);
        var own = NamedParameters().ToList();
        var given = new List<(object, Tensor)>();
        var errors = new List<string>();
        if (own.Count != parameters.Count) errors.Add($"it has {own.Count} parameters, and {parameters.Count} are given");
        foreach (var ((name, parameter), tensor) in own.Zip(parameters))
        {
            ArgumentNullException.ThrowIfNull(tensor);
            Fit(name, parameter, tensor, given, errors);
        }
        return Run(given, errors, call);
    }

    private static void Fit(string name, object part, Tensor tensor, List<(object, Tensor)> given, List<string> errors)
    {
        var shape = Held(part)!.Shape;
        if (shape.Equals(tensor.Shape)) given.Add((part, tensor));
        else errors.Add($"'{Printable.Line(name)}' has shape {shape}, not {tensor.Shape}");
    }

    private TResult Run<TResult>(List<(object, Tensor)> given, List<string> errors, Func<TResult> call)
    {
        if (errors.Count > 0)
            throw new ArgumentException($"[with] the tensors do not fit this {GetType().Name}: {string.Join("; ", errors)}.");
        using (new OtherWeights([.. given]).Enter()) return call();
    }
}
