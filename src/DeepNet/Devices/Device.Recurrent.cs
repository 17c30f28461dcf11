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

    /// <summary>True if the device has the two kernels of a GRU; else its steps are taken one by one, as tensor operations.</summary>
    internal virtual bool HasGru => false;

    /// <summary>
    /// The steps of a GRU. Gates (steps, batch, 3·units) hold the projected inputs with their bias and become the values of reset, update and
    /// candidate; shares (steps, batch, units) become what the hidden state gave to each candidate before it was reset; y
    /// (steps, batch, units) the hidden states. The bias, of the hidden state's projection, may be null. All dense.
    /// </summary>
    internal virtual void Gru(Tensor gates, Tensor weight, Tensor? bias, Tensor hidden, bool isReverse, Tensor y, Tensor shares)
        => throw new NotSupportedException($"[gru] {Name} has no kernel for sequences.");

    /// <summary>
    /// From the gradient g of y, and what <see cref="Gru"/> left: the gradients of the inputs' projection (slopes), of the hidden states' (turns),
    /// and of the initial hidden state. All dense.
    /// </summary>
    internal virtual void GruBackward(
        Tensor gates, Tensor shares, Tensor y, Tensor weight, Tensor hidden, bool isReverse, Tensor g, Tensor slopes, Tensor turns, Tensor dhidden)
        => throw new NotSupportedException($"[gru] {Name} has no kernel for sequences.");
}
