namespace DeepNet.Nn;

/// <summary>
/// What recurrent layers have in common: a stack of cells, each run over the steps of a sequence in one or both directions. Written
/// in tensor operations; a cell may have a kernel for whole sequences beside these.
/// </summary>
public abstract class Recurrent : Layer
{
    [StateName("")]
    private readonly OrderedDictionary<string, Parameter> weights = [];
    private readonly int cells;
    private readonly bool hasBias;
    private readonly string op;
    private readonly double dropout;
    private readonly Generator? generator;

    private protected Recurrent(
        string op, int gates, int inputSize, int hiddenSize, int layers, bool bias, bool batchFirst, double dropout, bool bidirectional,
        Generator? generator)
    {
        Check.Positive(op, nameof(inputSize), inputSize);
        Check.Positive(op, nameof(hiddenSize), hiddenSize);
        Check.Positive(op, nameof(layers), layers);
        (this.op, this.dropout, this.generator) = (op, Check.Probability(op, dropout), generator);
        (InputSize, HiddenSize, Layers, IsBatchFirst, Directions) = (inputSize, hiddenSize, layers, batchFirst, bidirectional ? 2 : 1);
        (cells, hasBias) = (layers * Directions, bias);
        for (int i = 0; i < cells; i++)
        {
            string suffix = $"_l{i / Directions}{(i % Directions == 1 ? "_reverse" : "")}";
            Add("weight_ih" + suffix, gates * hiddenSize, i < Directions ? inputSize : hiddenSize * Directions);
            Add("weight_hh" + suffix, gates * hiddenSize, hiddenSize);
            if (!bias) continue;
            Add("bias_ih" + suffix, gates * hiddenSize);
            Add("bias_hh" + suffix, gates * hiddenSize);
        }
    }

    /// <summary>The length of the vectors that come in.</summary>
    public int InputSize { get; }

    /// <summary>The length of the state of one direction.</summary>
    public int HiddenSize { get; }

    /// <summary>Gets the number of stacked cells.</summary>
    public int Layers { get; }

    /// <summary>1, or 2 if sequences are read from both ends.</summary>
    public int Directions { get; }

    /// <summary>True for sequences of (batch, steps, features), false for (steps, batch, features).</summary>
    public bool IsBatchFirst { get; }

    /// <summary>
    /// One step of a cell: the new state from the input and the old one. The first part of a state is what the cell puts out.
    /// </summary>
    private protected abstract Tensor[] Step(Tensor x, Tensor[] state, CellWeights weights);

    private protected abstract int StateParts { get; }

    /// <summary>True if <see cref="RunSequence"/> is there.</summary>
    private protected virtual bool HasSequence => false;

    /// <summary>
    /// All steps at once, as <see cref="Step"/> takes them one by one: x is (steps, batch, features), everything of one type.
    /// </summary>
    private protected virtual (Tensor Outputs, Tensor[] State) RunSequence(Tensor x, Tensor[] state, CellWeights weights, bool isReverse)
        => throw new InvalidOperationException($"[{op}] has no kernel for sequences.");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Run(x, null, null).Output;

    /// <param name="x">(steps, batch, features), or as <see cref="IsBatchFirst"/> says, or without the batch.</param>
    /// <param name="initial">The parts of the state, each (layers · directions, batch, hidden); or zeros.</param>
    /// <param name="lengths">The length of each sequence, where they differ: what lies behind the end of one is not read, and the output
    /// there is 0.</param>
    private protected (Tensor Output, Tensor[] State) Run(Tensor x, Tensor[]? initial, IReadOnlyList<int>? lengths)
    {
        x = Ops.Halves.Wide(x);
        if (x.Rank == 2)
        {
            var (one, last) = Run(x.Unsqueeze(IsBatchFirst ? 0 : 1), initial is null ? null
                : [.. initial.Select(s => s.Unsqueeze(1))], lengths);
            return (one.Squeeze(IsBatchFirst ? 0 : 1), [.. last.Select(s => s.Squeeze(1))]);
        }
        string axes = IsBatchFirst ? $"(batch, steps, {InputSize})" : $"(steps, batch, {InputSize})";
        if (x.Rank != 3 || x.Shape[2] != InputSize) throw new ArgumentException($"[{op}] expects {axes}, got {x.Shape}.");
        if (x.Shape[IsBatchFirst ? 1 : 0] == 0) throw new ArgumentException($"[{op}] {x.Shape} has no steps: expects {axes}.");
        int batch = x.Shape[IsBatchFirst ? 0 : 1];
        var state = initial ?? Zeros(x, batch);
        CheckState(state, batch);
        return lengths is null && HasSequence && Weights(0).FitKernel(x, state) ? RunSequences(x, state) : RunSteps(x, state, lengths);
    }

    private (Tensor Output, Tensor[] State) RunSequences(Tensor x, Tensor[] state)
    {
        if (IsBatchFirst) x = x.Transpose(0, 1);
        var finals = Finals();
        for (int layer = 0; layer < Layers; layer++)
        {
            if (layer > 0 && IsTraining && dropout > 0) x = Dropout.Apply(x, dropout, generator);
            var outputs = new Tensor[Directions];
            for (int direction = 0; direction < Directions; direction++)
            {
                int cell = layer * Directions + direction;
                (outputs[direction], var last) = RunSequence(
                    x, [.. state.Select(part => part.Select(0, cell))], Weights(cell), direction == 1);
                for (int part = 0; part < StateParts; part++) finals[part][cell] = last[part];
            }
            x = Directions == 1 ? outputs[0] : Tensor.Cat(outputs, 2);
        }
        return (IsBatchFirst ? x.Transpose(0, 1) : x, [.. finals.Select(part => Tensor.Stack(part))]);
    }

    // For each part of the state, that of each cell.
    private Tensor[][] Finals() => [.. Enumerable.Range(0, StateParts).Select(_ => new Tensor[cells])];

    private (Tensor Output, Tensor[] State) RunSteps(Tensor x, Tensor[] state, IReadOnlyList<int>? lengths)
    {
        var steps = x.Unbind(IsBatchFirst ? 1 : 0);
        var masks = Masks(lengths, steps.Length, x.Shape[IsBatchFirst ? 0 : 1], x.Device);
        var finals = Finals();
        for (int layer = 0; layer < Layers; layer++)
        {
            if (layer > 0 && IsTraining && dropout > 0) steps = [.. steps.Select(s => Dropout.Apply(s, dropout, generator))];
            var outputs = new Tensor[Directions][];
            for (int direction = 0; direction < Directions; direction++)
            {
                int cell = layer * Directions + direction;
                var current = state.Select(part => part.Select(0, cell)).ToArray();
                (outputs[direction], current) = RunCell(steps, current, Weights(cell), direction == 1, masks);
                for (int part = 0; part < StateParts; part++) finals[part][cell] = current[part];
            }
            steps = Directions == 1 ? outputs[0] : [.. outputs[0].Zip(outputs[1], (forth, back) => Tensor.Cat([forth, back], 1))];
        }
        return (Tensor.Stack(steps, IsBatchFirst ? 1 : 0), [.. finals.Select(part => Tensor.Stack(part))]);
    }

    private (Tensor[] Outputs, Tensor[] State) RunCell(Tensor[] steps, Tensor[] state, CellWeights weights, bool isReverse, Tensor[]? masks)
    {
        var outputs = new Tensor[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            int at = isReverse ? steps.Length - 1 - i : i;
            var next = Step(steps[at], state, weights);
            outputs[at] = next[0];
            if (masks is not null)
            {
                // A sequence that has ended, or from behind not yet begun, keeps its state.
                outputs[at] = Tensor.Where(masks[at], next[0], 0);
                for (int part = 0; part < next.Length; part++) next[part] = Tensor.Where(masks[at], next[part], state[part]);
            }
            state = next;
        }
        return (outputs, state);
    }

    private Tensor[]? Masks(IReadOnlyList<int>? lengths, int steps, int batch, Device device)
    {
        if (lengths is null) return null;
        if (lengths.Count != batch) throw new ArgumentException($"[{op}] {lengths.Count} lengths for a batch of {batch} sequences.");
        for (int i = 0; i < batch; i++)
            if (lengths[i] < 1 || lengths[i] > steps)
                throw new ArgumentException(
                    $"[{op}] sequence {i} is said to have length {lengths[i]}; it must be from 1 to {steps}, the number of steps.");
        var masks = new Tensor[steps];
        for (int t = 0; t < steps; t++)
            masks[t] = Tensor.From<bool>(lengths.Select(length => t < length).ToArray(), new Shape(batch, 1), device);
        return masks;
    }

    private Tensor[] Zeros(Tensor x, int batch)
    {
        var zeros = Tensor.Zeros(new Shape(cells, batch, HiddenSize), DTypes.ComputeFloating(x.DType), x.Device);
        return [.. Enumerable.Repeat(zeros, StateParts)];
    }

    private void CheckState(Tensor[] state, int batch)
    {
        var wanted = new Shape(cells, batch, HiddenSize);
        foreach (var part in state)
            if (!part.Shape.Equals(wanted))
                throw new ArgumentException(
                    $"[{op}] the initial state is {part.Shape}; with {Layers} layers, {Directions} directions and a batch of {batch} "
                    + $"it must be {wanted}.");
    }

    // PyTorch's default: everything uniform within ±1/√hidden.
    private void Add(string name, params int[] shape)
        => weights.Add(name, new Parameter(Init.Default(Tensor.Empty(new Shape(shape)), HiddenSize, generator)));

    private CellWeights Weights(int cell)
    {
        int each = hasBias ? 4 : 2;
        Tensor At(int part) => weights.GetAt(cell * each + part).Value.Value;
        return new(At(0), At(1), hasBias ? At(2) : null, hasBias ? At(3) : null);
    }

    /// <summary>The matrix products of all steps.</summary>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Count / InputSize * weights.Values.Where(w => w.Shape.Rank == 2).Sum(w => 2L * w.Value.Count);
    }

    /// <inheritdoc/>
    public override string Description
        => $"{GetType().Name}({InputSize}, "
        + $"{HiddenSize}{(Layers > 1 ? $", layers: {Layers}" : "")}{(Directions > 1 ? ", bidirectional" : "")})";
}
