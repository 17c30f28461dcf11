using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Warns in a native binary that was compiled for narrower vectors than the processor has. The JIT takes what there is; a native compiler
/// takes what it is told, and by default that is the least that any processor has.
/// </summary>
internal static class NarrowBinary
{
    private const int FeatureLeaf = 7, Avx2Bit = 1 << 5;

    /// <summary>Gets the warning; null where there is nothing to warn of.</summary>
    public static string? Warning => !RuntimeFeature.IsDynamicCodeSupported && !Vector256.IsHardwareAccelerated && HasAvx2
        ? "deepnet: this program was published for vectors of 128 bits, and the processor has 256: training takes twice as long or more. "
            + "Publish it with <IlcInstructionSet>x86-64-v3</IlcInstructionSet>."
        : null;

    private static bool HasAvx2 => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= FeatureLeaf
        && (X86Base.CpuId(FeatureLeaf, 0).Ebx & Avx2Bit) != 0;
}
