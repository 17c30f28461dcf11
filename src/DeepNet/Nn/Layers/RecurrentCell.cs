namespace DeepNet.Nn;

/// <summary>
/// One step of a recurrent layer, for loops of one's own, such as those in which the output is the next input.
/// </summary>
/// <remarks>
/// Parameters are called as PyTorch calls them. Those of a sequence layer have <c>_l0</c> behind, so the weights of a cell go there with
/// <c>lstm.LoadState(cell.State(), rename: name => name + "_l0")</c>.
/// </remarks>
public abstract class RecurrentCell : Layer
{
    [StateName("weight_ih")]
    private readonly Parameter inputWeight;
    [StateName("weight_hh")]
    private readonly Parameter hiddenWeight;
    [StateName("bias_ih")]
    private readonly Parameter? inputBias;
    [StateName("bias_hh")]
    private readonly Parameter? hiddenBias;
    private readonly string op;

    private protected RecurrentCell(string op, int gates, int inputSize, int hiddenSize, bool bias, Generator? generator)
    {
        Check.Positive(op, nameof(inputSize), inputSize);
        Check.Positive(op, nameof(hiddenSize), hiddenSize);
        (this.op, InputSize, HiddenSize) = (op, inputSize, hiddenSize);
        inputWeight = Make(gates * hiddenSize, inputSize);
        hiddenWeight = Make(gates * hiddenSize, hiddenSize);
        if (!bias) return;
        inputBias = Make(gates * hiddenSize);
        hiddenBias = Make(gates * hiddenSize);

        Parameter Make(params int[] shape) => new(Init.Default(Tensor.Empty(new Shape(shape)), hiddenSize, generator));
    }

    /// <summary>Gets the length of the vectors that come in.</summary>
    public int InputSize { get; }

    /// <summary>Gets the length of the state.</summary>
    public int HiddenSize { get; }

    private CellWeights Weights => new(inputWeight.Value, hiddenWeight.Value, inputBias?.Value, hiddenBias?.Value);

    /// <summary>The step from a state of zeros; for an LSTM, what it puts out.</summary>
    protected override Tensor Compute(Tensor x) => Run(x, null)[0];

    /// <summary>The number of tensors of the state, the first of which is what the cell puts out.</summary>
    private protected virtual int StateParts => 1;

    private protected abstract Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights);

    /// <summary>Runs one step on (batch, in) and parts of the state of (batch, hidden), or on vectors; without a state, on zeros.</summary>
    private protected Tensor[] Run(Tensor x, Tensor[]? state)
    {
        x = Halves.Wide(x);
        if (x.Rank == 1)
        {
            Tensor[]? rows = state is null ? null : [.. state.Select(part => part.Unsqueeze(0))];
            return [.. Run(x.Unsqueeze(0), rows).Select(part => part.Squeeze(0))];
        }
        if (x.Rank != 2 || x.Shape[1] != InputSize)
            throw new ArgumentException($"[{op}_cell] expects (batch, {InputSize}), got {x.Shape}.");
        var wanted = new Shape(x.Shape[0], HiddenSize);
        state ??= [.. Enumerable.Repeat(Tensor.Zeros(wanted, DTypes.ComputeFloating(x.DType), x.Device), StateParts)];
        foreach (var part in state)
            if (!part.Shape.Equals(wanted))
                throw new ArgumentException($"[{op}_cell] the state is {part.Shape}; for the input {x.Shape} it must be {wanted}.");
        return Step(x, state, Weights);
    }

    /// <summary>A step of a cell that has a kernel, by it or in tensor operations.</summary>
    private protected static Tensor[] StepOf<TCell>(Tensor x, Tensor[] state, CellWeights weights) where TCell : unmanaged, ICell
        => weights.FitKernel(x, state)
            ? FusedSequence<TCell>.Run(isReverse: false, [x.Unsqueeze(0), .. state, .. weights.All]).State
            : CellStep<TCell>.Of(weights.OfInput(x), weights.OfHidden(state[0]), state);

    /// <summary>The matrix products.</summary>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Count / InputSize * 2L * (inputWeight.Value.Count + hiddenWeight.Value.Count);
    }

    /// <inheritdoc/>
    public override string Description => $"{GetType().Name}({InputSize}, {HiddenSize})";
}

/// <summary>One step of an <see cref="Lstm"/>.</summary>
public sealed class LstmCell : RecurrentCell
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inputSize">The length of the vectors that come in.</param>
    /// <param name="hiddenSize">The length of the state.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="generator">The source of starting values.</param>
    public LstmCell(int inputSize, int hiddenSize, bool bias = true, Generator? generator = null)
        : base("lstm", 4, inputSize, hiddenSize, bias, generator) { }

    private protected override int StateParts => 2;

    /// <summary>Runs one step.</summary>
    /// <param name="x">(batch, in), or a vector.</param>
    /// <param name="state">The state before it, each part (batch, hidden); null for zeros.</param>
    /// <returns>The state after it.</returns>
    public LstmState Forward(Tensor x, LstmState? state)
    {
        var (_, last) = Locate(x, () => WithOutput(Run(x, state is { } first ? [first.Hidden, first.Cell] : null)));
        return new(last[0], last[1]);

        static (Tensor, Tensor[]) WithOutput(Tensor[] last) => (last[0], last);
    }

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights) => StepOf<Ops.LstmCell>(x, state, weights);
}

/// <summary>One step of a <see cref="Gru"/>.</summary>
public sealed class GruCell : RecurrentCell
{
    /// <inheritdoc cref="LstmCell(int, int, bool, Generator?)"/>
    public GruCell(int inputSize, int hiddenSize, bool bias = true, Generator? generator = null)
        : base("gru", 3, inputSize, hiddenSize, bias, generator) { }

    /// <inheritdoc cref="RnnCell.Forward(Tensor, Tensor?)"/>
    public Tensor Forward(Tensor x, Tensor? hidden) => Locate(x, () => Run(x, hidden is null ? null : [hidden])[0]);

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights) => StepOf<Ops.GruCell>(x, state, weights);
}

/// <summary>One step of an <see cref="Rnn"/>.</summary>
public sealed class RnnCell : RecurrentCell
{
    private readonly bool isRelu;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputSize">The length of the vectors that come in.</param>
    /// <param name="hiddenSize">The length of the state.</param>
    /// <param name="relu">True for ReLU instead of tanh.</param>
    /// <param name="bias">True for biases.</param>
    /// <param name="generator">The source of starting values.</param>
    public RnnCell(int inputSize, int hiddenSize, bool relu = false, bool bias = true, Generator? generator = null)
        : base("rnn", 1, inputSize, hiddenSize, bias, generator) => isRelu = relu;

    /// <summary>Runs one step.</summary>
    /// <param name="x">(batch, in), or a vector.</param>
    /// <param name="hidden">The state before it, (batch, hidden); null for zeros.</param>
    /// <returns>The state after it.</returns>
    public Tensor Forward(Tensor x, Tensor? hidden) => Locate(x, () => Run(x, hidden is null ? null : [hidden])[0]);

    private protected override Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights) => [Rnn.Step(x, state[0], weights, isRelu)];
}
