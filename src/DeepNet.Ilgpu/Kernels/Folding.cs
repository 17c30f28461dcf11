namespace DeepNet.Ilgpu;

/// <summary>Combines what the threads of a group hold, in a tree that the group's size alone decides. All threads get the result.</summary>
internal static class Folding
{
    /// <summary>Threads in a group at most.</summary>
    public const int MostThreads = 256;

    [MethodImpl(AggressiveInlining)]
    public static V Fold<TRule, V, T>(V value) where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
        => Fold<TRule, V, T>(value, Group.DimX);

    /// <summary>
    /// The same for each so many neighbouring threads, a power of two. By fours: a barrier costs more than three combinations.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static V Fold<TRule, V, T>(V value, int lanes) where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        if (lanes == 1) return value;
        var shared = SharedMemory.Allocate<T>(MostThreads);
        int thread = Group.IdxX, lane = thread & (lanes - 1), left = lanes;
        Group.Barrier();                                 // whoever still reads the last result
        shared[thread] = V.To(value);
        Group.Barrier();
        while (left >= 4)
        {
            left >>= 2;
            if (lane < left)
            {
                V first = TRule.Combine(V.From(shared[thread]), V.From(shared[thread + left]));
                shared[thread] = V.To(TRule.Combine(
                    first, TRule.Combine(V.From(shared[thread + 2 * left]), V.From(shared[thread + 3 * left]))));
            }
            Group.Barrier();
        }
        if (left == 2)
        {
            if (lane == 0) shared[thread] = V.To(TRule.Combine(V.From(shared[thread]), V.From(shared[thread + 1])));
            Group.Barrier();
        }
        return V.From(shared[thread - lane]);
    }

    [MethodImpl(AggressiveInlining)]
    public static V Sum<V, T>(V value) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged => Fold<AddUp, V, T>(value);
}
