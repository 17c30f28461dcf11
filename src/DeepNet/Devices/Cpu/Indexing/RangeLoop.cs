using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Looks for an index that points nowhere. All indices are looked at before any is used, so this must cost less than what they are used
/// for.
/// </summary>
internal static unsafe class RangeLoop
{
    /// <summary>The first place whose value is not in [lowest, end); −1 if there is none.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static nint FindOutside(long* values, nint n, long lowest, long end)
    {
        Vector256<long> low = Vector256.Create(lowest), beyond = Vector256.Create(end - 1);
        nint i = 0;
        for (; i <= n - 8; i += 8)
        {
            Vector256<long> a = Vector256.Load(values + i), b = Vector256.Load(values + i + 4);
            var isOutside = Vector256.LessThan(a, low) | Vector256.GreaterThan(a, beyond) | Vector256.LessThan(b, low)
                | Vector256.GreaterThan(b, beyond);
            if (isOutside != Vector256<long>.Zero) break;
        }
        for (; i < n; i++)
            if (values[i] < lowest || values[i] >= end) return i;
        return -1;
    }
}
