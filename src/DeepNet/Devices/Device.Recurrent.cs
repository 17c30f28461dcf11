namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// The steps of an LSTM, from the first or (reversed) from the last. Gates (steps, batch, 4·units) hold the projected inputs with all
    /// biases and become the gates' values; y is (steps + 1, batch, units): the hidden states and the last cell; cells are
    /// the cells of all steps. All dense.
    /// </summary>
    internal abstract void Lstm(Tensor gates, Tensor weight, Tensor hidden, Tensor cell, bool isReverse, Tensor y, Tensor cells);

    /// <summary>
    /// From the gradient g of y, and what <see cref="Lstm"/> left: the gradients of the sums that enter the gates, of the initial hidden
    /// state and of the initial cell. All dense.
    /// </summary>
    internal abstract void LstmBackward(
        Tensor gates, Tensor cells, Tensor weight, Tensor cell, bool isReverse, Tensor g, Tensor slopes, Tensor dhidden, Tensor dcell);
}
