namespace DeepNet.Optim;

/// <summary>
/// Takes a state apart. Everything is read and checked first and all differences are reported at once; only then does the
/// owner change anything.
/// </summary>
internal sealed class StateReader
{
    private const int MostReported = 20;

    private readonly OptimizerState state;
    private readonly HashSet<string> read = [];
    private readonly List<string> differences = [];

    public StateReader(OptimizerState state, string kind)
    {
        ArgumentNullException.ThrowIfNull(state);
        this.state = state;
        if (state.Kind != kind)
            throw new ArgumentException($"[load_state] the state is of '{state.Kind}', this is '{kind}': make the same kind of object as was saved, then load.");
    }

    public bool Has(string name) => state.Tensors.ContainsKey(name) || state.Numbers.ContainsKey(name);

    public double Number(string name)
    {
        read.Add(name);
        if (state.Numbers.TryGetValue(name, out double value)) return value;
        differences.Add($"{name}: missing");
        return 0;
    }

    /// <summary>A count, which must be whole and not negative.</summary>
    public long Count(string name)
    {
        double value = Number(name);
        if (value >= 0 && value <= 1L << 53 && value == Math.Floor(value)) return (long)value;
        differences.Add($"{name}: {value} is not a count");
        return 0;
    }

    /// <summary>A copy of a tensor; null if it is missing or does not fit, which is noted.</summary>
    public Tensor? Tensor(string name, Tensor like)
    {
        read.Add(name);
        if (!state.Tensors.TryGetValue(name, out var tensor)) differences.Add($"{name}: missing");
        else if (!tensor.Shape.Equals(like.Shape)) differences.Add($"{name}: shape {tensor.Shape} where the parameter has {like.Shape}");
        else if (tensor.DType != like.DType) differences.Add($"{name}: {tensor.DType.Name()} where the parameter is {like.DType.Name()}");
        else return Memory.Keep(tensor.CopyDense().To(like.Device));
        return null;
    }

    /// <summary>Throws if anything did not fit, or was in the state and nobody asked for it.</summary>
    public void Finish()
    {
        foreach (string name in state.Tensors.Keys.Concat(state.Numbers.Keys).Where(name => !read.Contains(name)))
            differences.Add($"{name}: not known here");
        if (differences.Count == 0) return;
        string more = differences.Count > MostReported ? $"\n  … and {differences.Count - MostReported} more" : "";
        throw new ArgumentException($"[load_state] the state of '{state.Kind}' does not fit: it was saved from other parameters or with other options.\n  "
            + string.Join("\n  ", differences.Take(MostReported)) + more);
    }
}
