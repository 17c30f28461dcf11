namespace DeepNet.Ilgpu;

/// <summary>Copies between layouts.</summary>
internal struct CopyJob<T> : IWideJob where T : unmanaged
{
    public ArrayView<T> From, To;
    public Nest Nest;

    public static string Name => "copy";

    public void Run(long i)
    {
        var at = Nest.At(i);
        To[at.B] = From[at.A];
    }

    public void RunFour(int i)
    {
        var at = Nest.At(4 * i);
        To.AsAligned(Fours.Alignment).Cast<Four<T>>()[at.B >> 2] = Fours.Read(From, at.A, Nest.IsRowInA);
    }
}

/// <summary>
/// Copies between layouts whose neighbours lie along different axes, by tiles of 32 × 32 through shared memory: read along the one axis,
/// written along the other, so that both ways neighbouring threads meet neighbours in memory.
/// </summary>
internal struct TransposeJob<T> : IGroupJob where T : unmanaged
{
    /// <summary>The side of a tile.</summary>
    public const int Side = 32;

    public ArrayView<T> From, To;
    public Nest Nest;
    public Divisor TilesJ, TilesK;

    /// <summary>
    /// The axis along which neighbours of the target lie, and that of the source's: their lengths, and the steps to the next in the other
    /// one.
    /// </summary>
    public long LengthJ, LengthK, StepJ, StepK;

    public static string Name => "copy";

    public void Run(long group)
    {
        var tile = SharedMemory.Allocate<T>(Side * (Side + 1));
        long line = TilesJ.Of(group), batch = TilesK.Of(line), j = (group - line * TilesJ.Value) * Side,
            k = (line - batch * TilesK.Value) * Side;
        var at = Nest.At(batch);
        Group.Barrier();                                 // whoever still writes the last tile
        for (int e = Group.IdxX; e < Side * Side; e += Group.DimX)
        {
            int along = e % Side, across = e / Side;
            if (j + across < LengthJ && k + along < LengthK)
                tile[across * (Side + 1) + along] = From[at.A + (j + across) * StepJ + k + along];
        }
        Group.Barrier();
        for (int e = Group.IdxX; e < Side * Side; e += Group.DimX)
        {
            int along = e % Side, across = e / Side;
            if (j + along < LengthJ && k + across < LengthK)
                To[at.B + (k + across) * StepK + j + along] = tile[along * (Side + 1) + across];
        }
    }
}

/// <summary>Copies dense elements.</summary>
internal struct DenseCopyJob<T> : IWideJob where T : unmanaged
{
    public ArrayView<T> From, To;

    public static string Name => "copy";

    public void Run(long i) => To[i] = From[i];

    public void RunFour(int i) => Fours.Write(To, i, Fours.Read(From, i));
}

/// <summary>
/// Converts dense elements: integers by way of int64, so that no bit is lost, everything else by way of the wider floating type.
/// </summary>
internal struct ConvertJob<TFrom, T, TTo, U> : IWideJob
    where TFrom : unmanaged, IGpuElement<T> where T : unmanaged where TTo : unmanaged, IGpuElement<U> where U : unmanaged
{
    public ArrayView<T> From;
    public ArrayView<U> To;

    public static string Name => "to";

    public void Run(long i) => To[i] = Converted(From[i]);

    public void RunFour(int i)
    {
        var from = Fours.Read(From, i);
        Fours.Write(To, i, new(Converted(from.A), Converted(from.B), Converted(from.C), Converted(from.D)));
    }

    [MethodImpl(AggressiveInlining)]
    private static U Converted(T element)
    {
        if (TFrom.IsWhole) return TTo.FromInt64(TFrom.ToInt64(element));
        return TFrom.IsDouble ? TTo.FromDouble(TFrom.ToDouble(element)) : TTo.FromSingle(TFrom.ToSingle(element));
    }
}

/// <summary>Sets dense elements.</summary>
internal struct DenseFillJob<T> : IWideJob where T : unmanaged
{
    public ArrayView<T> To;
    public T Value;

    public static string Name => "fill";

    public void Run(long i) => To[i] = Value;

    public void RunFour(int i) => Fours.Write(To, i, Fours.Same(Value));
}

/// <summary>Sets elements of any layout.</summary>
internal struct FillJob<T> : IJob where T : unmanaged
{
    public ArrayView<T> To;
    public Nest Nest;
    public T Value;

    public static string Name => "fill";

    public void Run(long i) => To[Nest.At(i).A] = Value;
}

/// <summary>y = condition ? a : b, of any layout.</summary>
internal struct SelectJob<T> : IWideJob where T : unmanaged
{
    public ArrayView<byte> Condition;
    public ArrayView<T> A, B, Y;
    public Nest Nest;

    public static string Name => "where";

    public void Run(long i)
    {
        var at = Nest.At(i);
        Y[i] = Condition[at.A] != 0 ? A[at.B] : B[at.C];
    }

    public void RunFour(int i)
    {
        var at = Nest.At(4 * i);
        var condition = Fours.Read(Condition, at.A, Nest.IsRowInA);
        Four<T> a = Fours.Read(A, at.B, Nest.IsRowInB), b = Fours.Read(B, at.C, Nest.IsRowInC);
        Fours.Write(Y, i, new(condition.A != 0 ? a.A : b.A, condition.B != 0 ? a.B : b.B, condition.C != 0 ? a.C : b.C, condition.D != 0
            ? a.D : b.D));
    }
}
