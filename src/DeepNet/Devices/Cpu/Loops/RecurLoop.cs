namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops of linear recurrences along an axis: one element after the other, several columns side by side. The state is kept
/// in a wider type, so that the error of a long running sum does not grow with it.
/// </summary>
internal static unsafe class RecurLoop
{
    /// <summary>Columns whose states are kept at a time.</summary>
    public const int Strip = 256;

    /// <summary>
    /// y[i] = a[i] · y[i − 1] + b[i] over <paramref name="length"/> slices, <paramref name="step"/> apart (negative from the other end).
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Run<T, TState>(T* a, T* b, T* y, nint length, nint step, int columns, TState initial)
        where T : unmanaged, IBinaryNumber<T> where TState : unmanaged, IBinaryNumber<TState>
    {
        if (columns == 1)
        {
            One(a, b, y, length, step, initial);
            return;
        }
        TState* state = stackalloc TState[Strip];
        new Span<TState>(state, columns).Fill(initial);
        for (nint i = 0, at = 0; i < length; i++, at += step)
        {
            T* slope = a + at, add = b + at, to = y + at;
            if (a == null)
                for (int j = 0; j < columns; j++) to[j] = T.CreateTruncating(state[j] += TState.CreateTruncating(add[j]));
            else if (b == null)
                for (int j = 0; j < columns; j++) to[j] = T.CreateTruncating(state[j] *= TState.CreateTruncating(slope[j]));
            else
                for (int j = 0; j < columns; j++)
                    to[j] = T.CreateTruncating(state[j] = TState.CreateTruncating(slope[j]) * state[j] + TState.CreateTruncating(add[j]));
        }
    }

    // One column: the state stays in a register.
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void One<T, TState>(T* a, T* b, T* y, nint length, nint step, TState state)
        where T : unmanaged, IBinaryNumber<T> where TState : unmanaged, IBinaryNumber<TState>
    {
        nint end = length * step;
        if (a == null)
            for (nint at = 0; at != end; at += step) y[at] = T.CreateTruncating(state += TState.CreateTruncating(b[at]));
        else if (b == null)
            for (nint at = 0; at != end; at += step) y[at] = T.CreateTruncating(state *= TState.CreateTruncating(a[at]));
        else
            for (nint at = 0; at != end; at += step)
                y[at] = T.CreateTruncating(state = TState.CreateTruncating(a[at]) * state + TState.CreateTruncating(b[at]));
    }
}
