namespace DeepNet.Ilgpu;

/// <summary>A bfloat16 in a GPU's memory. A type of its own, so that kernels over elements know what they hold.</summary>
internal readonly struct BrainBits(ushort bits)
{
    public readonly ushort Bits = bits;
}

/// <summary>A float16 in a GPU's memory.</summary>
internal readonly struct HalfBits(ushort bits)
{
    public readonly ushort Bits = bits;
}

// Half types are elements of the same number: what a kernel reads is widened, what it writes is rounded, and between it is float32's
// arithmetic.
internal readonly partial struct GpuFloat : IGpuNumber<GpuFloat, BrainBits>, IGpuNumber<GpuFloat, HalfBits>
{
    [MethodImpl(AggressiveInlining)]
    public static GpuFloat From(BrainBits element) => new(BFloat16OnGpu.ToSingle(element.Bits));

    [MethodImpl(AggressiveInlining)]
    public static GpuFloat From(HalfBits element) => new(HalfOnGpu.ToSingle(element.Bits));

    [MethodImpl(AggressiveInlining)]
    static BrainBits IGpuNumber<GpuFloat, BrainBits>.To(GpuFloat number) => new(BFloat16OnGpu.FromSingle(number.V));

    [MethodImpl(AggressiveInlining)]
    static HalfBits IGpuNumber<GpuFloat, HalfBits>.To(GpuFloat number) => new(HalfOnGpu.FromSingle(number.V));
}
