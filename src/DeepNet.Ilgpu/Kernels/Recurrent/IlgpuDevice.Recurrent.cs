namespace DeepNet.Ilgpu;

// A step is a product and one pass over its gates; steps follow each other on the stream.
internal sealed partial class IlgpuDevice
{
    protected internal override void Sequence<TCell>(CellSequence sequence)
    {
        if (sequence.Y.DType == DType.Float32) Sequence<TCell, GpuFloat, float>(sequence);
        else Sequence<TCell, GpuDouble, double>(sequence);
        GC.KeepAlive(sequence);
    }

    private void Sequence<TCell, V, T>(CellSequence sequence)
        where TCell : unmanaged, ICell where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var products = TCell.KeepsProducts ? Temporary(sequence.Y.DType, sequence.Batch, sequence.Gates.Shape[2]) : null;
        var weight = sequence.Weight.Detach().T;
        for (int step = 0; step < sequence.Steps; step++)
        {
            int place = sequence.Place(step);
            Tensor gates = sequence.Gates.Detach().Select(0, place), hidden = sequence.Y.Detach().Select(0, place);
            MatMul(sequence.HiddenBefore(step), weight, products ?? gates, accumulate: !TCell.KeepsProducts);
            Run(new CellJob<TCell, V, T>
            {
                Gates = View<T>(gates), Products = View<T>(products ?? gates), Bias = View<T>(sequence.Bias ?? gates),
                Hidden = View<T>(hidden), Before = View<T>(sequence.Before(step)),
                Saved = View<T>(sequence.Saved.Detach().Select(0, place)),
                Units = sequence.Units, HasBias = sequence.Bias is null ? 0 : 1,
            }, (long)sequence.Batch * sequence.Units);
        }
        if (TCell.HasMemory) Copy(sequence.Before(sequence.Steps), sequence.Y.Detach().Select(0, sequence.Steps));
        Done(products);
    }

    protected internal override void SequenceBackward<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory)
    {
        if (g.DType == DType.Float32) SequenceBackward<TCell, GpuFloat, float>(sequence, g, dGates, dProducts, dHidden, dMemory);
        else SequenceBackward<TCell, GpuDouble, double>(sequence, g, dGates, dProducts, dHidden, dMemory);
        GC.KeepAlive(sequence);
        Tensor.KeepAlive(g, dGates, dProducts, dHidden, dMemory);
    }

    private void SequenceBackward<TCell, V, T>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory)
        where TCell : unmanaged, ICell where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        Fill(dHidden, 0);
        if (dMemory is not null) Copy(g.Detach().Select(0, sequence.Steps), dMemory);
        for (int step = sequence.Steps - 1; step >= 0; step--)
        {
            int place = sequence.Place(step);
            ArrayView<T> At(Tensor x) => View<T>(x.Detach().Select(0, place));
            Run(new CellBackwardJob<TCell, V, T>
            {
                Gates = At(sequence.Gates), Before = View<T>(sequence.Before(step)), Saved = At(sequence.Saved), G = At(g),
                DHidden = View<T>(dHidden), DBefore = View<T>(dMemory ?? dHidden), DGates = At(dGates), DProducts = At(dProducts),
                Units = sequence.Units,
            }, (long)sequence.Batch * sequence.Units);
            MatMul(dProducts.Detach().Select(0, place), sequence.Weight, dHidden, accumulate: !TCell.HasMemory);
        }
    }
}
