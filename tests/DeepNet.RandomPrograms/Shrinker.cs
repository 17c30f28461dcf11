namespace DeepNet.RandomPrograms;

/// <summary>Makes a failing program smaller as long as it fails in the same way.</summary>
internal static class Shrinker
{
    private const int MostTries = 400;

    public static (RandomProgram Program, Failure Failure) Shrink(RandomProgram program, Failure failure, Campaign.Check check)
    {
        int tries = 0;
        for (bool isSmaller = true; isSmaller && tries < MostTries;)
        {
            isSmaller = false;
            foreach (var candidate in Smaller(program))
            {
                if (++tries > MostTries) break;
                if (check(candidate, out _) is not { } found || !found.IsLike(failure)) continue;
                (program, failure, isSmaller) = (candidate, found, true);
                break;
            }
        }
        return (program, failure);
    }

    private static IEnumerable<RandomProgram> Smaller(RandomProgram program)
    {
        var outputs = Outputs(program).ToList();
        if (outputs.Count > 1)
            foreach (var output in outputs) yield return program.Without(s => s.Id != output.Id);
        // Cut the graph above a result, or the only one of several that is read: a leaf of the same shape and range takes its place.
        Run? run = null;
        try
        {
            run = Run.Of(program, DType.Float64);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
        }
        if (run is not null)
            foreach (var step in program.Steps.Where(s => s is not Leaf).Reverse().Where(s => outputs.All(o => o.Id != s.Id)))
                if (program.Steps.SelectMany(s => s.Inputs).Where(v => v.Step == step.Id).Distinct().ToArray() is [var read]
                    && AsLeaf(step, run.Values[step.Id][read.Part]) is { } leaf)
                {
                    var steps = program.Steps.Select(s => s.Id == step.Id ? leaf : s.WithInputs(v => v == read ? new(step.Id, 0) : v));
                    yield return Swept(program with { Steps = [.. steps] });
                }
        foreach (var output in outputs)
            if (outputs.Count == 1 && output.Inputs.Any())
                yield return Swept(program with { Steps = [.. program.Steps.Where(s => s.Id != output.Id)] });
        foreach (var step in program.Steps)
            foreach (var input in step.Inputs.Where(v => v.Part == 0).Distinct())
                if (run is not null && program.Steps.Any(s => s.Id != step.Id && s.Inputs.Any(v => v.Step == step.Id))
                    && run.Values[input.Step][0] is var a && run.Values[step.Id] is [var b]
                    && a.Shape.Equals(b.Shape) && a.DType == b.DType)
                {
                    var rest = program.Steps.Where(s => s.Id != step.Id).Select(s => s.WithInputs(v => v.Step == step.Id ? input : v));
                    yield return Swept(program with { Steps = [.. rest] });
                }
        foreach (var block in program.Steps.OfType<Block>())
            yield return program with { Steps = [.. program.Steps.SelectMany(s => s.Id == block.Id ? block.Body : [s])] };
        foreach (var leaf in program.Steps.OfType<Leaf>().Where(l => l.RequiresGrad))
            yield return program with { Steps = [.. program.Steps.Select(s => s.Id == leaf.Id ? leaf with { RequiresGrad = false } : s)] };
        if (program.InScope) yield return program with { InScope = false };
        if (program.OneByOne) yield return program with { OneByOne = false };
    }

    private static IEnumerable<Step> Outputs(RandomProgram program)
    {
        var read = program.Steps.SelectMany(s => s.Inputs).Select(v => v.Step).ToHashSet();
        return program.Steps.Where(s => !read.Contains(s.Id) && s is not Leaf);
    }

    private static RandomProgram Swept(RandomProgram program)
    {
        var outputs = Outputs(program).Select(s => s.Id).ToHashSet();
        return program.Without(s => !outputs.Contains(s.Id));
    }

    private static Leaf? AsLeaf(Step step, Tensor y)
    {
        if (!y.DType.IsFloating() || y.Count == 0) return null;
        double low = y.Min().Item<double>(), high = y.Max().Item<double>();
        if (!double.IsFinite(low) || !double.IsFinite(high)) return null;
        if (high == low) high = low + 0.1 * Math.Max(1, Math.Abs(low));
        return new Leaf(step.Id, [.. y.Shape], low, high, 50_000 + step.Id, y.RequiresGrad);
    }
}
