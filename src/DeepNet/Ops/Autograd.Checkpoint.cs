namespace DeepNet;

public static partial class Autograd
{
    /// <summary>
    /// Applies a function and keeps nothing of its inside: the backward pass runs it again. Costs a second forward pass, and
    /// saves the memory of everything between its inputs and its result.
    /// </summary>
    /// <param name="f">
    /// The function; it may use any parameters. It must give the same result when it runs again, and change nothing the second
    /// time that should change only once. What it draws at random is drawn again, from whichever generator.
    /// </param>
    /// <param name="inputs">The tensors it is given.</param>
    public static Tensor Checkpoint(Func<Tensor[], Tensor> f, Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(inputs);
        return IsEnabled ? Ops.Checkpoint.Of(f, inputs) : f(inputs);
    }

    /// <summary>The same for a function of one tensor.</summary>
    public static Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Checkpoint((Tensor[] inputs) => f(inputs[0]), [x]);
    }
}
