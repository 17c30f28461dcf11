namespace DeepNet.Replay;

/// <summary>A step that is run at each call: a kernel, several formulas in pieces, a draw, or something to be done as it is.</summary>
internal sealed class PlannedStep
{
    /// <summary>Gets the kernel.</summary>
    public readonly Kernel? Kernel;

    /// <summary>Gets what is done as it is.</summary>
    public readonly Action? Action;

    /// <summary>Gets the draw; −1 for none.</summary>
    public readonly int Draw;

    private PlannedStep(Kernel? kernel, Action? action, int draw, IReadOnlyList<int> values)
        => (Kernel, Action, Draw, Values) = (kernel, action, draw, values);

    /// <summary>Gets the numbers of the values that are read or written.</summary>
    public IReadOnlyList<int> Values { get; }

    /// <summary>Plans the steps of a recording, with chains of formulas together.</summary>
    public static PlannedStep[] Of(List<TraceStep> steps)
    {
        var planned = new List<PlannedStep>();
        for (int i = 0; i < steps.Count;)
        {
            int count = Math.Max(1, PieceKernel.Length(steps, i));
            var (step, part) = (steps[i], steps.GetRange(i, count));
            var kernel = count > 1 ? new PieceKernel(part) : step.Kernel;
            planned.Add(new PlannedStep(kernel, step.Action, count > 1 ? -1 : step.Draw, ValuesOf(part)));
            i += count;
        }
        return [.. planned];
    }

    private static int[] ValuesOf(List<TraceStep> steps)
        => [.. steps.SelectMany(step => step.Operands).Select(operand => operand.Value).Where(number => number >= 0).Distinct()];
}
