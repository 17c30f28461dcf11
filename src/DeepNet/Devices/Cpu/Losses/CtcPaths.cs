namespace DeepNet.Devices.Cpu;

/// <summary>
/// The forward-backward algorithm of connectionist temporal classification over a batch, in logarithms and double precision. A state is a
/// label or the blank before, between or after labels; from step to step a path stays, goes on by one state, or skips the blank between two
/// different labels.
/// </summary>
internal unsafe struct CtcPaths<T> : IParallelBody where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Never = double.NegativeInfinity;

    /// <summary>Log-probabilities (steps, batch, classes), and the losses of the batch.</summary>
    public T* X, Losses;

    /// <summary>The derivatives of the losses by the log-probabilities, of the shape of X and all 0; null if nobody asks.</summary>
    public T* Slopes;

    /// <summary>The labels, a row of <see cref="MostLabels"/> for each of the batch.</summary>
    public long* Labels;

    /// <summary>The number of steps and of labels of each of the batch.</summary>
    public long* Steps, Counts;

    public nint Batch, Classes, MostLabels, Blank;

    /// <summary>True if a loss that is infinite counts as 0.</summary>
    public bool ZeroInfinity;

    public void Run(nint from, nint to)
    {
        for (nint n = from; n < to; n++) Sequence(n);
    }

    private void Sequence(nint n)
    {
        nint steps = (nint)Steps[n], count = (nint)Counts[n], states = 2 * count + 1;
        double total = Never;
        double* space = null;
        // Without a gradient the sums of the step before are all that is remembered.
        nint rows = Slopes == null ? 2 : Math.Max(steps, 2);
        if (count <= steps)
        {
            space = (double*)Scratch.Get((rows + 2) * states * sizeof(double));
            total = steps == 0 ? 0 : Forward(n, space, rows, steps, states);
        }
        bool isLost = double.IsNegativeInfinity(total);
        Losses[n] = T.CreateTruncating(isLost && ZeroInfinity ? 0 : -total);
        if (Slopes == null) return;
        if (!isLost) Backward(n, space, space + rows * states, steps, states, total);
        else if (!ZeroInfinity)
            for (nint t = 0; t < steps; t++) new Span<T>(Row(Slopes, t, n), (int)Classes).Fill(T.NaN);
    }

    /// <summary>Sums the probabilities of all beginnings of paths that end in a state at a step; returns that of whole paths.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly double Forward(nint n, double* sums, nint rows, nint steps, nint states)
    {
        double* before = sums;
        for (nint t = 0; t < steps; t++)
        {
            double* now = sums + t % rows * states;
            T* x = Row(X, t, n);
            new Span<double>(now, (int)states).Fill(Never);
            // The others cannot be reached yet, or are too far from the end.
            nint first = Math.Max(0, states - 2 * (steps - t)), last = Math.Min(states - 1, 2 * t + 1);
            for (nint s = first; s <= last; s++)
            {
                double sum = t == 0 ? 0 : Sum(before[s], s > 0 ? before[s - 1] : Never, IsSkip(n, s) ? before[s - 2] : Never);
                now[s] = sum + double.CreateTruncating(x[Class(n, s)]);
            }
            before = now;
        }
        return Sum(before[states - 1], states > 1 ? before[states - 2] : Never, Never);
    }

    /// <summary>Sums the probabilities of all ends of paths too, and subtracts from each class the share of paths that pass it.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Backward(nint n, double* sums, double* rest, nint steps, nint states, double total)
    {
        double* after = rest + states;
        for (nint t = steps - 1; t >= 0; t--)
        {
            T* x = Row(X, t, n), slopes = Row(Slopes, t, n);
            double* begun = sums + t * states;
            for (nint s = 0; s < states; s++)
            {
                double end = t == steps - 1
                    ? s >= states - 2 ? 0 : Never
                    : Sum(
                        after[s], s + 1 < states ? after[s + 1] : Never, s + 2 < states && IsSkip(n, s + 2) ? after[s + 2] : Never);
                nint at = Class(n, s);
                rest[s] = end + double.CreateTruncating(x[at]);
                double share = begun[s] + end - total;
                if (share != Never) slopes[at] -= T.CreateTruncating(Math.Exp(share));
            }
            double* done = rest;
            rest = after;
            after = done;
        }
    }

    private readonly nint Class(nint n, nint state) => state % 2 == 0 ? Blank : (nint)Labels[n * MostLabels + state / 2];

    /// <summary>True if a path may come to the state from the one before the last: from a label to another one.</summary>
    private readonly bool IsSkip(nint n, nint state)
        => state > 1 && state % 2 == 1 && Labels[n * MostLabels + state / 2] != Labels[n * MostLabels + state / 2 - 1];

    private readonly T* Row(T* of, nint step, nint n) => of + (step * Batch + n) * Classes;

    /// <summary>ln(eᵃ + eᵇ + eᶜ).</summary>
    private static double Sum(double a, double b, double c)
    {
        if (b > a) (a, b) = (b, a);
        if (c > a) (a, c) = (c, a);
        if (a == Never) return a;
        double others = Math.Exp(b - a);
        if (c != Never) others += Math.Exp(c - a);      // every other state has no third way
        return a + Math.Log(1 + others);
    }
}
