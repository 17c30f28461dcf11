using DeepNet.Ops;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>One operator as it was applied in each trace, and what its writer needs.</summary>
internal sealed class ExportStep(ExportContext context, OperatorEvent[] events)
{
    public GraphWriter Graph => context.Graph;

    public ExportContext Context => context;

    /// <summary>Gets the operator in the first trace.</summary>
    public OperatorEvent Event => events[0];

    public OperatorEvent[] Events => events;

    public Tensor Input(int index) => Event.Inputs[index];

    public Tensor Output => Event.Output;

    public int Opset => context.Opset;

    /// <summary>Gets the name of an input.</summary>
    public string In(int index) => context.Name(e => e.Inputs[index], events);

    public string[] Ins => [.. Enumerable.Range(0, Event.Inputs.Length).Select(In)];

    /// <summary>Gets the name of a tensor that the operator holds besides its inputs.</summary>
    public string Held(Func<OperatorEvent, Tensor> of) => context.Name(of, events);

    public string Shape(Func<OperatorEvent, Shape> of) => context.Shape(events, of);

    /// <summary>Gets a number that is the same in all traces.</summary>
    public int Fixed(Func<OperatorEvent, int> of, string what)
        => context.Find(events, e => of(e)) is { IsFixed: true } number ? (int)number.Factor
            : throw ExportContext.Error(Event, $"has {what} that depends on an open axis");

    public string Node(string op, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
        => Graph.Node(op, inputs, attributes);

    public string Number(double value, DType? dtype = null) => Graph.Number(value, dtype ?? Output.DType);

    /// <summary>Adds a tensor in another shape. One length that depends on an open axis is what the others leave.</summary>
    public string Reshape(string name, Func<OperatorEvent, Shape> of, Shape? from = null)
    {
        var to = of(Event);
        int open = -1, count = 0;
        for (int i = 0; i < to.Rank; i++)
        {
            if (events.All(e => of(e)[i] == to[i])) continue;
            (open, count) = (i, count + 1);
        }
        if (to.Contains(0)) return Node("Reshape", [name, Shape(of)], ("allowzero", 1));
        if (count == 0) return context.Reshaped(name, from ?? Input(0).Shape, to);
        return Node("Reshape", [name, count == 1 ? Graph.Longs([.. to.Select((length, i) => i == open ? -1L : length)]) : Shape(of)]);
    }

    public string Cast(string name, DType to) => Node("Cast", [name], ("to", (long)ElementTypes.Of(to)));

    /// <summary>Adds a formula of given operands, whose element type is given.</summary>
    public string Formula(FormulaSource formula, DType dtype, params string[] inputs)
    {
        var export = new FormulaExport(inputs);
        return Write(dtype, () => formula.Accept(export), export);
    }

    /// <inheritdoc cref="Formula(FormulaSource, DType, string[])"/>
    public string Formula(Formula formula, DType dtype, string input)
    {
        var export = new FormulaExport([input]);
        return Write(dtype, () => formula.Accept(ref export), export);
    }

    /// <summary>The formula that the operator itself is: parameters of it may follow from the lengths of open axes.</summary>
    public string OwnFormula(DType dtype, params string[] inputs)
    {
        bool differ = false;
        for (int i = 1; i < events.Length; i++) differ |= !Equals(events[i].Operator, Event.Operator);
        if (!differ) return Formula(Event.Formula!, dtype, inputs);
        var settings = Settings(dtype);
        int at = 0;
        var export = new FormulaExport(inputs);
        Symbol.WriteTo(new FormulaWriter(Graph, Opset, dtype, _ =>
        {
            int index = at++;
            var number = context.Find(events, e => settings[Array.IndexOf(events, e)][index])
                ?? throw ExportContext.Error(Event, "has a parameter that depends on an open axis in a way that is no product of lengths");
            return number.IsFixed ? null : context.Number(number, dtype);
        }));
        Event.Formula!.Accept(export);
        Symbol.WriteTo(null);
        return export.Result;
    }

    /// <summary>Gets the parameters of the formula in each trace.</summary>
    public List<double>[] Settings(DType dtype)
    {
        var settings = new List<double>[events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            var list = settings[i] = [];
            Symbol.WriteTo(new FormulaWriter(new GraphWriter(), Opset, dtype, value =>
            {
                list.Add(value);
                return null;
            }));
            events[i].Formula!.Accept(new FormulaExport(["a", "b"]));
        }
        Symbol.WriteTo(null);
        return settings;
    }

    private string Write(DType dtype, Action accept, FormulaExport export)
    {
        Symbol.WriteTo(new FormulaWriter(Graph, Opset, dtype, null));
        accept();
        Symbol.WriteTo(null);
        return export.Result;
    }
}
