namespace DeepNet.Optim;

/// <summary>
/// Represents the state of an optimizer, a weight average or a schedule: tensors and numbers by name. A copy: later
/// steps do not change it. Names of parameters are their paths in the model, as <c>fc1.weight/exp_avg</c>, or <c>0/exp_avg</c> by their
/// order where they have no name.
/// </summary>
public sealed class OptimizerState
{
    /// <summary>Makes an empty state.</summary>
    /// <param name="kind">The kind of object whose state it is, as <c>adam</c>.</param>
    public OptimizerState(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Kind = kind;
    }

    /// <summary>Gets the kind of object whose state it is: a state loads only into its own kind.</summary>
    public string Kind { get; }

    /// <summary>The remembered tensors.</summary>
    public Dictionary<string, Tensor> Tensors { get; } = [];

    /// <summary>The remembered numbers; counts are whole.</summary>
    public Dictionary<string, double> Numbers { get; } = [];

    /// <summary>True to hold the tensors themselves: for states that are written to a file before anything goes on.</summary>
    internal bool IsShared { get; init; }

    internal void Put(string name, Tensor tensor) => Tensors.Add(name, IsShared ? tensor : Memory.Keep(tensor.CopyDense()));
}
