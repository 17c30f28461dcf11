namespace DeepNet.Devices;

/// <summary>The operands of a recurrent cell that runs over sequences. All dense and of one type, float32 or float64.</summary>
/// <param name="Gates">(steps, batch, gates·units): the projected inputs with their bias, which become the values of the gates.</param>
/// <param name="Weight">(gates·units, units): the projection of the hidden state.</param>
/// <param name="Bias">Its bias, of cells that keep the products apart, or null.</param>
/// <param name="Hidden">(batch, units): the hidden state before the first step.</param>
/// <param name="Memory">The memory before the first step, of cells that have one; else null.</param>
/// <param name="Y">(steps, batch, units): the hidden states; of cells with a memory one step more, the last memory.</param>
/// <param name="Saved">(steps, batch, units): what the cell saves at each step.</param>
/// <param name="IsReverse">True to go from the last step to the first.</param>
public sealed record CellSequence(
    Tensor Gates, Tensor Weight, Tensor? Bias, Tensor Hidden, Tensor? Memory, Tensor Y, Tensor Saved, bool IsReverse)
{
    /// <summary>Gets the number of steps.</summary>
    public int Steps => Saved.Shape[0];

    /// <summary>Gets the number of sequences.</summary>
    public int Batch => Saved.Shape[1];

    /// <summary>Gets the number of units.</summary>
    public int Units => Saved.Shape[2];

    /// <summary>Gets the index in memory of the i-th step that is computed.</summary>
    public int Place(int step) => IsReverse ? Steps - 1 - step : step;

    /// <summary>The hidden states before the i-th step that is taken.</summary>
    public Tensor HiddenBefore(int step) => step == 0 ? Hidden : Y.Detach().Select(0, Place(step - 1));

    /// <summary>Gets the state that units pass to the i-th computed step beside the product: their memory or the hidden state.</summary>
    public Tensor Before(int step)
        => Memory is null ? HiddenBefore(step) : step == 0 ? Memory : Saved.Detach().Select(0, Place(step - 1));
}
