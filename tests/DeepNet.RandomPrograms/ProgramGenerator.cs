using System.Reflection;

namespace DeepNet.RandomPrograms;

/// <summary>Draws programs from a catalog. The same seed and number give the same program.</summary>
internal sealed class ProgramGenerator(Catalog catalog, int seed)
{
    // Large enough to be shared among threads; the rest are small enough for many to be tried.
    private const double LargePrograms = 0.1, GreatestValue = 1e4;
    private const long MostMemory = 512 << 20;

    /// <summary>Draws the program of a number; with an operation, a small one of that and what it needs.</summary>
    public RandomProgram Draw(int number, Operation? wanted = null)
    {
        long limit = Memory.Limit;
        Memory.Limit = Math.Min(limit, Memory.ReservedBytes + MostMemory);
        try
        {
            return DrawWithin(number, wanted);
        }
        finally
        {
            Memory.Limit = limit;
        }
    }

    private RandomProgram DrawWithin(int number, Operation? wanted)
    {
        for (int attempt = 0; ; attempt++)
        {
            var random = new Random(unchecked(seed * 1_000_003 + number * 7919 + attempt * 104_729));
            if (attempt == 200)
                throw new InvalidOperationException($"No program {number} of seed {seed} can be drawn with {wanted?.Name ?? "any"}.");
            if (TryDraw(random, wanted) is { } program) return program;
        }
    }

    private RandomProgram? TryDraw(Random random, Operation? wanted)
    {
        var choices = new Choices(random, catalog, random.NextDouble() < LargePrograms && wanted is null);
        int length = wanted is not null ? 2 : choices.IsLarge ? random.Next(2, 6) : random.Next(3, 11);
        for (int i = 0; i < random.Next(1, 3); i++) choices.Leaf(choices.Shape(0, 4));
        int done = 0, at = random.Next(length);
        for (int tries = 0; done < length && tries < 40; tries++)
        {
            bool isTurn = wanted is not null && done == at;
            if (TryStep(choices, isTurn ? wanted! : catalog.Draw(random))) done++;
        }
        if (wanted is not null && choices.Steps.OfType<Call>().All(c => c.Operation != wanted)) return null;
        var program = new RandomProgram(choices.Steps, random.NextDouble() < 0.3, random.NextDouble() < 0.3, choices.IsSmooth);
        program = program.Without(s => s is Leaf or Call { Operation.IsInPlace: false, Operation.Method.Name: "RandInt" });
        if (random.NextDouble() < 0.5) program = InBlock(program, random);
        return IsValid(program) ? program : null;
    }

    private static bool TryStep(Choices choices, Operation operation)
    {
        var mark = choices.Mark();
        try
        {
            if (operation.Choose(choices) is { } arguments
                && choices.Emit(operation, arguments).All(v => IsUsable(v.Tensor, choices))) return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException or OutOfMemoryException)
        {
            // The arguments do not fit, or the result is too large: another operator, then.
        }
        choices.Rewind(mark);
        return false;
    }

    private static bool IsUsable(Tensor t, Choices choices)
        => t.Count <= choices.MostElements && (!t.DType.IsFloating() || t.Count == 0 || t.Abs().Max().Item<double>() <= GreatestValue);

    // Some statements in a row of which only the last is read by others.
    private static RandomProgram InBlock(RandomProgram program, Random random)
    {
        var steps = program.Steps;
        int length = random.Next(1, 4), from = random.Next(Math.Max(1, steps.Count - length + 1));
        var body = steps.Skip(from).Take(length).ToList();
        var rest = steps.Skip(from + length);
        // In-place changes reach through views, which a result that is held fixed would not be.
        if (body.Count == 0 || !body.All(IsPlain) || steps.Any(s => s is Call { Operation.IsInPlace: true })) return program;
        var inner = body.SkipLast(1).Select(s => s.Id).ToHashSet();
        if (rest.Any(s => s.Inputs.Any(v => inner.Contains(v.Step)))) return program;
        var kind = random.NextDouble() switch { < 0.6 => BlockKind.Checkpoint, < 0.8 => BlockKind.NoGrad, _ => BlockKind.NoGradInScope };
        var (run, block) = (Run.Of(program, DType.Float64), new Block(kind, body));
        var result = run.Values[block.Id][0];
        // A checkpoint must lead to a leaf; a view that shows everything is its tensor itself, within NoGrad too.
        bool fits = kind == BlockKind.Checkpoint ? result.RequiresGrad : !block.Inputs.Any(v => ReferenceEquals(run.Look(v), result));
        return fits ? program with { Steps = [.. steps.Take(from), block, .. rest] } : program;
    }

    private static bool IsPlain(Step step)
        => step is Call { Operation: { IsCut: false, IsInPlace: false, IsLayer: false, Method: MethodInfo method } } call
        && method.ReturnType == typeof(Tensor) && call.Operation.Types.All(t => t != typeof(Generator));

    /// <summary>False if an in-place change falsifies a gradient, which is refused, or the program takes too much memory.</summary>
    private static bool IsValid(RandomProgram program)
    {
        try
        {
            return Backward.Of(program, DType.Float64,
                run => run.Outputs.Count > 0
                    && run.Leaves.All(l => Run.GradientOf(l) is not { Count: > 0 } g || g.Abs().Max().Item<double>() < 1e6));
        }
        catch (InvalidOperationException e) when (e.Message.Contains("was saved", StringComparison.Ordinal)
            || e.Message.Contains("a detached tensor that was changed", StringComparison.Ordinal)
            || e.Message.Contains("depends on nothing", StringComparison.Ordinal))
        {
            return false;
        }
        catch (OutOfMemoryException)
        {
            return false;                               // the gradients take more than a program may
        }
        catch (Exception)
        {
            return true;                                // a fault, to be reported by the check
        }
    }
}
