namespace DeepNet.Analysis;

/// <summary>The loss along a line.</summary>
/// <param name="At">The places, in lengths of the direction.</param>
/// <param name="Loss">The loss at each.</param>
public sealed record LossLine(IReadOnlyList<double> At, IReadOnlyList<double> Loss)
{
    /// <summary>Returns the rise of the loss between two places above the higher of them: 0 if two solutions lie in one valley.</summary>
    public double Barrier(double first = 0, double second = 1)
    {
        int from = Nearest(first), to = Nearest(second);
        return Loss.Skip(from).Take(to - from + 1).Max() - Math.Max(Loss[from], Loss[to]);
    }

    private int Nearest(double place) => Enumerable.Range(0, At.Count).MinBy(i => Math.Abs(At[i] - place));
}

/// <summary>The loss over a plane.</summary>
/// <param name="X">The places along the first direction.</param>
/// <param name="Y">The places along the second.</param>
/// <param name="Loss">The loss: element [i, j] belongs to (X[j], Y[i]).</param>
public sealed record LossPlane(IReadOnlyList<double> X, IReadOnlyList<double> Y, double[,] Loss);
