using DeepNet.Optim;

namespace DeepNet.Ilgpu;

internal sealed unsafe partial class IlgpuDevice
{
    internal override void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items)
    {
        foreach (ref readonly var item in items)
        {
            if (item.Parameter.DType == DType.Float32) Update<TRule, GpuFloat, float>(item);
            else Update<TRule, GpuDouble, double>(item);
        }
        if (items.Length > 0) GC.KeepAlive(items[0].Parameter); // the span keeps its array alive, and that keeps all tensors
    }

    private void Update<TRule, V, T>(in UpdateItem<TRule> item)
        where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var p = View<T>(item.Parameter);
        Run(new UpdateJob<TRule, V, T>
        {
            Numbers = item.Rule.Prepare<V>(), P = p, G = View<T>(item.Gradient), S0 = TRule.StateCount > 0 ? View<T>(item.State0!) : p,
            S1 = TRule.StateCount > 1 ? View<T>(item.State1!) : p, S2 = TRule.StateCount > 2 ? View<T>(item.State2!) : p,
        }, item.Parameter.Count);
    }

    internal override double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
    {
        _ = Accelerator;
        long piece = RunLength * GroupSize, singles = 0, doubles = 0;
        foreach (var tensor in a)
        {
            if (tensor.DType == DType.Float32) singles += Pieces(tensor, piece);
            else doubles += Pieces(tensor, piece);
        }
        if (singles + doubles == 0) return 0;
        // Everything is queued before anything is waited for.
        var ofSingles = singles == 0 ? null : Temporary(DType.Float32, checked((int)singles));
        var ofDoubles = doubles == 0 ? null : Temporary(DType.Float64, checked((int)doubles));
        long atSingle = 0, atDouble = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i].DType == DType.Float32) Measure<TMeasure, GpuFloat, float>(a[i], b[i], ofSingles!, ref atSingle, piece);
            else Measure<TMeasure, GpuDouble, double>(a[i], b[i], ofDoubles!, ref atDouble, piece);
        }
        var result = new F64(0);
        if (ofSingles is not null)
            foreach (float part in ofSingles.ToArray<float>()) result = TMeasure.Combine(result, new F64(part));
        if (ofDoubles is not null)
            foreach (double part in ofDoubles.ToArray<double>()) result = TMeasure.Combine(result, new F64(part));
        Done(ofSingles);
        Done(ofDoubles);
        return result.V;
    }

    private static long Pieces(Tensor tensor, long piece) => (tensor.Count + piece - 1) / piece;

    private void Measure<TMeasure, V, T>(Tensor a, Tensor b, Tensor parts, ref long at, long piece)
        where TMeasure : unmanaged, IMeasure<TMeasure> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long pieces = Pieces(a, piece);
        RunGroups(new MeasureJob<TMeasure, V, T> { A = View<T>(a), B = View<T>(b), Y = View<T>(parts, (nint)at), Count = a.Count, Piece = piece }, pieces);
        at += pieces;
    }
}
