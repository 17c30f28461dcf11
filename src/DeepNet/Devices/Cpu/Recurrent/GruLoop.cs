using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>The pass over the gates of one sequence at one step: n units, whose gates (reset, update, candidate) lie n apart.</summary>
internal static unsafe class GruLoop
{
    /// <param name="gates">The projected input, which becomes the values of the gates.</param>
    /// <param name="projected">The projected hidden state.</param>
    /// <param name="before">The hidden state before the step.</param>
    /// <param name="share">What the hidden state gives to the candidate.</param>
    /// <param name="hidden">The hidden state after it.</param>
    /// <param name="n">The number of units.</param>
    [MethodImpl(AggressiveOptimization)]
    public static void Forward<V, T>(T* gates, T* projected, T* before, T* share, T* hidden, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        Sigmoid sigmoid = default;
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i, from = projected + i;
            V reset = sigmoid.Forward(Load<V, T>(at, rest) + Load<V, T>(from, rest));
            V update = sigmoid.Forward(Load<V, T>(at + n, rest) + Load<V, T>(from + n, rest)), given = Load<V, T>(from + 2 * n, rest);
            V candidate = V.Tanh(V.Fma(reset, given, Load<V, T>(at + 2 * n, rest)));
            Store(reset, at, rest);
            Store(update, at + n, rest);
            Store(candidate, at + 2 * n, rest);
            Store(given, share + i, rest);
            Store(V.Fma(update, Load<V, T>(before + i, rest) - candidate, candidate), hidden + i, rest);
        }
    }

    /// <param name="gates">The values of the gates.</param>
    /// <param name="share">What the hidden state gave to the candidate.</param>
    /// <param name="before">The hidden state before the step.</param>
    /// <param name="g">The gradient of the hidden state from outside.</param>
    /// <param name="dhidden">The one from the next step, which becomes the part of the step before that does not go through the product.</param>
    /// <param name="slopes">The gradients of the projected input.</param>
    /// <param name="turns">The gradients of the projected hidden state.</param>
    /// <param name="n">The number of units.</param>
    [MethodImpl(AggressiveOptimization)]
    public static void Backward<V, T>(T* gates, T* share, T* before, T* g, T* dhidden, T* slopes, T* turns, nint n)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        V one = V.Constant(1);
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i, to = slopes + i, turn = turns + i;
            V reset = Load<V, T>(at, rest), update = Load<V, T>(at + n, rest), candidate = Load<V, T>(at + 2 * n, rest);
            V dh = Load<V, T>(g + i, rest) + Load<V, T>(dhidden + i, rest);
            V dupdate = Sigmoid.Backward(default, update, update, dh * (Load<V, T>(before + i, rest) - candidate));
            V dcandidate = Tanh.Backward(default, candidate, candidate, dh * (one - update));
            V dreset = Sigmoid.Backward(default, reset, reset, dcandidate * Load<V, T>(share + i, rest));
            Store(dreset, to, rest);
            Store(dupdate, to + n, rest);
            Store(dcandidate, to + 2 * n, rest);
            Store(dreset, turn, rest);
            Store(dupdate, turn + n, rest);
            Store(dcandidate * reset, turn + 2 * n, rest);
            Store(dh * update, dhidden + i, rest);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static V Load<V, T>(T* p, nint rest) where V : unmanaged, ISimd<V, T> where T : unmanaged
        => rest >= V.Lanes ? V.Load(p) : V.LoadPart(p, (int)rest);

    [MethodImpl(AggressiveInlining)]
    private static void Store<V, T>(V value, T* p, nint rest) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        if (rest >= V.Lanes) value.Store(p);
        else value.StorePart(p, (int)rest);
    }
}
