namespace DeepNet.Nn;

/// <summary>
/// The feed-forward part of Llama and its relatives: down(activation(gate(x)) · up(x)). With SiLU, as it is by default, SwiGLU; with GELU,
/// GeGLU.
/// </summary>
public sealed class GatedFeedForward : Layer
{
    [StateName("gate_proj")]
    private readonly Linear gate;
    [StateName("up_proj")]
    private readonly Linear up;
    [StateName("down_proj")]
    private readonly Linear down;

    /// <summary>Makes the layer.</summary>
    /// <param name="dimension">The length of the vectors.</param>
    /// <param name="hidden">The width inside.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="activation">The activation of the gate; SiLU if none is given.</param>
    /// <param name="generator">The source of the starting values.</param>
    public GatedFeedForward(int dimension, int hidden, bool bias = false, Activation? activation = null, Generator? generator = null)
    {
        gate = new Linear(dimension, hidden, bias, generator, activation ?? new Silu());
        up = new Linear(dimension, hidden, bias, generator);
        down = new Linear(hidden, dimension, bias, generator);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => down.Forward(gate.Forward(x) * up.Forward(x));

    /// <inheritdoc/>
    public override string Description => $"GatedFeedForward({gate.InFeatures}, {gate.OutFeatures})";
}
