namespace DeepNet;

public static partial class Autograd
{
    /// <summary>
    /// The gradients of <paramref name="output"/> with respect to <paramref name="inputs"/>, returned instead of gathered: no
    /// tensor's <see cref="Tensor.Grad"/> changes.
    /// </summary>
    /// <param name="output">What is differentiated: a single number, or anything if <paramref name="gradOutput"/> is given.</param>
    /// <param name="inputs">Leaves or results that the output was computed from.</param>
    /// <param name="gradOutput">The upstream gradient: the vector of the vector-Jacobian product.</param>
    /// <param name="retainGraph">Keeps what was saved, for another pass through the same graph.</param>
    /// <param name="createGraph">Records the pass itself, so that the gradients can be differentiated; implies
    /// <paramref name="retainGraph"/>.</param>
    /// <exception cref="InvalidOperationException">The output does not depend on one of the inputs.</exception>
    public static Tensor[] Grad(
        Tensor output, ReadOnlySpan<Tensor> inputs, Tensor? gradOutput = null, bool retainGraph = false, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Demand(TryGrad([output], inputs, [gradOutput], retainGraph, createGraph));
    }

    /// <summary>
    /// The gradient with respect to one input; see <see cref="Grad(Tensor, ReadOnlySpan{Tensor}, Tensor?, bool, bool)"/>.
    /// </summary>
    public static Tensor Grad(Tensor output, Tensor input, Tensor? gradOutput = null, bool retainGraph = false, bool createGraph = false)
        => Grad(output, [input], gradOutput, retainGraph, createGraph)[0];

    /// <summary>
    /// The gradients of several outputs at once, summed; see <see cref="Grad(Tensor, ReadOnlySpan{Tensor}, Tensor?, bool, bool)"/>.
    /// </summary>
    public static Tensor[] Grad(
        ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradOutputs = default, bool retainGraph = false,
        bool createGraph = false)
        => Demand(TryGrad(outputs, inputs, gradOutputs, retainGraph, createGraph));

    /// <summary>
    /// As <see cref="Grad(ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor?}, bool, bool)"/>, with null for each input that
    /// the outputs do not depend on.
    /// </summary>
    public static Tensor?[] TryGrad(
        ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradOutputs = default, bool retainGraph = false,
        bool createGraph = false)
    {
        if (!gradOutputs.IsEmpty && gradOutputs.Length != outputs.Length)
            throw new ArgumentException(
                $"[grad] {gradOutputs.Length} upstream gradients for {outputs.Length} outputs: there must be one for each (null "
                + "stands for 1), or none at all.");
        var nodes = new Node[inputs.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i]);
            nodes[i] = inputs[i].Node ?? throw new InvalidOperationException(
                $"[grad] input {i}, of shape {inputs[i].Shape}, does not require a gradient. Set RequiresGrad on it before the output "
                + "is computed.");
        }
        var gradients = Engine.Run(outputs, gradOutputs, retainGraph, createGraph, nodes);
        // The pass gathers each node once, however often it was asked for.
        for (int i = 1; i < nodes.Length; i++) gradients[i] ??= gradients[Array.IndexOf(nodes, nodes[i])];
        return gradients;
    }

    private static Tensor[] Demand(Tensor?[] gradients)
    {
        int missing = Array.IndexOf(gradients, null);
        if (missing >= 0)
            throw new InvalidOperationException(
                $"[grad] the output does not depend on input {missing}. Was it computed from another tensor, a Detach() or inside "
                + "NoGrad? TryGrad gives null for such inputs.");
        return gradients!;
    }
}
