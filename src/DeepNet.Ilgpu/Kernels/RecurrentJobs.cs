using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>What an LSTM does with the gates of one step: a thread a unit of a sequence.</summary>
internal struct LstmJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Before, Cells, Hidden;
    public Divisor Units;

    public static string Name => "lstm";

    public void Run(long i)
    {
        long row = Units.Of(i), at = row * 4 * Units + i - row * Units;
        Sigmoid sigmoid = default;
        V input = sigmoid.Forward(V.From(Gates[at])), forget = sigmoid.Forward(V.From(Gates[at + Units]));
        V candidate = V.Tanh(V.From(Gates[at + 2 * Units])), output = sigmoid.Forward(V.From(Gates[at + 3 * Units]));
        V cell = V.Fma(forget, V.From(Before[i]), input * candidate);
        Gates[at] = V.To(input);
        Gates[at + Units] = V.To(forget);
        Gates[at + 2 * Units] = V.To(candidate);
        Gates[at + 3 * Units] = V.To(output);
        Cells[i] = V.To(cell);
        Hidden[i] = V.To(output * V.Tanh(cell));
    }
}

/// <summary>The way back through one step.</summary>
internal struct LstmBackwardJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Before, Cells, G, Dhidden, Dcell, Slopes;
    public Divisor Units;

    public static string Name => "lstm backward";

    public void Run(long i)
    {
        long row = Units.Of(i), at = row * 4 * Units + i - row * Units;
        V input = V.From(Gates[at]), forget = V.From(Gates[at + Units]), candidate = V.From(Gates[at + 2 * Units]), output = V.From(Gates[at + 3 * Units]);
        V shown = V.Tanh(V.From(Cells[i])), dh = V.From(G[i]) + V.From(Dhidden[i]);
        V dc = V.From(Dcell[i]) + Tanh.Backward(default, shown, shown, dh * output);
        Slopes[at] = V.To(Sigmoid.Backward(default, input, input, dc * candidate));
        Slopes[at + Units] = V.To(Sigmoid.Backward(default, forget, forget, dc * V.From(Before[i])));
        Slopes[at + 2 * Units] = V.To(Tanh.Backward(default, candidate, candidate, dc * input));
        Slopes[at + 3 * Units] = V.To(Sigmoid.Backward(default, output, output, dh * shown));
        Dcell[i] = V.To(dc * forget);
    }
}

/// <summary>What a GRU does with the gates of one step: a thread a unit of a sequence.</summary>
internal struct GruJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Projected, Bias, Before, Shares, Hidden;
    public Divisor Units;
    public int HasBias;

    public static string Name => "gru";

    public void Run(long i)
    {
        long row = Units.Of(i), unit = i - row * Units, at = row * 3 * Units + unit;
        Sigmoid sigmoid = default;
        V reset = sigmoid.Forward(V.From(Gates[at]) + Given(at, unit)), update = sigmoid.Forward(V.From(Gates[at + Units]) + Given(at + Units, unit + Units));
        V share = Given(at + 2 * Units, unit + 2 * Units), candidate = V.Tanh(V.Fma(reset, share, V.From(Gates[at + 2 * Units])));
        Gates[at] = V.To(reset);
        Gates[at + Units] = V.To(update);
        Gates[at + 2 * Units] = V.To(candidate);
        Shares[i] = V.To(share);
        Hidden[i] = V.To(V.Fma(update, V.From(Before[i]) - candidate, candidate));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V Given(long at, long gate)
    {
        V given = V.From(Projected[at]);
        return HasBias != 0 ? given + V.From(Bias[gate]) : given;
    }
}

/// <summary>The way back through one step; what does not go through the product is left in the gradient of the hidden state.</summary>
internal struct GruBackwardJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Shares, Before, G, Dhidden, Slopes, Turns;
    public Divisor Units;

    public static string Name => "gru backward";

    public void Run(long i)
    {
        long row = Units.Of(i), at = row * 3 * Units + i - row * Units;
        V reset = V.From(Gates[at]), update = V.From(Gates[at + Units]), candidate = V.From(Gates[at + 2 * Units]), dh = V.From(G[i]) + V.From(Dhidden[i]);
        V dupdate = Sigmoid.Backward(default, update, update, dh * (V.From(Before[i]) - candidate));
        V dcandidate = Tanh.Backward(default, candidate, candidate, dh * (V.Constant(1) - update));
        V dreset = Sigmoid.Backward(default, reset, reset, dcandidate * V.From(Shares[i]));
        Slopes[at] = Turns[at] = V.To(dreset);
        Slopes[at + Units] = Turns[at + Units] = V.To(dupdate);
        Slopes[at + 2 * Units] = V.To(dcandidate);
        Turns[at + 2 * Units] = V.To(dcandidate * reset);
        Dhidden[i] = V.To(dh * update);
    }
}
