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
            V input = sigmoid.Forward(Units.Load<V, T>(at, rest)), forget = sigmoid.Forward(Units.Load<V, T>(at + n, rest));
            V candidate = V.Tanh(Units.Load<V, T>(at + 2 * n, rest)), output = sigmoid.Forward(Units.Load<V, T>(at + 3 * n, rest));
            V next = V.Fma(forget, Units.Load<V, T>(before + i, rest), input * candidate);
            Units.Store<V, T>(input, at, rest);
            Units.Store<V, T>(forget, at + n, rest);
            Units.Store<V, T>(candidate, at + 2 * n, rest);
            Units.Store<V, T>(output, at + 3 * n, rest);
            Units.Store<V, T>(next, cell + i, rest);
            Units.Store<V, T>(output * V.Tanh(next), hidden + i, rest);
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
            V output = Units.Load<V, T>(at + 3 * n, rest), shown = V.Tanh(Units.Load<V, T>(cell + i, rest));
            V dh = Units.Load<V, T>(g + i, rest) + Units.Load<V, T>(dhidden + i, rest);
            Units.Store<V, T>(Sigmoid.Backward(default, output, output, dh * shown), to + 3 * n, rest);
            V dc = Units.Load<V, T>(dcell + i, rest) + Tanh.Backward(default, shown, shown, dh * output);
            V input = Units.Load<V, T>(at, rest), forget = Units.Load<V, T>(at + n, rest), candidate = Units.Load<V, T>(at + 2 * n, rest);
            Units.Store<V, T>(Sigmoid.Backward(default, input, input, dc * candidate), to, rest);
            Units.Store<V, T>(Sigmoid.Backward(default, forget, forget, dc * Units.Load<V, T>(before + i, rest)), to + n, rest);
            Units.Store<V, T>(Tanh.Backward(default, candidate, candidate, dc * input), to + 2 * n, rest);
            Units.Store<V, T>(dc * forget, dcell + i, rest);
        }
    }
}
