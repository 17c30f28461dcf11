namespace DeepNet.Devices.Cpu;

/// <summary>
/// Where a row lies, and those beside it; W belongs to columns and is the same for all rows. What a formula does not read may be null.
/// </summary>
internal unsafe struct RowPointers<T> where T : unmanaged
{
    public T* X, G, W, Y;

    /// <summary>The same rows, further along.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly RowPointers<T> From(nint i) => new() { X = X + i, G = G + i, W = W + i, Y = Y + i };
}
