namespace DeepNet.Devices.Cpu;

/// <summary>
/// The forward-backward algorithm of connectionist temporal classification over a batch, in logarithms and double precision. A state is a
/// label or the blank before, between or after labels; from step to step a path stays, goes on by one state, or skips the blank between two
/// different labels. States are computed a vector at a time.
/// </summary>
/// <typeparam name="V">The number of doubles that formulas run on.</typeparam>
/// <typeparam name="TLane">Double.</typeparam>
/// <typeparam name="T">The type of the log-probabilities.</typeparam>
internal unsafe struct CtcPaths<V, TLane, T> : IParallelBody
    where V : unmanaged, ISimd<V, TLane> where TLane : unmanaged where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Never = double.NegativeInfinity;

    // Rows of states have so many more on either side, in which no path ever is, so that every state has neighbours.
    private const int Beside = 2;

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
        Space space = default;
        // Without a gradient the sums of the step before are all that is remembered.
        nint rows = Slopes == null ? 2 : Math.Max(steps, 2);
        if (count <= steps)
        {
            nint width = states + V.Lanes + 2 * Beside;
            double* memory = (double*)Scratch.Get((rows + 5) * width * sizeof(double) + states * sizeof(long));
            new Span<double>(memory, checked((int)((rows + 5) * width))).Fill(Never);
            space = new() { Sums = memory + Beside, Width = width, Rows = rows, Classes = (long*)(memory + (rows + 5) * width) };
            for (nint s = 0; s < states; s++)
            {
                nint label = n * MostLabels + s / 2;
                space.Classes[s] = s % 2 == 0 ? Blank : Labels[label];
                // A path may come to a label from the label before, if that is another one.
                if (s > 1 && s % 2 == 1 && Labels[label] != Labels[label - 1]) space.Skips[s] = 0;
            }
            total = steps == 0 ? 0 : Forward(n, space, steps, states);
        }
        bool isLost = double.IsNegativeInfinity(total);
        Losses[n] = T.CreateTruncating(isLost && ZeroInfinity ? 0 : -total);
        if (Slopes == null) return;
        if (!isLost) Backward(n, space, steps, states, total);
        else if (!ZeroInfinity)
            for (nint t = 0; t < steps; t++) new Span<T>(Row(Slopes, t, n), (int)Classes).Fill(T.NaN);
    }

    /// <summary>Rows of states: the sums of each step that is remembered, then five more.</summary>
    private struct Space
    {
        public double* Sums;
        public nint Width, Rows;

        /// <summary>The class of each state.</summary>
        public long* Classes;

        /// <summary>0 where a path may skip to the state from the one before the last.</summary>
        public readonly double* Skips => Sums + Rows * Width;

        /// <summary>The log-probabilities of the classes of the states at a step.</summary>
        public readonly double* Emitted => Sums + (Rows + 1) * Width;

        public readonly double* Shares => Sums + (Rows + 2) * Width;

        /// <summary>The ends of paths, at this step and the next.</summary>
        public readonly double* Rest => Sums + (Rows + 3) * Width;

        public readonly void Emit(T* x, nint states)
        {
            for (nint s = 0; s < states; s++) Emitted[s] = double.CreateTruncating(x[Classes[s]]);
        }
    }

    /// <summary>Sums the probabilities of all beginnings of paths that end in a state at a step; returns that of whole paths.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly double Forward(nint n, in Space space, nint steps, nint states)
    {
        double* before = space.Sums, emitted = space.Emitted, skips = space.Skips;
        space.Emit(Row(X, 0, n), states);
        for (nint s = Math.Max(0, states - 2 * steps); s < Math.Min(states, 2); s++) before[s] = emitted[s];
        for (nint t = 1; t < steps; t++)
        {
            double* now = space.Sums + t % space.Rows * space.Width;
            space.Emit(Row(X, t, n), states);
            new Span<double>(now, (int)states).Fill(Never);
            // The others cannot be reached yet, or are too far from the end.
            nint first = Math.Max(0, states - 2 * (steps - t)), last = Math.Min(states - 1, 2 * t + 1);
            for (nint s = first; s <= last; s += V.Lanes)
            {
                var begun = Sum(Load(before + s), Load(before + s - 1), Load(before + s - 2) + Load(skips + s));
                (begun + Load(emitted + s)).Store((TLane*)(now + s));
            }
            before = now;
        }
        double a = before[states - 1], b = states > 1 ? before[states - 2] : Never, most = Math.Max(a, b);
        return most == Never ? Never : most + Math.Log(Math.Exp(a - most) + Math.Exp(b - most));
    }

    /// <summary>Sums the probabilities of all ends of paths too, and subtracts from each class the share of paths that pass it.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Backward(nint n, in Space space, nint steps, nint states, double total)
    {
        double* emitted = space.Emitted, skips = space.Skips, shares = space.Shares, rest = space.Rest, after = rest + space.Width;
        var whole = V.Constant(total);
        for (nint s = Math.Max(0, states - 2); s < states; s++) rest[s] = 0;
        for (nint t = steps - 1; t >= 0; t--)
        {
            T* slopes = Row(Slopes, t, n);
            double* begun = space.Sums + t * space.Width;
            space.Emit(Row(X, t, n), states);
            for (nint s = 0; s < states; s += V.Lanes)
            {
                var end = t == steps - 1 ? Load(rest + s)
                    : Sum(Load(after + s), Load(after + s + 1), Load(after + s + 2) + Load(skips + s + 2));
                (end + Load(emitted + s)).Store((TLane*)(rest + s));
                V.Exp(Load(begun + s) + end - whole).Store((TLane*)(shares + s));
            }
            for (nint s = 0; s < states; s++) slopes[space.Classes[s]] -= T.CreateTruncating(shares[s]);
            double* done = rest;
            rest = after;
            after = done;
        }
    }

    private readonly T* Row(T* of, nint step, nint n) => of + (step * Batch + n) * Classes;

    [MethodImpl(AggressiveInlining)]
    private static V Load(double* p) => V.Load((TLane*)p);

    /// <summary>ln(eᵃ + eᵇ + eᶜ).</summary>
    [MethodImpl(AggressiveInlining)]
    private static V Sum(V a, V b, V c)
    {
        V larger = V.Max(a, b), largest = V.Max(larger, c), finite = V.Max(V.Constant(-1e300), largest);
        return largest + V.Log(V.Constant(1) + V.Exp(V.Min(a, b) - finite) + V.Exp(V.Min(larger, c) - finite));
    }
}
