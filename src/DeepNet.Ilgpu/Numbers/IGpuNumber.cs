namespace DeepNet.Ilgpu;

/// <summary>An interpreter of formulas inside GPU kernels: a number and the element in memory that it comes from.</summary>
internal interface IGpuNumber<V, T> : INumber<V> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    /// <summary>The number that an element holds.</summary>
    static abstract V From(T element);

    /// <summary>The number that an integer is, without the detour by double precision.</summary>
    static abstract V OfInt32(int value);

    /// <summary>The element that holds the number.</summary>
    static abstract T To(V number);

    /// <summary>1 unless the number is zero: what a predicate writes.</summary>
    static abstract byte IsTrue(V number);

    static abstract bool IsNaN(V number);

    /// <summary>a &lt; b; false if either is NaN.</summary>
    static abstract bool IsLess(V a, V b);
}
