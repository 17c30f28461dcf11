namespace DeepNet.Devices.Cpu;

/// <summary>Finds the position of a row's extreme: first the value and its block, with vectors, then the position in that block.</summary>
internal static unsafe class ArgExtremeLoop
{
    private const int Block = 512;

    /// <summary>The first place of the extreme of n elements; of NaN, if there is one.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static nint Run<TRule, V, T>(T* x, nint n)
        where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, ISimd<V, T> where T : unmanaged, System.Numerics.IBinaryNumber<T>
    {
        T best = default;
        nint at = 0;
        for (nint from = 0; from < n; from += Block)
        {
            T extreme;
            ReduceLoop.Rows<Identity, TRule, V, T>(default, x + from, &extreme, 1, Math.Min(Block, n - from));
            if (T.IsNaN(extreme))
            {
                at = from;
                best = extreme;
                break;
            }
            // An equal one later is not the first.
            if (from == 0 || (extreme != best && Wins<TRule, T>(extreme, best)))
            {
                at = from;
                best = extreme;
            }
        }
        bool isNaN = T.IsNaN(best);
        while (isNaN ? !T.IsNaN(x[at]) : x[at] != best) at++;
        return at;
    }

    [MethodImpl(AggressiveInlining)]
    private static bool Wins<TRule, T>(T a, T b) where TRule : unmanaged where T : unmanaged, System.Numerics.IBinaryNumber<T>
        => typeof(TRule) == typeof(Largest) ? a > b : a < b;
}
