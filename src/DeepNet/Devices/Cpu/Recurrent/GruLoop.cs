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
            V reset = sigmoid.Forward(Units.Load<V, T>(at, rest) + Units.Load<V, T>(from, rest));
            V update = sigmoid.Forward(Units.Load<V, T>(at + n, rest) + Units.Load<V, T>(from + n, rest)), given = Units.Load<V, T>(from + 2 * n, rest);
            V candidate = V.Tanh(V.Fma(reset, given, Units.Load<V, T>(at + 2 * n, rest)));
            Units.Store<V, T>(reset, at, rest);
            Units.Store<V, T>(update, at + n, rest);
            Units.Store<V, T>(candidate, at + 2 * n, rest);
            Units.Store<V, T>(given, share + i, rest);
            Units.Store<V, T>(V.Fma(update, Units.Load<V, T>(before + i, rest) - candidate, candidate), hidden + i, rest);
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
            V reset = Units.Load<V, T>(at, rest), update = Units.Load<V, T>(at + n, rest), candidate = Units.Load<V, T>(at + 2 * n, rest);
            V dh = Units.Load<V, T>(g + i, rest) + Units.Load<V, T>(dhidden + i, rest);
            V dupdate = Sigmoid.Backward(default, update, update, dh * (Units.Load<V, T>(before + i, rest) - candidate));
            V dcandidate = Tanh.Backward(default, candidate, candidate, dh * (one - update));
            V dreset = Sigmoid.Backward(default, reset, reset, dcandidate * Units.Load<V, T>(share + i, rest));
            Units.Store<V, T>(dreset, to, rest);
            Units.Store<V, T>(dupdate, to + n, rest);
            Units.Store<V, T>(dcandidate, to + 2 * n, rest);
            Units.Store<V, T>(dreset, turn, rest);
            Units.Store<V, T>(dupdate, turn + n, rest);
            Units.Store<V, T>(dcandidate * reset, turn + 2 * n, rest);
            Units.Store<V, T>(dh * update, dhidden + i, rest);
        }
    }
}
