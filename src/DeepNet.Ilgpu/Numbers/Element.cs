namespace DeepNet.Ilgpu;

/// <summary>Says which of its elements a number is made from or becomes, in kernels that have several of them.</summary>
internal static class Element<V, T> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    [MethodImpl(AggressiveInlining)]
    public static V From(T element) => V.From(element);

    [MethodImpl(AggressiveInlining)]
    public static T To(V number) => V.To(number);
}
