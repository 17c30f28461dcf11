using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>Combines what the threads of a group hold, in a tree that the group's size alone decides. All threads get the result.</summary>
internal static class Folding
{
    /// <summary>Threads in a group at most.</summary>
    public const int MostThreads = 256;

    [MethodImpl(AggressiveInlining)]
    public static V Fold<TRule, V, T>(V value) where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var shared = SharedMemory.Allocate<T>(MostThreads);
        int thread = Group.IdxX;
        Group.Barrier();                                 // whoever still reads the last result
        shared[thread] = V.To(value);
        Group.Barrier();
        for (int half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            if (thread < half) shared[thread] = V.To(TRule.Combine(V.From(shared[thread]), V.From(shared[thread + half])));
            Group.Barrier();
        }
        return V.From(shared[0]);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Sum<V, T>(V value) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged => Fold<AddUp, V, T>(value);
}
