namespace DeepNet.Onnx;

/// <summary>
/// A number that may follow from the lengths of open axes: a factor times some of them. It is found by comparing traces, in each of which
/// one axis has another length.
/// </summary>
/// <param name="Factor">The factor.</param>
/// <param name="Symbols">The open axes, by number.</param>
/// <param name="IsDivided">True if the factor is divided by the lengths.</param>
internal readonly record struct OpenNumber(double Factor, int[] Symbols, bool IsDivided = false)
{
    public bool IsFixed => Symbols.Length == 0;
}

/// <summary>The open axes of a model's inputs.</summary>
internal sealed class OpenAxes
{
    private readonly List<(string Name, int First, int Other)> symbols = [];
    private readonly Dictionary<string, List<(int Input, int Axis)>> places = [];

    public OpenAxes(Tensor[] examples, IReadOnlyList<IReadOnlyDictionary<int, string>>? given)
    {
        for (int i = 0; i < examples.Length; i++)
        {
            IEnumerable<KeyValuePair<int, string>> axes = given is null
                ? examples[i].Rank > 0 ? [new(0, "batch")] : [] : i < given.Count ? given[i] : [];
            foreach (var (axis, name) in axes.OrderBy(entry => entry.Key))
            {
                int at = axis < 0 ? axis + examples[i].Rank : axis;
                if (at < 0 || at >= examples[i].Rank)
                    throw new ArgumentException(
                        $"[onnx] the input {i} of shape {examples[i].Shape} has no axis {axis} to be called '{name}'.");
                if (!places.TryGetValue(name, out var list)) places[name] = list = [];
                list.Add((i, at));
            }
        }
        foreach (var (name, list) in places)
        {
            int length = examples[list[0].Input].Shape[list[0].Axis];
            foreach (var (input, axis) in list)
                if (examples[input].Shape[axis] != length)
                    throw new ArgumentException($"[onnx] two axes are called '{name}', with the lengths {length} and "
                        + $"{examples[input].Shape[axis]}.");
            if (length == 0) throw new ArgumentException($"[onnx] the axis '{name}' of an example has no elements.");
            // A length of 1 is broadcast and squeezed: it says nothing of others.
            int first = length == 1 ? 2 : length;
            symbols.Add((name, first, first + 1));
        }
    }

    /// <summary>Gets the number of open axes.</summary>
    public int Count => symbols.Count;

    public string Name(int symbol) => symbols[symbol].Name;

    /// <summary>Gets an input and its axis that has the length.</summary>
    public (int Input, int Axis) Place(int symbol) => places[symbols[symbol].Name][0];

    /// <summary>Gets the symbol of an input's axis; −1 if its length is fixed.</summary>
    public int SymbolOf(int input, int axis) => symbols.FindIndex(symbol => places[symbol.Name].Contains((input, axis)));

    /// <summary>Gets the number of traces: with one of the open axes changed at a time, and at least one of other values.</summary>
    public int Traces => Math.Max(Count, 1) + 1;

    /// <summary>
    /// The inputs of a trace. Those of the first are the examples; others have one open axis of another length, and all elements in reverse
    /// order, so that constants which follow from the values of the input are found.
    /// </summary>
    public Tensor[] Inputs(Tensor[] examples, int trace)
    {
        var inputs = new Tensor[examples.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = examples[i].Detach();
            for (int axis = 0; axis < inputs[i].Rank; axis++)
            {
                int symbol = SymbolOf(i, axis);
                if (symbol < 0) continue;
                int length = symbol == trace - 1 ? symbols[symbol].Other : symbols[symbol].First;
                if (length == inputs[i].Shape[axis]) continue;
                long[] from = [.. Enumerable.Range(0, length).Select(place => (long)(place % examples[i].Shape[axis]))];
                inputs[i] = inputs[i].IndexSelect(axis, Tensor.From<long>(from));
            }
            if (trace > 0) inputs[i] = inputs[i].Flip([.. Enumerable.Range(0, inputs[i].Rank)]).Clone();
            if (ReferenceEquals(inputs[i].Storage, examples[i].Storage)) inputs[i] = inputs[i].Clone();
        }
        return inputs;
    }

    /// <summary>Finds what numbers of all traces follow from; null if it is no product of lengths, or a quotient of one.</summary>
    public OpenNumber? Find(ReadOnlySpan<double> values)
    {
        double first = values[0];
        if (Count == 0) return values[1].Equals(first) ? new(first, []) : null;
        var found = new List<int>();
        bool? isDivided = null;
        for (int i = 0; i < symbols.Count; i++)
        {
            double value = values[i + 1];
            if (value == first || (double.IsNaN(value) && double.IsNaN(first))) continue;
            double ratio = symbols[i].Other / (double)symbols[i].First;
            bool grows = Math.Abs(value - first * ratio) <= 1e-9 * Math.Abs(value),
                falls = Math.Abs(value * ratio - first) <= 1e-9 * Math.Abs(first);
            if ((!grows && !falls) || isDivided == grows) return null;
            isDivided = !grows;
            found.Add(i);
        }
        double product = 1;
        foreach (int symbol in found) product *= symbols[symbol].First;
        return new(isDivided == true ? first * product : first / product, [.. found], isDivided == true);
    }
}
