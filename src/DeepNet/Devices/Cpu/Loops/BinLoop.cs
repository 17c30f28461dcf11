using System.Numerics.Tensors;

namespace DeepNet.Devices.Cpu;

/// <summary>Counts of integers, which lie dense in memory as int64.</summary>
internal static unsafe class BinLoop
{
    private const int Block = 1 << 14;

    /// <summary>The smallest and the largest of some integers.</summary>
    public static (long Least, long Most) Ends(Tensor x)
    {
        long* p = x.Pointer<long>();
        (long least, long most) = (*p, *p);
        // Block by block, so that the second look finds what the first one fetched.
        for (nint at = 0; at < x.Count; at += Block)
        {
            var block = new ReadOnlySpan<long>(p + at, (int)Math.Min(Block, x.Count - at));
            least = Math.Min(least, TensorPrimitives.Min(block));
            most = Math.Max(most, TensorPrimitives.Max(block));
        }
        GC.KeepAlive(x);
        return (least, most);
    }

    /// <summary>Adds 1 to the count of each integer, all of which have one.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Count(Tensor x, Tensor counts)
    {
        long* p = x.Pointer<long>(), bins = counts.Pointer<long>();
        nint n = x.Count;
        for (nint i = 0; i < n; i++) bins[p[i]]++;
        GC.KeepAlive((x, counts));
    }
}
