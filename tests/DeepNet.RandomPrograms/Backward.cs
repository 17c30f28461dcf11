namespace DeepNet.RandomPrograms;

/// <summary>The backward pass of a run, from all its outputs.</summary>
internal static class Backward
{
    /// <summary>Runs a program forwards and backwards and hands the run over while its memory is there.</summary>
    public static T Of<T>(RandomProgram program, DType type, Func<Run, T> read, Func<Tensor, Tensor>? change = null)
    {
        if (!program.InScope) return Whole(program, type, read, change);
        using var scope = Memory.Scope();
        return Whole(program, type, read, change);
    }

    private static T Whole<T>(RandomProgram program, DType type, Func<Run, T> read, Func<Tensor, Tensor>? change)
    {
        var run = Run.Of(program, type, change: change);
        Tensor? sum = null;
        for (int i = 0; i < run.Outputs.Count; i++)
        {
            var y = run.Outputs[i];
            if (!y.RequiresGrad) continue;
            var weights = Run.Weights(i, y.Shape).To(y.DType);
            if (program.OneByOne) y.Backward(weights, retainGraph: true);
            else sum = sum is null ? (y * weights).Sum() : sum + (y * weights).Sum();
        }
        sum?.Backward();
        return read(run);
    }
}
