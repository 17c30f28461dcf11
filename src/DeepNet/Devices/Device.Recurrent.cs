namespace DeepNet;

public abstract partial class Device
{
    /// <summary>Runs a recurrent cell over all steps: a product of the hidden state and the cell's formula each.</summary>
    protected internal abstract void Sequence<TCell>(CellSequence sequence) where TCell : unmanaged, ICell;

    /// <summary>Computes the gradients of a sequence from what <see cref="Sequence"/> left in it. All dense.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="g">The gradient of its result.</param>
    /// <param name="dGates">The gradient of the projected inputs.</param>
    /// <param name="dProducts">The gradient of the projected hidden states: of cells that do not keep them apart, the same tensor.</param>
    /// <param name="dHidden">The gradient of the initial hidden state.</param>
    /// <param name="dMemory">The gradient of the initial memory, if there is one.</param>
    protected internal abstract void SequenceBackward<TCell>(
        CellSequence sequence, Tensor g, Tensor dGates, Tensor dProducts, Tensor dHidden, Tensor? dMemory) where TCell : unmanaged, ICell;
}
