namespace DeepNet.Devices.Cpu;

/// <summary>
/// Specifies how the elements of A follow each other in a <see cref="Tile"/>. What the compiler knows of it goes into the addresses and
/// costs no instruction.
/// </summary>
internal interface IOrder
{
    /// <summary>True where it is known enough for several terms at a time.</summary>
    static abstract bool IsKnown { get; }

    /// <summary>The step from one row to the next, given what the operands say.</summary>
    static abstract nint Row(nint stride);

    /// <summary>The step from one term to the next, given what the operands say, in a tile of so many rows.</summary>
    static abstract nint Term(nint stride, int rows);
}

/// <summary>Any strides.</summary>
internal readonly struct FreeOrder : IOrder
{
    public static bool IsKnown => false;

    [MethodImpl(AggressiveInlining)]
    public static nint Row(nint stride) => stride;

    [MethodImpl(AggressiveInlining)]
    public static nint Term(nint stride, int rows) => stride;
}

/// <summary>Rows that are each contiguous.</summary>
internal readonly struct RowOrder : IOrder
{
    public static bool IsKnown => true;

    [MethodImpl(AggressiveInlining)]
    public static nint Row(nint stride) => stride;

    [MethodImpl(AggressiveInlining)]
    public static nint Term(nint stride, int rows) => 1;
}

/// <summary>The rows of each term side by side, the terms any distance apart.</summary>
internal readonly struct ColumnOrder : IOrder
{
    public static bool IsKnown => true;

    [MethodImpl(AggressiveInlining)]
    public static nint Row(nint stride) => 1;

    [MethodImpl(AggressiveInlining)]
    public static nint Term(nint stride, int rows) => stride;
}

/// <summary>A packed panel: the rows of the tile side by side, and the terms next to each other.</summary>
internal readonly struct PanelOrder : IOrder
{
    public static bool IsKnown => true;

    [MethodImpl(AggressiveInlining)]
    public static nint Row(nint stride) => 1;

    [MethodImpl(AggressiveInlining)]
    public static nint Term(nint stride, int rows) => rows;
}
