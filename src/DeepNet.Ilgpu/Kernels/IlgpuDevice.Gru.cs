namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    internal override bool HasGru => true;

    internal override void Gru(Tensor gates, Tensor weight, Tensor? bias, Tensor hidden, bool isReverse, Tensor y, Tensor shares)
    {
        if (y.DType == DType.Float32) Gru<GpuFloat, float>(gates, weight, bias, hidden, isReverse, y, shares);
        else Gru<GpuDouble, double>(gates, weight, bias, hidden, isReverse, y, shares);
        GC.KeepAlive((gates, weight, bias, hidden, y, shares));
    }

    private void Gru<V, T>(Tensor gates, Tensor weight, Tensor? bias, Tensor hidden, bool isReverse, Tensor y, Tensor shares)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int steps = y.Shape[0], batch = y.Shape[1], units = y.Shape[2];
        var projected = Temporary(y.DType, batch, 3 * units);
        Tensor w = weight.Detach().T, before = hidden;
        for (int step = 0; step < steps; step++)
        {
            int place = isReverse ? steps - 1 - step : step;
            var shown = y.Detach().Select(0, place);
            MatMul(before, w, projected, accumulate: false);
            Run(new GruJob<V, T>
            {
                Gates = View<T>(gates.Detach().Select(0, place)), Projected = View<T>(projected), Bias = View<T>(bias ?? projected), Before = View<T>(before),
                Shares = View<T>(shares.Detach().Select(0, place)), Hidden = View<T>(shown), Units = units, HasBias = bias is null ? 0 : 1,
            }, (long)batch * units);
            before = shown;
        }
        Done(projected);
    }

    internal override void GruBackward(
        Tensor gates, Tensor shares, Tensor y, Tensor weight, Tensor hidden, bool isReverse, Tensor g, Tensor slopes, Tensor turns, Tensor dhidden)
    {
        if (g.DType == DType.Float32) GruBackward<GpuFloat, float>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
        else GruBackward<GpuDouble, double>(gates, shares, y, weight, hidden, isReverse, g, slopes, turns, dhidden);
        GC.KeepAlive((gates, shares, y, weight, hidden, g));
        GC.KeepAlive((slopes, turns, dhidden));
    }

    private void GruBackward<V, T>(
        Tensor gates, Tensor shares, Tensor y, Tensor weight, Tensor hidden, bool isReverse, Tensor g, Tensor slopes, Tensor turns, Tensor dhidden)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int steps = y.Shape[0], batch = y.Shape[1], units = y.Shape[2];
        Fill(dhidden, 0);
        for (int step = steps - 1; step >= 0; step--)
        {
            int place = isReverse ? steps - 1 - step : step;
            Tensor before = step == 0 ? hidden : y.Detach().Select(0, isReverse ? place + 1 : place - 1), turn = turns.Detach().Select(0, place);
            Run(new GruBackwardJob<V, T>
            {
                Gates = View<T>(gates.Detach().Select(0, place)), Shares = View<T>(shares.Detach().Select(0, place)), Before = View<T>(before),
                G = View<T>(g.Detach().Select(0, place)), Dhidden = View<T>(dhidden), Slopes = View<T>(slopes.Detach().Select(0, place)), Turns = View<T>(turn), Units = units,
            }, (long)batch * units);
            MatMul(turn, weight, dhidden, accumulate: true);
        }
    }
}
