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
    private readonly bool isOwner;

    public StateReader(OptimizerState state, string kind)
    {
        ArgumentNullException.ThrowIfNull(state);
        this.state = state;
        if (state.Kind != kind)
            throw new ArgumentException(
                $"[load_state] the state is of '{state.Kind}', this is '{kind}': make the same kind of object as was saved, then load.");
    }

    /// <summary>
    /// For states that nobody else holds: their tensors are taken over, not copied, and the caller looks at <see cref="Differences"/>.
    /// </summary>
    public StateReader(OptimizerState state)
    {
        this.state = state;
        isOwner = true;
    }

    public bool Has(string name) => state.Tensors.ContainsKey(name) || state.Numbers.ContainsKey(name);

    public double Number(string name)
    {
        read.Add(name);
        if (state.Numbers.TryGetValue(name, out double value)) return value;
        differences.Add($"{name}: missing");
        return 0;
    }

    /// <summary>A rate or a weight.</summary>
    public double NotNegative(string name) => Number(name, value => value >= 0 && double.IsFinite(value), "finite and not negative");

    /// <summary>A share of the past.</summary>
    public double Fraction(string name) => Number(name, value => value is >= 0 and < 1, "at least 0 and below 1");

    private double Number(string name, Func<double, bool> isRight, string rule)
    {
        double value = Number(name);
        if (!isRight(value)) differences.Add($"{name}: {value} is not {rule}");
        return value;
    }

    /// <summary>
    /// Returns the number of groups of parameters that can be read. Where their number differs, that is the difference to report, and not
    /// each number of each group.
    /// </summary>
    public int Groups(int count)
    {
        int saved = 0;
        while (Has($"{Optimizer.GroupName(saved)}/lr")) saved++;
        if (saved == count) return count;
        differences.Add($"groups of parameters: {saved} were saved, there are {count}");
        for (int g = count; g < saved; g++)
        {
            string group = $"{Optimizer.GroupName(g)}/";
            read.UnionWith(state.Numbers.Keys.Where(name => name.StartsWith(group, StringComparison.Ordinal)));
        }
        return Math.Min(saved, count);
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
    public Tensor? Tensor(string name, Tensor like) => Tensor(name, like, like.Shape);

    /// <summary>A copy of a tensor of another shape than the parameter's.</summary>
    public Tensor? Tensor(string name, Tensor like, Shape shape)
    {
        read.Add(name);
        if (!state.Tensors.TryGetValue(name, out var tensor)) differences.Add($"{name}: missing");
        else if (!tensor.Shape.Equals(shape)) differences.Add($"{name}: shape {tensor.Shape} where the parameter has {shape}");
        else if (tensor.DType != like.DType) differences.Add($"{name}: {tensor.DType.Name()} where the parameter is {like.DType.Name()}");
        else return Memory.Keep((isOwner ? tensor : tensor.CopyDense()).To(like.Device));
        return null;
    }

    /// <summary>Gets the entries that did not fit, and those that were not asked for.</summary>
    public IEnumerable<string> Differences
        => differences.Concat(
            state.Tensors.Keys.Concat(state.Numbers.Keys).Where(name => !read.Contains(name)).Select(name => $"{name}: not known here"));

    /// <summary>Throws if there is any difference.</summary>
    public void Finish()
    {
        var differences = Differences.ToList();
        if (differences.Count == 0) return;
        string more = differences.Count > MostReported ? $"\n  … and {differences.Count - MostReported} more" : "";
        throw new ArgumentException(
            $"[load_state] the state of '{state.Kind}' does not fit: it was saved from other parameters or with other options.\n  "
            + string.Join("\n  ", differences.Take(MostReported)) + more);
    }
}
