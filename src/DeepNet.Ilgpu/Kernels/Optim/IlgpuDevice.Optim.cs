using System.Runtime.InteropServices;
using DeepNet.Optim;

namespace DeepNet.Ilgpu;

internal sealed unsafe partial class IlgpuDevice
{
    private PieceTable? pieces;

    /// <summary>True if addresses are numbers of one line, so that one launch can reach any memory: not with OpenCL.</summary>
    private bool HasAddresses => Kind != DeviceKind.OpenCL;

    private PieceTable Pieces => pieces ??= new(this);

    protected internal override void Update<TRule>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale = null)
    {
        _ = Accelerator;
        for (int from = 0; from < items.Length;)
        {
            // Tensors whose rule and type are the same go together: nearly always all.
            int to = from + 1;
            while (to < items.Length && HasAddresses && items[to].Parameter.DType == items[from].Parameter.DType
                && AreEqual(items[to].Rule, items[from].Rule)) to++;
            if (items[from].Parameter.DType == DType.Float32) Update<TRule, GpuFloat, float>(items[from..to], scale);
            else Update<TRule, GpuDouble, double>(items[from..to], scale);
            from = to;
        }
        Tensor.KeepAlive(scale, items.Length > 0 ? items[0].Parameter : null); // the span keeps its array alive, and that keeps all tensors
    }

    private static bool AreEqual<TRule>(in TRule a, in TRule b) where TRule : unmanaged
        => MemoryMarshal.AsBytes(new ReadOnlySpan<TRule>(in a)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<TRule>(in b)));

    private void Update<TRule, V, T>(ReadOnlySpan<UpdateItem<TRule>> items, Tensor? scale)
        where TRule : unmanaged, IUpdateRule<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        ref readonly var first = ref items[0];
        var p = View<T>(first.Parameter);
        var factor = scale is null ? p : View<T>(scale);
        int hasScale = scale is null ? 0 : 1;
        if (!HasAddresses)
        {
            Run(new UpdateJob<TRule, V, T>
            {
                Numbers = first.Rule.Prepare().As<V>(), P = p, G = View<T>(first.Gradient),
                S0 = TRule.StateCount > 0 ? View<T>(first.State0!) : p, S1 = TRule.StateCount > 1 ? View<T>(first.State1!) : p,
                S2 = TRule.StateCount > 2 ? View<T>(first.State2!) : p, Scale = factor, HasScale = hasScale,
            }, first.Parameter.Count);
            return;
        }
        long elements = 0;
        foreach (ref readonly var item in items) elements += item.Parameter.Count;
        int piece = PieceTable.PieceFor(elements, MostGroups);
        lock (Pieces)
        {
            Pieces.Begin();
            foreach (ref readonly var item in items)
                Pieces.Add(piece, item.Parameter, item.Gradient, TRule.StateCount > 0 ? item.State0 : null, TRule.StateCount > 1
                    ? item.State1 : null, TRule.StateCount > 2 ? item.State2 : null);
            var table = Pieces.OnDevice<T>(out var all);
            RunGroups(new UpdateAllJob<TRule, V, T>
            {
                Numbers = first.Rule.Prepare().As<V>(), All = all, Scale = factor, Table = table, HasScale = hasScale,
                IsWide = Pieces.IsWide ? 1 : 0,
            }, Pieces.Count);
        }
    }

    protected internal override (Tensor Norm, Tensor Scale)? TryClipLater(ReadOnlySpan<Tensor> gradients, double most)
    {
        if (!Supports(DType.Float64)) return null;
        bool isSingle = gradients[0].DType == DType.Float32;
        var parts = isSingle ? Measure<DotProduct, GpuFloat, float>(gradients, gradients)
            : Measure<DotProduct, GpuDouble, double>(gradients, gradients);
        if (parts is null) return null;
        Tensor norm = DeepNet.Memory.Keep(Temporary(DType.Float64)), scale = Temporary(parts.DType);
        var (slots, slot) = Later.Take(null);
        var found = View<long>(slots).SubView(2 * slot, 2);
        const double Epsilon = 1e-6;                     // as NormPass.Scale has it
        if (isSingle)
            RunGroups(new ClipJob<SingleOnGpu, float>
            {
                Parts = View<float>(parts), Scale = View<float>(scale), Norm = View<double>(norm),
                Found = found, Count = parts.Count, Most = most, Epsilon = Epsilon
            }, 1);
        else
            RunGroups(new ClipJob<DoubleOnGpu, double>
            {
                Parts = View<double>(parts), Scale = View<double>(scale),
                Norm = View<double>(norm), Found = found, Count = parts.Count, Most = most, Epsilon = Epsilon
            }, 1);
        Done(parts);
        return (norm, scale);
    }

    protected internal override double Measure<TMeasure>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
    {
        // Everything is queued before anything is waited for.
        var ofSingles = Measure<TMeasure, GpuFloat, float>(a, b);
        var ofDoubles = Measure<TMeasure, GpuDouble, double>(a, b);
        var result = new F64(0);
        if (ofSingles is not null)
            foreach (float part in ofSingles.ToArray<float>()) result = TMeasure.Combine(result, new F64(part));
        if (ofDoubles is not null)
            foreach (double part in ofDoubles.ToArray<double>()) result = TMeasure.Combine(result, new F64(part));
        Done(ofSingles);
        Done(ofDoubles);
        return result.V;
    }

    /// <summary>The measure of each piece of those pairs that are of the type; null if there are none.</summary>
    private Tensor? Measure<TMeasure, V, T>(ReadOnlySpan<Tensor> a, ReadOnlySpan<Tensor> b)
        where TMeasure : unmanaged, IMeasure<TMeasure> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        _ = Accelerator;
        int piece = RunLength * GroupSize, first = -1;
        var dtype = typeof(T) == typeof(float) ? DType.Float32 : DType.Float64;
        long count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i].DType != dtype || a[i].Count == 0) continue;
            if (first < 0) first = i;
            count += PiecesOf(a[i], piece);
        }
        if (first < 0) return null;
        var parts = Temporary(dtype, checked((int)count));
        if (!HasAddresses)
        {
            long at = 0;
            for (int i = first; i < a.Length; i++)
            {
                if (a[i].DType != dtype || a[i].Count == 0) continue;
                RunGroups(new MeasureJob<TMeasure, V, T>
                {
                    A = View<T>(a[i]), B = View<T>(b[i]), Y = View<T>(parts, (nint)at),
                    Count = a[i].Count, Piece = piece
                }, PiecesOf(a[i], piece));
                at += PiecesOf(a[i], piece);
            }
            return parts;
        }
        lock (Pieces)
        {
            Pieces.Begin();
            for (int i = first; i < a.Length; i++)
                if (a[i].DType == dtype && a[i].Count > 0) Pieces.Add(piece, a[i], b[i]);
            var table = Pieces.OnDevice<T>(out var all);
            RunGroups(new MeasureAllJob<TMeasure, V, T> { All = all, Y = View<T>(parts), Table = table }, count);
        }
        return parts;
    }

    private static long PiecesOf(Tensor tensor, long piece) => (tensor.Count + piece - 1) / piece;
}
