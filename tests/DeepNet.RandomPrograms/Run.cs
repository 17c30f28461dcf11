namespace DeepNet.RandomPrograms;

/// <summary>A run of a program: its values, and everything that a comparison needs to repeat it a little aside.</summary>
internal sealed class Run
{
    private readonly DType type;
    private readonly double step;
    private readonly Dictionary<int, Tensor[]> values = [];
    private readonly Dictionary<int, Tensor[]>? cuts;
    private readonly Func<Tensor, Tensor>? change;

    private Run(DType type, double step, Dictionary<int, Tensor[]>? cuts, Func<Tensor, Tensor>? change = null)
    {
        this.type = type;
        this.step = step;
        this.cuts = cuts;
        this.change = change;
    }

    /// <summary>Gets the leaves and the parameters of layers, in the order in which they were made.</summary>
    public List<Tensor> Leaves { get; } = [];

    /// <summary>Gets the results that the gradient does not pass: constants for finite differences.</summary>
    public Dictionary<int, Tensor[]> Cuts { get; } = [];

    /// <summary>Gets the floating-point results that no statement reads.</summary>
    public List<Tensor> Outputs { get; } = [];

    public IReadOnlyDictionary<int, Tensor[]> Values => values;

    /// <summary>Gets the gradient of a leaf, dense in any case; null if it has none.</summary>
    public static Tensor? GradientOf(Tensor leaf) => leaf.SparseGrad is { } rows ? rows.ToDense() : leaf.Grad;

    /// <summary>Runs the program. With cuts, leaves are moved by a step along their directions, and cut results are those given.</summary>
    /// <param name="program">The program.</param>
    /// <param name="type">The type of its tensors.</param>
    /// <param name="step">The step.</param>
    /// <param name="cuts">The cut results.</param>
    /// <param name="change">What is done to leaves before they are used.</param>
    public static Run Of(
        RandomProgram program, DType type, double step = 0, Dictionary<int, Tensor[]>? cuts = null, Func<Tensor, Tensor>? change = null)
    {
        var run = new Run(type, step, cuts, change);
        foreach (var s in program.Steps) run.Execute(s);
        var read = program.Steps.SelectMany(s => s.Inputs).ToHashSet();
        foreach (var s in program.Steps)
            for (int part = 0; part < run.values[s.Id].Length; part++)
            {
                var y = run.values[s.Id][part];
                if (s is not Leaf && y.DType.IsFloating() && !read.Contains(new(s.Id, part))) run.Outputs.Add(y);
            }
        return run;
    }

    /// <summary>Executes one more statement; for the generator, which looks at each result.</summary>
    public Tensor[] Execute(Step step) => values[step.Id] = Evaluate(step);

    public static Run Empty() => new(DType.Float64, 0, null);

    public Tensor Look(Var v) => values[v.Step][v.Part];

    public void Forget(int id) => values.Remove(id);

    /// <summary>The direction of a leaf, with entries between −1 and 1.</summary>
    public static Tensor Direction(int leaf, Shape shape) =>
        Tensor.Uniform(shape, -1, 1, DType.Float64, generator: new Generator((ulong)(90_001 + leaf)));

    /// <summary>The weights of an output in the sum that is differentiated.</summary>
    public static Tensor Weights(int output, Shape shape) =>
        Tensor.Uniform(shape, 0.5, 1.5, DType.Float64, generator: new Generator((ulong)(70_001 + output)));

    private Tensor[] Evaluate(Step s)
    {
        switch (s)
        {
            case Leaf leaf:
                var made = Tensor.Uniform(leaf.Shape, leaf.Low, leaf.High, DType.Float64, generator: new Generator((ulong)leaf.Seed));
                if (change is not null) made = change(made);
                if (!leaf.RequiresGrad) return [made.To(type)];
                made = Moved(made.To(type));
                made.RequiresGrad = true;
                return [made];
            case Call call:
                if (cuts is not null && cuts.TryGetValue(call.Id, out var cut)) return [.. cut.Select(t => t.Clone())];
                var results = call.Operation.Call(call.Arguments, Look, type, p => _ = Moved(p));
                if (!call.Operation.IsInPlace && (call.Operation.IsCut || results.All(t => !t.DType.IsFloating()))) Cut(call.Id, results);
                return results;
            case Block { Kind: BlockKind.Checkpoint } block:
                Var[] inputs = [.. block.Inputs];
                return [Autograd.Checkpoint(x => new Run(type, step, null, change).Inner(block, inputs, x), [.. inputs.Select(Look)])];
            case Block block:
                if (cuts is not null && cuts.TryGetValue(block.Id, out cut)) return [.. cut.Select(t => t.Clone())];
                using (Autograd.NoGrad())
                {
                    if (block.Kind == BlockKind.NoGrad) results = Body(block);
                    else
                    {
                        using var scope = Memory.Scope();
                        results = Body(block);
                        foreach (var t in results) scope.Keep(t);
                    }
                }
                Cut(block.Id, results);
                return results;
            default:
                throw new ArgumentException($"{s} is no statement.");
        }
    }

    private Tensor Inner(Block block, Var[] inputs, Tensor[] x)
    {
        foreach (var (v, tensor) in inputs.Zip(x))
        {
            if (!values.TryGetValue(v.Step, out var known) || known.Length <= v.Part) Array.Resize(ref known, v.Part + 1);
            known[v.Part] = tensor;
            values[v.Step] = known;
        }
        return Body(block)[0];
    }

    private Tensor[] Body(Block block)
    {
        var results = Array.Empty<Tensor>();
        foreach (var s in block.Body) results = Execute(s);
        foreach (var s in block.Body.SkipLast(1)) values.Remove(s.Id);
        return results;
    }

    private Tensor Moved(Tensor leaf)
    {
        if (step != 0)
        {
            using var off = Autograd.NoGrad();
            leaf.AddInPlace(Direction(Leaves.Count, leaf.Shape) * step);
        }
        Leaves.Add(leaf);
        return leaf;
    }

    private void Cut(int id, Tensor[] results)
    {
        if (cuts is null) Cuts[id] = [.. results.Select(t => Memory.Keep(t.Detach().Clone()))];
    }
}
