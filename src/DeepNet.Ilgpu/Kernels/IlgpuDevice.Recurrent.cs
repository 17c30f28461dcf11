namespace DeepNet.Ilgpu;

// A step is a product and one pass over its gates; steps follow each other on the stream.
internal sealed partial class IlgpuDevice
{
    internal override void Lstm(Tensor gates, Tensor weight, Tensor hidden, Tensor cell, bool isReverse, Tensor y, Tensor cells)
    {
        if (y.DType == DType.Float32) Lstm<GpuFloat, float>(gates, weight, hidden, cell, isReverse, y, cells);
        else Lstm<GpuDouble, double>(gates, weight, hidden, cell, isReverse, y, cells);
        GC.KeepAlive((gates, weight, hidden, cell, y, cells));
    }

    private void Lstm<V, T>(Tensor gates, Tensor weight, Tensor hidden, Tensor cell, bool isReverse, Tensor y, Tensor cells)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int steps = cells.Shape[0], units = cells.Shape[2];
        long all = (long)cells.Shape[1] * units;
        Tensor w = weight.Detach().T, before = cell, state = hidden;
        for (int step = 0; step < steps; step++)
        {
            int place = isReverse ? steps - 1 - step : step;
            Tensor own = gates.Detach().Select(0, place), next = cells.Detach().Select(0, place), shown = y.Detach().Select(0, place);
            MatMul(state, w, own, accumulate: true);
            Run(new LstmJob<V, T> { Gates = View<T>(own), Before = View<T>(before), Cells = View<T>(next), Hidden = View<T>(shown), Units = units }, all);
            (before, state) = (next, shown);
        }
        Copy(before, y.Detach().Select(0, steps));
    }

    internal override void LstmBackward(
        Tensor gates, Tensor cells, Tensor weight, Tensor cell, bool isReverse, Tensor g, Tensor slopes, Tensor dhidden, Tensor dcell)
    {
        if (g.DType == DType.Float32) LstmBackward<GpuFloat, float>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
        else LstmBackward<GpuDouble, double>(gates, cells, weight, cell, isReverse, g, slopes, dhidden, dcell);
        GC.KeepAlive((gates, cells, weight, cell, g, slopes));
        GC.KeepAlive((dhidden, dcell));
    }

    private void LstmBackward<V, T>(
        Tensor gates, Tensor cells, Tensor weight, Tensor cell, bool isReverse, Tensor g, Tensor slopes, Tensor dhidden, Tensor dcell)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int steps = cells.Shape[0], units = cells.Shape[2];
        long all = (long)cells.Shape[1] * units;
        Fill(dhidden, 0);
        Copy(g.Detach().Select(0, steps), dcell);
        for (int step = steps - 1; step >= 0; step--)
        {
            int place = isReverse ? steps - 1 - step : step, earlier = isReverse ? place + 1 : place - 1;
            Tensor before = step == 0 ? cell : cells.Detach().Select(0, earlier), own = slopes.Detach().Select(0, place);
            Run(new LstmBackwardJob<V, T>
            {
                Gates = View<T>(gates.Detach().Select(0, place)), Before = View<T>(before), Cells = View<T>(cells.Detach().Select(0, place)), G = View<T>(g.Detach().Select(0, place)),
                Dhidden = View<T>(dhidden), Dcell = View<T>(dcell), Slopes = View<T>(own), Units = units,
            }, all);
            MatMul(own, weight, dhidden, accumulate: false);
        }
    }
}
