using DeepNet.Nn;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Names of values, and numbers that follow from the lengths of open axes, while a trace is written as a graph.</summary>
internal sealed class ExportContext
{
    private readonly Dictionary<Tensor, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (string Name, Shape Shape)> reshapes = [];
    private readonly Dictionary<string, (string Name, int[] Order)> transposes = [];
    private readonly Dictionary<string, (string Name, Shape[] Shapes)> expands = [];
    private readonly HashSet<Tensor> constants = new(ReferenceEqualityComparer.Instance);
    private readonly Trace[] traces;
    private readonly OpenAxes axes;
    private readonly string[] inputNames;

    public ExportContext(Trace[] traces, OpenAxes axes, string[] inputNames, int opset)
    {
        (this.traces, this.axes, this.inputNames, Opset) = (traces, axes, inputNames, opset);
        for (int i = 0; i < inputNames.Length; i++) names[traces[0].Inputs[i]] = inputNames[i];
    }

    public GraphWriter Graph { get; } = new();

    /// <summary>Gets the sums along axes, by name: what they sum, along which axes, and how many elements in each trace.</summary>
    public Dictionary<string, (string X, string Axes, bool KeepsAxes, double[] Counts)> Sums { get; } = [];

    /// <summary>Gets why operators could not be written, by their results: an error only if somebody reads these.</summary>
    public Dictionary<Tensor, NotSupportedException> Failures { get; } = new(ReferenceEqualityComparer.Instance);

    public int Opset { get; }

    /// <summary>Gets the number of traces.</summary>
    public int Count => traces.Length;

    public Trace[] Traces => traces;

    public void Bind(Tensor tensor, string name) => names[tensor] = name;

    public bool Knows(Tensor tensor) => names.ContainsKey(tensor);

    /// <summary>Gets a value indicating whether a tensor is made by nothing that was recorded, and held by no module.</summary>
    public bool IsConstant(Tensor tensor)
        => constants.Contains(tensor) || (!names.ContainsKey(tensor) && !Failures.ContainsKey(tensor));

    /// <summary>
    /// Gets the name of a tensor. What no operator made and no module holds is a constant, if it is the same in all traces.
    /// </summary>
    public string Name(Func<OperatorEvent, Tensor> of, OperatorEvent[] events)
    {
        var tensor = of(events[0]);
        if (names.TryGetValue(tensor, out string? name)) return name;
        if (Failures.TryGetValue(tensor, out var failure)) throw failure;
        for (int i = 1; i < events.Length; i++)
        {
            var other = of(events[i]);
            if (other.Shape.Equals(tensor.Shape)
                && (other.Count == 0 || ReferenceEquals(other, tensor) || other.ArrayEqual(tensor, equalNan: true)))
                continue;
            if (OpenValues(events, of) is { } values) return names[tensor] = values;
            if (tensor.Count == 1 && Open(tensor, events, of) is { } open) return names[tensor] = open;
            throw Error(events[0], $"reads a tensor of shape {tensor.Shape} that no recorded operator made, and that is another "
                + "one for other inputs, or random. Compute it by tensor operations, or keep it in a StateBuffer");
        }
        constants.Add(tensor);
        return names[tensor] = Graph.Constant(tensor);
    }

    /// <summary>Notes that a value is another one, repeated.</summary>
    public void Expanded(string name, string source, Shape[] shapes) => expands[name] = (source, shapes);

    /// <summary>The name of an operand without its repetitions, where another one has the shape of the result.</summary>
    public string Unexpanded(string name) => expands.TryGetValue(name, out var source) ? source.Name : name;

    /// <summary>The names of operands without their repetitions, where the operator repeats them as far as its result goes.</summary>
    public string[] Unexpanded(string[] operands, OperatorEvent[] events)
    {
        for (int i = 0; i < events.Length; i++)
        {
            var shape = DeepNet.Shape.Scalar;
            for (int k = 0; k < operands.Length; k++)
                shape = Axis.Broadcast("onnx", shape,
                    expands.TryGetValue(operands[k], out var source) ? source.Shapes[i] : events[i].Inputs[k].Shape);
            if (!shape.Equals(events[i].Output.Shape)) return operands;
        }
        return [.. operands.Select(Unexpanded)];
    }

    // Tensors of one number, and numbers in even steps, that are as many as an open axis is long.
    private string? OpenValues(OperatorEvent[] events, Func<OperatorEvent, Tensor> of)
    {
        double? value = null, step = null;
        foreach (var e in events)
        {
            var tensor = of(e);
            if (tensor.Count == 0) return null;
            double[] values = tensor.ToArray<double>();
            double difference = values.Length > 1 && tensor.Rank == 1 ? values[1] - values[0] : 0;
            if ((value ??= values[0]) != values[0] || (step ??= difference) != difference) return null;
            for (int i = 0; i < values.Length; i++) if (values[i] != value + i * step) return null;
        }
        var first = of(events[0]);
        if (step == 0)
        {
            var one = TensorData.Save("", Tensor.FromScalar(value!.Value, DType.Float64).To(first.DType).Reshape(1));
            return Graph.Node("ConstantOfShape", [Shape(events, e => of(e).Shape)], ("value", one));
        }
        if (Find(events, e => of(e).Shape[0]) is not { } count) return null;
        var type = first.DType.IsFloating() ? first.DType : DType.Int64;
        string end = Number(count, type);
        if (step != 1) end = Graph.Node("Mul", [end, Graph.Number(step!.Value, type)]);
        if (value != 0) end = Graph.Node("Add", [end, Graph.Number(value!.Value, type)]);
        string range = Graph.Node("Range", [Graph.Number(value.Value, type), end, Graph.Number(step.Value, type)]);
        return type == first.DType ? range : Graph.Node("Cast", [range], ("to", (long)ElementTypes.Of(first.DType)));
    }

    private string? Open(Tensor tensor, OperatorEvent[] events, Func<OperatorEvent, Tensor> of)
    {
        double[] values = [.. events.Select(e => of(e).ToArray<double>()[0])];
        return axes.Find(values) is { } number ? Number(number, tensor.DType) : null;
    }

    /// <summary>The name of a tensor in another shape of fixed lengths; what was reshaped before is reshaped once.</summary>
    public string Reshaped(string name, Shape from, Shape to)
    {
        if (reshapes.TryGetValue(name, out var source)) (name, from) = source;
        if (from.Equals(to)) return name;
        string reshaped = Graph.Node("Reshape", [name, Graph.Longs([.. to.Select(length => (long)length)])]);
        reshapes[reshaped] = (name, from);
        return reshaped;
    }

    /// <summary>The name of a tensor with its axes in another order; what was turned before is turned once.</summary>
    public string Transposed(string name, int[] order)
    {
        if (transposes.TryGetValue(name, out var source)) (name, order) = (source.Name, [.. order.Select(axis => source.Order[axis])]);
        if (order.Select((axis, i) => axis == i).All(isSame => isSame)) return name;
        string transposed = Graph.Node("Transpose", [name], ("perm", order));
        transposes[transposed] = (name, order);
        return transposed;
    }

    /// <summary>Finds what a number of all traces follows from.</summary>
    public OpenNumber? Find(OperatorEvent[] events, Func<OperatorEvent, double> of)
    {
        var values = new double[events.Length];
        for (int i = 0; i < values.Length; i++) values[i] = of(events[i]);
        return axes.Find(values);
    }

    /// <summary>The name of a number of no axes.</summary>
    public string Number(in OpenNumber number, DType dtype)
    {
        if (number.IsFixed) return Graph.Number(number.Factor, dtype);
        string product = Graph.Node("Squeeze", [Product(number.Symbols), Graph.Longs(0)]);
        product = Graph.Node("Cast", [product], ("to", (long)ElementTypes.Of(dtype)));
        if (number.IsDivided) return Graph.Node("Div", [Graph.Number(number.Factor, dtype), product]);
        return number.Factor == 1 ? product : Graph.Node("Mul", [product, Graph.Number(number.Factor, dtype)]);
    }

    /// <summary>The name of an int64 vector of one length.</summary>
    public string Length(in OpenNumber number)
    {
        if (number.IsFixed) return Graph.Longs((long)number.Factor);
        string product = Product(number.Symbols);
        if (number.Factor == 1 && !number.IsDivided) return product;
        long factor = (long)Math.Round(number.Factor);
        return number.IsDivided ? Graph.Node("Div", [Graph.Longs(factor), product]) : Graph.Node("Mul", [product, Graph.Longs(factor)]);
    }

    private string Product(int[] symbols)
    {
        string? product = null;
        foreach (int symbol in symbols)
        {
            var (input, axis) = axes.Place(symbol);
            string length = Graph.Node("Shape", [inputNames[input]], ("start", axis), ("end", axis + 1));
            product = product is null ? length : Graph.Node("Mul", [product, length]);
        }
        return product!;
    }

    /// <summary>The name of a shape as an int64 vector.</summary>
    public string Shape(OperatorEvent[] events, Func<OperatorEvent, Shape> of)
    {
        var shape = of(events[0]);
        var lengths = new OpenNumber[shape.Rank];
        for (int i = 0; i < lengths.Length; i++)
        {
            int axis = i;
            lengths[i] = Find(events, e => of(e)[axis]) is { } found && IsWhole(found.Factor) ? found
                : throw Error(events[0], $"makes a shape whose axis {i} depends on the input's in a way that is no product of its lengths "
                    + $"({string.Join(", ", events.Select(e => of(e)[axis]))})");
        }
        if (lengths.All(length => length.IsFixed)) return Graph.Longs([.. lengths.Select(length => (long)length.Factor)]);
        string[] parts = [.. lengths.Select(length => Length(length))];
        return parts.Length == 1 ? parts[0] : Graph.Node("Concat", parts, ("axis", 0));
    }

    private static bool IsWhole(double number) => number == Math.Round(number);

    /// <summary>The lengths of an output as they stand in the file.</summary>
    public List<OnnxDimension> Describe(Func<Trace, Tensor> of)
    {
        var first = of(traces[0]);
        var dimensions = new List<OnnxDimension>();
        for (int axis = 0; axis < first.Rank; axis++)
        {
            int at = axis;
            double[] values = [.. traces.Select(trace => (double)of(trace).Shape[at])];
            var number = axes.Find(values);
            dimensions.Add(number switch
            {
                { IsFixed: true } => new OnnxDimension((int)values[0], null),
                { IsDivided: false } open => new OnnxDimension(null, Text(open)),
                _ => default,
            });
        }
        return dimensions;
    }

    private string Text(in OpenNumber number)
    {
        string product = string.Join('*', number.Symbols.Select(axes.Name));
        return number.Factor == 1 ? product : $"{number.Factor.ToString(System.Globalization.CultureInfo.InvariantCulture)}*{product}";
    }

    public static NotSupportedException Error(OperatorEvent step, string what)
        => new(IO.Printable.Text(
            $"[onnx] the operator '{step.Name}'{(step.ModulePath is { Length: > 0 } path ? $" of '{path}'" : "")} {what}."));
}
