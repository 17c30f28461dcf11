namespace DeepNet.Devices.Cpu;

/// <summary>The addresses of a row operator's operands, and the numbers that each of its rows begins and ends with.</summary>
internal unsafe struct RowTable<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public RowPointers<T> First;

    public nint Length;

    private T* gradient, given, saved;
    private long* labels;
    private long ignoreIndex;
    private int givenCount, savedCount;
    private bool isMean;
    private T meanGradient;

    public RowTable(in RowOperands on)
    {
        First = new() { X = on.X.Pointer<T>(), G = Address(on.G), W = Address(on.W), Y = on.Y.Pointer<T>() };
        Length = on.Length;
        gradient = Address(on.Gradient);
        given = Address(on.Given);
        saved = Address(on.Saved);
        labels = on.Labels is null ? null : on.Labels.Pointer<long>();
        ignoreIndex = on.IgnoreIndex;
        (givenCount, savedCount) = (PerRow(on.Given, on.Rows), PerRow(on.Saved, on.Rows));
        isMean = on.IsMean;
        if (isMean) meanGradient = *gradient / (on.Counted is null ? T.CreateTruncating(on.Rows) : *on.Counted.Pointer<T>());
    }

    private static T* Address(Tensor? tensor) => tensor is null ? null : tensor.Pointer<T>();

    private static int PerRow(Tensor? tensor, nint rows) => tensor is null || rows == 0 ? 0 : (int)(tensor.Count / rows);

    /// <summary>
    /// Where a row and those beside it lie; <paramref name="isResult"/> if it has one number as a result. Written field by field: a copy
    /// of a struct whose fields were just stored waits until all before it is done, and rows no longer overlap.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public readonly void At(nint row, bool isResult, out RowPointers<T> at)
    {
        at.X = First.X + row * Length;
        at.G = First.G + row * Length;
        at.W = First.W;
        at.Y = First.Y + (isResult ? row : row * Length);
    }

    /// <summary>Reads what a row is given and prepares its numbers; false if its label does not count.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly bool Begin<TMap, N>(TMap map, nint row, ref RowState<N> k, out nint label)
        where TMap : unmanaged, IRowMap<TMap> where N : unmanaged, INumber<N>
    {
        label = -1;
        if (given != null)
        {
            T* numbers = given + row * givenCount;
            k.A = As<N>(numbers[0]);
            if (givenCount > 1) k.B = As<N>(numbers[1]);
            if (givenCount > 2) (k.P, k.Q) = (As<N>(numbers[2]), As<N>(numbers[3]));
        }
        RowGiven<N> own = default;
        if (gradient != null) own.G = As<N>(isMean ? meanGradient : gradient[row]);
        if (default(TMap) is ILabelled)
        {
            if (labels[row] == ignoreIndex) return false;
            label = (nint)labels[row];
            own.W = WeightOf<N>(label);
        }
        TMap.Prepare(map, own, N.Constant(Length), ref k);
        return true;
    }

    /// <summary>The element of a row at its label. Read after the folds, which have brought the row into the cache.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly RowElement<N> AtLabel<N>(T* x, nint label)
        where N : unmanaged, INumber<N> => new() { X = As<N>(x[label]), W = WeightOf<N>(label) };

    [MethodImpl(AggressiveInlining)]
    private readonly N WeightOf<N>(nint label) where N : unmanaged, INumber<N> => First.W == null ? N.Constant(1) : As<N>(First.W[label]);

    /// <summary>True if the numbers of rows are kept for a gradient.</summary>
    public readonly bool Saves => saved != null;

    /// <summary>Keeps the numbers of a row, and if there is room the sums that they were closed from.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly void Save<N>(nint row, N a, N b, T first, T second) where N : unmanaged
    {
        T* numbers = saved + row * savedCount;
        (numbers[0], numbers[1]) = (Unsafe.BitCast<N, T>(a), Unsafe.BitCast<N, T>(b));
        if (savedCount > 2) (numbers[2], numbers[3]) = (first, second);
    }

    /// <summary>Sets what a map gave at the label of a row.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void SetLabel<TMap, N>(TMap map, T* y, in RowState<N> k)
        where TMap : unmanaged, IRowMap<TMap> where N : unmanaged, INumber<N>
        => *y = Unsafe.BitCast<N, T>(TMap.AtLabel(map, As<N>(*y), k));

    /// <summary>
    /// A number as the one that scalars are computed in. By its bits: a cast by way of object allocates in methods that skip the tiers.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static N As<N>(T value) where N : unmanaged => Unsafe.BitCast<T, N>(value);

    [MethodImpl(AggressiveInlining)]
    public static RowSums<N> As<N>(in RowSums<T> sums)
        where N : unmanaged => new() { A = As<N>(sums.A), B = As<N>(sums.B), C = As<N>(sums.C) };

    /// <summary>The numbers of a row as elements, where they are: they have the same bits.</summary>
    [MethodImpl(AggressiveInlining)]
    public static ref RowState<T> From<N>(ref RowState<N> k) where N : unmanaged => ref Unsafe.As<RowState<N>, RowState<T>>(ref k);
}
