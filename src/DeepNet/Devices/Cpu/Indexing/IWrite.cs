using System.Numerics.Tensors;

namespace DeepNet.Devices.Cpu;

/// <summary>Combines the old value and the new one at an indexed position.</summary>
internal unsafe interface IWrite<T> where T : unmanaged
{
    static abstract void One(ref T target, T value);
    static abstract void Row(T* target, T* source, nint n);
}

/// <summary>The new value replaces the old.</summary>
internal readonly unsafe struct Store<T> : IWrite<T> where T : unmanaged
{
    [MethodImpl(AggressiveInlining)]
    public static void One(ref T target, T value) => target = value;

    [MethodImpl(AggressiveInlining)]
    public static void Row(T* target, T* source, nint n) => CopyRow.Run(source, target, n);
}

/// <summary>The new value is added to the old.</summary>
internal readonly unsafe struct Accumulate<T> : IWrite<T> where T : unmanaged, IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T>
{
    [MethodImpl(AggressiveInlining)]
    public static void One(ref T target, T value) => target += value;

    public static void Row(T* target, T* source, nint n)
    {
        for (; n > int.MaxValue; n -= int.MaxValue, target += int.MaxValue, source += int.MaxValue)
            Block(target, source, int.MaxValue);
        Block(target, source, (int)n);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Block(T* target, T* source, int n)
    {
        var sum = new Span<T>(target, n);
        TensorPrimitives.Add(sum, new ReadOnlySpan<T>(source, n), sum);
    }
}
