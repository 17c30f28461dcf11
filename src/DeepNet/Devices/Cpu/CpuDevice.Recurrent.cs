using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Sequence<TCell>(CellSequence sequence)
    {
        var call = new SequenceCall<TCell>(sequence);
        Simd.Run(sequence.Y.DType, ref call);
    }

    private readonly struct SequenceCall<TCell>(CellSequence sequence) : ISimdBody where TCell : unmanaged, ICell
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int units = sequence.Units, columns = sequence.Gates.Shape[2], line = SequenceJob<T>.Line(columns);
            nint ofWeight = (nint)units * line, ofProducts = TCell.KeepsProducts ? (nint)sequence.Batch * columns : 0;
            T* transposed = (T*)Scratch.GetOuter((ofWeight + ofProducts) * sizeof(T));
            Packing.Panel(sequence.Weight.Pointer<T>(), units, 1, columns, units, transposed, line);
            var body = new SequenceForward<TCell, V, T>
            {
                Job = new(sequence), Weight = transposed, Products = transposed + ofWeight, Bias = Address<T>(sequence.Bias),
            };
            WorkerPool.For(body.Job.Blocks, BlocksPerTask(sequence), ref body);
        }
    }

    /// <inheritdoc/>
    protected internal override void SequenceBackward<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory)
    {
        var call = new SequenceBackwardCall<TCell>(sequence, g, dGates, dProducts, dHidden, dMemory);
        Simd.Run(g.DType, ref call);
    }

    private readonly struct SequenceBackwardCall<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory) : ISimdBody
        where TCell : unmanaged, ICell
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int units = sequence.Units, columns = sequence.Gates.Shape[2], line = SequenceJob<T>.Line(units);
            T* copy = (T*)Scratch.GetOuter((nint)columns * line * sizeof(T));
            Packing.Panel(sequence.Weight.Pointer<T>(), 1, units, units, columns, copy, line);
            var body = new SequenceBackward<TCell, V, T>
            {
                Job = new(sequence), Weight = copy, Gradient = g.Pointer<T>(),
                DGates = dGates.Pointer<T>(), DProducts = dProducts.Pointer<T>(),
                DHidden = dHidden.Pointer<T>(), DMemory = Address<T>(dMemory),
            };
            WorkerPool.For(body.Job.Blocks, BlocksPerTask(sequence), ref body);
        }
    }

    // A number of a gate costs a row of products.
    private static nint BlocksPerTask(CellSequence sequence)
        => Math.Max(1, Grain / 8 / Math.Max(1, sequence.Steps * (nint)sequence.Gates.Shape[2] * SequenceJob<float>.Rows));
}
