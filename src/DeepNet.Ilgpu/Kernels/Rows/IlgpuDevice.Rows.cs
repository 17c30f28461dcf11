namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void Rows<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, in RowOperands on)
    {
        if (on.X.DType == DType.Float32) Rows<TFirst, TSecond, TMap, GpuFloat, float>(first, second, map, on);
        else Rows<TFirst, TSecond, TMap, GpuDouble, double>(first, second, map, on);
        on.KeepAlive();
    }

    private void Rows<TFirst, TSecond, TMap, V, T>(TFirst first, TSecond second, TMap map, in RowOperands on)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        // Kernels have no type tests, so what the formulas are is asked here.
        bool isResult = default(TMap) is IResult;
        var share = PartitionOf(on.Rows, on.Length, on.X, on.G ?? on.X, on.W ?? on.X, isResult ? on.X : on.Y);
        RunRows(new RowJob<TFirst, TSecond, TMap, V, T>
        {
            First = first, Second = second, Map = map, Share = share,
            X = View<T>(on.X), G = View<T>(on.G ?? on.X), W = View<T>(on.W ?? on.X), Y = View<T>(on.Y),
            Gradient = View<T>(on.Gradient ?? on.X), Counted = View<T>(on.Counted ?? on.X), Given = View<T>(on.Given ?? on.X),
            Saved = View<T>(on.Saved ?? on.X), Labels = on.Labels is null ? default : View<long>(on.Labels),
            IgnoreIndex = on.IgnoreIndex, Length = checked((int)on.Length), Rows = checked((int)on.Rows),
            FirstSums = Sums<TFirst>(), SecondSums = Sums<TSecond>(), IsResult = isResult ? 1 : 0, HasLabels = on.Labels is null ? 0 : 1,
            HasWeights = on.W is null ? 0 : 1, HasCounted = on.Counted is null ? 0 : 1,
            HasGradient = on.Gradient is null ? 0 : on.IsMean ? 2
                : 1, GivenCount = PerRow(on.Given, on.Rows), SavedCount = PerRow(on.Saved, on.Rows),
        }, share);
    }

    private static int Sums<TFold>() where TFold : unmanaged
        => typeof(TFold) == typeof(NoFold) ? 0 : default(TFold) is IThreeSums ? 3 : default(TFold) is ITwoSums ? 2 : 1;

    private static int PerRow(Tensor? tensor, nint rows) => tensor is null || rows == 0 ? 0 : (int)(tensor.Count / rows);
}
