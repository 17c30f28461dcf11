namespace DeepNet.Ilgpu;

/// <summary>
/// Four elements side by side: of 32 bits, what a thread of a GPU reads and writes at once. Fewer and wider accesses keep more bytes on
/// their way, which is what elementwise kernels wait for.
/// </summary>
internal struct Four<T>(T a, T b, T c, T d) where T : unmanaged
{
    public T A = a, B = b, C = c, D = d;
}

/// <summary>Elements of views, four at a time. The view must start at a multiple of 16 bytes.</summary>
internal static class Fours
{
    /// <summary>The bytes of the widest access that there is.</summary>
    public const int Alignment = 16;

    [MethodImpl(AggressiveInlining)]
    public static Four<T> Read<T>(ArrayView<T> view, int four) where T : unmanaged => view.AsAligned(Alignment).Cast<Four<T>>()[four];

    /// <summary>The four elements from a place on, or the one there four times.</summary>
    [MethodImpl(AggressiveInlining)]
    public static Four<T> Read<T>(ArrayView<T> view, long place, bool isRow) where T : unmanaged
        => isRow ? view.AsAligned(Alignment).Cast<Four<T>>()[place >> 2] : Same(view[place]);

    [MethodImpl(AggressiveInlining)]
    public static void Write<T>(ArrayView<T> view, int four, Four<T> value) where T : unmanaged
        => view.AsAligned(Alignment).Cast<Four<T>>()[four] = value;

    /// <summary>The same number four times.</summary>
    [MethodImpl(AggressiveInlining)]
    public static Four<T> Same<T>(T value) where T : unmanaged => new(value, value, value, value);
}
