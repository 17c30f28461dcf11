using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>The pass over the gates of one sequence at one step: n units, whose gates (input, forget, candidate, output) lie n apart.</summary>
internal static unsafe class LstmLoop
{
    [MethodImpl(AggressiveOptimization)]
    public static void Forward<V, T>(T* gates, T* before, T* cell, T* hidden, nint n) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        Sigmoid sigmoid = default;
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i;
            V input = sigmoid.Forward(Load<V, T>(at, rest)), forget = sigmoid.Forward(Load<V, T>(at + n, rest));
            V candidate = V.Tanh(Load<V, T>(at + 2 * n, rest)), output = sigmoid.Forward(Load<V, T>(at + 3 * n, rest));
            V next = V.Fma(forget, Load<V, T>(before + i, rest), input * candidate);
            Store(input, at, rest);
            Store(forget, at + n, rest);
            Store(candidate, at + 2 * n, rest);
            Store(output, at + 3 * n, rest);
            Store(next, cell + i, rest);
            Store(output * V.Tanh(next), hidden + i, rest);
        }
    }

    /// <param name="gates">The values of the gates.</param>
    /// <param name="before">The cell before the step.</param>
    /// <param name="cell">The cell after it.</param>
    /// <param name="g">The gradient of the hidden state from outside.</param>
    /// <param name="dhidden">The one from the next step.</param>
    /// <param name="dcell">The gradient of the cell after the step, which becomes that of the cell before it.</param>
    /// <param name="slopes">The gradients of what enters the gates.</param>
    /// <param name="n">The number of units.</param>
    [MethodImpl(AggressiveOptimization)]
    public static void Backward<V, T>(T* gates, T* before, T* cell, T* g, T* dhidden, T* dcell, T* slopes, nint n)
        where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i, to = slopes + i;
            V output = Load<V, T>(at + 3 * n, rest), shown = V.Tanh(Load<V, T>(cell + i, rest));
            V dh = Load<V, T>(g + i, rest) + Load<V, T>(dhidden + i, rest);
            Store(Sigmoid.Backward(default, output, output, dh * shown), to + 3 * n, rest);
            V dc = Load<V, T>(dcell + i, rest) + Tanh.Backward(default, shown, shown, dh * output);
            V input = Load<V, T>(at, rest), forget = Load<V, T>(at + n, rest), candidate = Load<V, T>(at + 2 * n, rest);
            Store(Sigmoid.Backward(default, input, input, dc * candidate), to, rest);
            Store(Sigmoid.Backward(default, forget, forget, dc * Load<V, T>(before + i, rest)), to + n, rest);
            Store(Tanh.Backward(default, candidate, candidate, dc * input), to + 2 * n, rest);
            Store(dc * forget, dcell + i, rest);
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
