namespace DeepNet.Ilgpu;

/// <summary>Cuts the axis of a scan into pieces: a thread takes a piece of a column.</summary>
internal struct ScanPlace
{
    public Divisor Inner, Pieces;
    public long Length, Each;
    public int HasA, HasB, IsReverse;

    /// <summary>
    /// Gets the part of a scan that a thread does: its column, its first step, the number of steps, and the offset of the first.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long Start(long i, out long column, out long piece, out long count, out long step)
    {
        // Neighbouring threads take neighbouring columns, and pieces only then.
        long rest = Inner.Of(i), inner = i - rest * Inner, outer = Pieces.Of(rest);
        piece = rest - outer * Pieces;
        column = outer * Inner + inner;
        long first = piece * Each;
        count = Each < Length - first ? Each : Length - first;
        step = IsReverse != 0 ? -Inner : Inner;
        return (outer * Length + (IsReverse != 0 ? Length - 1 - first : first)) * Inner + inner;
    }
}

/// <summary>
/// Computes for each piece of y[i] = a[i]·y[i − 1] + b[i] the factor and the summand that it applies to the value before it.
/// </summary>
internal struct ScanPiecesJob<TElement, T> : IJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<T> A, B;
    public ArrayView<double> Factors, Summands;
    public ScanPlace Place;

    public static string Name => "recurrence";

    public void Run(long i)
    {
        long at = Place.Start(i, out long column, out long piece, out long count, out long step);
        double factor = 1, summand = 0;
        for (long k = 0; k < count; k++, at += step)
        {
            if (Place.HasA != 0)
            {
                double a = TElement.ToDouble(A[at]);
                factor *= a;
                summand *= a;
            }
            if (Place.HasB != 0) summand += TElement.ToDouble(B[at]);
        }
        Factors[column * Place.Pieces + piece] = factor;
        Summands[column * Place.Pieces + piece] = summand;
    }
}

/// <summary>Computes the value before each piece of a column, one after the other, in the place of the summands.</summary>
internal struct ScanEntriesJob : IJob
{
    public ArrayView<double> Factors, Summands;
    public long Pieces;
    public double Initial;

    public static string Name => "recurrence";

    public void Run(long column)
    {
        double state = Initial;
        for (long at = column * Pieces; at < (column + 1) * Pieces; at++)
        {
            double next = Summands[at];
            if (state != 0) next += Factors[at] * state; // a factor may be infinite where nothing enters
            Summands[at] = state;
            state = next;
        }
    }
}

/// <summary>The scan of each piece from what enters it, its state wide.</summary>
internal struct ScanJob<TElement, T> : IJob where TElement : unmanaged, IGpuElement<T> where T : unmanaged
{
    public ArrayView<T> A, B, Y;
    public ArrayView<double> Entries;
    public ScanPlace Place;
    public double Initial;
    public int HasEntries;

    public static string Name => "recurrence";

    public void Run(long i)
    {
        long at = Place.Start(i, out long column, out long piece, out long count, out long step);
        double state = Initial;
        if (HasEntries != 0) state = Entries[column * Place.Pieces + piece];
        for (long k = 0; k < count; k++, at += step)
        {
            if (Place.HasA != 0) state *= TElement.ToDouble(A[at]);
            if (Place.HasB != 0) state += TElement.ToDouble(B[at]);
            Y[at] = TElement.FromDouble(state);
        }
    }
}

/// <summary><see cref="ScanPiecesJob{TElement, T}"/> in whole numbers.</summary>
internal struct ScanWholePiecesJob : IJob
{
    public ArrayView<long> A, B, Factors, Summands;
    public ScanPlace Place;

    public static string Name => "recurrence";

    public void Run(long i)
    {
        long at = Place.Start(i, out long column, out long piece, out long count, out long step), factor = 1, summand = 0;
        for (long k = 0; k < count; k++, at += step)
        {
            if (Place.HasA != 0)
            {
                factor *= A[at];
                summand *= A[at];
            }
            if (Place.HasB != 0) summand += B[at];
        }
        Factors[column * Place.Pieces + piece] = factor;
        Summands[column * Place.Pieces + piece] = summand;
    }
}

/// <summary><see cref="ScanEntriesJob"/> in whole numbers.</summary>
internal struct ScanWholeEntriesJob : IJob
{
    public ArrayView<long> Factors, Summands;
    public long Pieces, Initial;

    public static string Name => "recurrence";

    public void Run(long column)
    {
        long state = Initial;
        for (long at = column * Pieces; at < (column + 1) * Pieces; at++)
        {
            long next = Factors[at] * state + Summands[at];
            Summands[at] = state;
            state = next;
        }
    }
}

/// <summary><see cref="ScanJob{TElement, T}"/> in whole numbers.</summary>
internal struct ScanWholeJob : IJob
{
    public ArrayView<long> A, B, Y, Entries;
    public ScanPlace Place;
    public long Initial;
    public int HasEntries;

    public static string Name => "recurrence";

    public void Run(long i)
    {
        long at = Place.Start(i, out long column, out long piece, out long count, out long step), state = Initial;
        if (HasEntries != 0) state = Entries[column * Place.Pieces + piece];
        for (long k = 0; k < count; k++, at += step)
        {
            if (Place.HasA != 0) state *= A[at];
            if (Place.HasB != 0) state += B[at];
            Y[at] = state;
        }
    }
}
