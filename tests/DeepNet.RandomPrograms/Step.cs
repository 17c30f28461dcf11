namespace DeepNet.RandomPrograms;

/// <summary>One statement of a program.</summary>
/// <param name="Id">The number of the variable that it defines.</param>
internal abstract record Step(int Id)
{
    /// <summary>The variables that it reads, those of inner statements that are defined outside included.</summary>
    public abstract IEnumerable<Var> Inputs { get; }

    public abstract Step WithInputs(Func<Var, Var> by);
}

/// <summary>A tensor of random numbers, evenly distributed; a leaf of the graph if a gradient is asked for it.</summary>
internal sealed record Leaf(int Id, int[] Shape, double Low, double High, int Seed, bool RequiresGrad) : Step(Id)
{
    public override IEnumerable<Var> Inputs => [];
    public override Step WithInputs(Func<Var, Var> by) => this;
}

/// <summary>A call of an operator.</summary>
internal sealed record Call(int Id, Operation Operation, object?[] Arguments) : Step(Id)
{
    public override IEnumerable<Var> Inputs => Arguments.SelectMany(Argument.Vars);
    public override Step WithInputs(Func<Var, Var> by) => this with { Arguments = [.. Arguments.Select(a => Argument.Replace(a, by))] };
}

/// <summary>The kinds of block that statements can stand in.</summary>
internal enum BlockKind
{
    Checkpoint,
    NoGrad,
    NoGradInScope,
}

/// <summary>Statements in a block, of which the last one gives the result.</summary>
internal sealed record Block(BlockKind Kind, IReadOnlyList<Step> Body) : Step(Body[^1].Id)
{
    public override IEnumerable<Var> Inputs => Body.SelectMany(s => s.Inputs).Where(v => Body.All(s => s.Id != v.Step)).Distinct();
    public override Step WithInputs(Func<Var, Var> by) => this with { Body = [.. Body.Select(s => s.WithInputs(by))] };
}
