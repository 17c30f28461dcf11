using DeepNet.Nn;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Writes what a model applied, in several traces, as one graph.</summary>
internal sealed class GraphExport
{
    private const int MostFolded = 65_536;

    private readonly Module module;
    private readonly OnnxExportOptions options;
    private readonly OpenAxes axes;
    private readonly Trace[] traces;
    private readonly string[] inputNames, outputNames;
    private readonly ExportContext context;

    public GraphExport(Module module, OnnxExportOptions options, OpenAxes axes, Trace[] traces)
    {
        (this.module, this.options, this.axes, this.traces) = (module, options, axes, traces);
        inputNames = Names(options.InputNames ?? (module as OnnxModel)?.Inputs.Select(input => input.Name).ToArray(), "input",
            traces[0].Inputs.Length);
        outputNames = Names(
            options.OutputNames ?? (module as OnnxModel)?.Outputs.Select(output => output.Name).ToArray(), "output",
                traces[0].Outputs.Length);
        context = new ExportContext(traces, axes, inputNames, options.Opset);
    }

    private static string[] Names(IReadOnlyList<string>? given, string kind, int count)
    {
        if (given is null) return count == 1 ? [kind] : [.. Enumerable.Range(0, count).Select(i => $"{kind}{i}")];
        return given.Count == count ? [.. given]
            : throw new ArgumentException($"[onnx] {given.Count} names were given for {count} {kind}s.");
    }

    public ModelProto Build()
    {
        var graph = context.Graph;
        foreach (string name in inputNames.Concat(outputNames)) graph.Reserve(name);
        foreach (var (name, _) in Held()) graph.Reserve(name);
        foreach (var (name, tensor) in Held())
        {
            graph.Graph.Initializers.Add(new TensorProto { Name = name });
            context.Bind(tensor, name);
        }
        Write([.. traces.Select(trace => trace.Steps)]);
        for (int i = 0; i < outputNames.Length; i++)
        {
            int at = i;
            var step = new OperatorEvent("output", null, [], traces[0].Outputs[i], null, 0);
            OperatorEvent[] events = [.. traces.Select(trace => step with { Output = trace.Outputs[at] })];
            string result = context.Name(e => e.Output, events);
            var identity = new NodeProto
            {
                OpType = "Identity", Name = $"/{outputNames[i]}", Inputs = [result],
                Outputs = [outputNames[i]]
            };
            graph.Graph.Nodes.Add(identity);
            graph.Graph.Outputs.Add(Info(outputNames[i], traces[0].Outputs[i], context.Describe(trace => trace.Outputs[at])));
        }
        for (int i = 0; i < inputNames.Length; i++)
        {
            int at = i;
            graph.Graph.Inputs.Add(Info(inputNames[i], traces[0].Inputs[i], context.Describe(trace => trace.Inputs[at])));
        }
        graph.Prune();
        var tensors = Held().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        for (int i = 0; i < graph.Graph.Initializers.Count; i++)
        {
            string name = graph.Graph.Initializers[i].Name;
            graph.Graph.Initializers[i] = TensorData.Save(name, tensors[name]);
        }
        return Model(graph.Graph);
    }

    private ModelProto Model(GraphProto graph)
    {
        var model = new ModelProto
        {
            IrVersion = options.Opset switch { 18 => 8, 21 => 10, _ => 9 },
            Producer = "DeepNet",
            ProducerVersion = typeof(GraphExport).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph,
        };
        model.Opsets.Add(("", options.Opset));
        foreach (var (key, value) in options.Metadata ?? (module as OnnxModel)?.Metadata ?? new Dictionary<string, string>())
            model.Metadata.Add((key, value));
        return model;
    }

    private static ValueInfoProto Info(string name, Tensor tensor, List<OnnxDimension> shape)
        => new() { Name = name, Type = ElementTypes.Of(tensor.DType), IsTensor = true, Shape = shape };

    private IEnumerable<(string Name, Tensor Tensor)> Held()
    {
        foreach (var (name, parameter) in module.NamedParameters()) yield return (name, parameter.Value);
        foreach (var (name, buffer) in module.NamedBuffers()) yield return (name, buffer.Value);
    }

    private void Write(IReadOnlyList<TracedStep>[] steps)
    {
        foreach (var other in steps)
            if (other.Count != steps[0].Count)
                throw new NotSupportedException("[onnx] the model applies other operators to inputs of other lengths or values: its code "
                    + "depends on them. If it is a length, leave that axis out of OnnxExportOptions.SymbolicAxes.");
        for (int i = 0; i < steps[0].Count; i++)
        {
            TracedStep[] same = new TracedStep[steps.Length];
            for (int k = 0; k < same.Length; k++)
            {
                same[k] = steps[k][i];
                if (same[k].Event.Name != same[0].Event.Name || same[k].Event.Inputs.Length != same[0].Event.Inputs.Length)
                    throw ExportContext.Error(same[0].Event, $"is '{same[k].Event.Name}' where an open axis has another length");
            }
            if (same[0].Event.IsInPlace) throw ExportContext.Error(same[0].Event, "changes a tensor in place, which a graph cannot");
            try
            {
                Write(same);
            }
            catch (NotSupportedException e)
            {
                // What a program computes for itself, such as a shape, need not be written.
                context.Failures[same[0].Event.Output] = e;
            }
        }
    }

    // What is made of constants alone is a constant: it is written where it is read, as importers would fold it. Memory that the model gave
    // back is not there to be compared.
    private bool IsConstant(OperatorEvent[] events)
    {
        var (inputs, output) = (events[0].Inputs, events[0].Output);
        return inputs.Length > 0 && output.Count <= MostFolded
            && Array.TrueForAll(inputs, context.IsConstant)
            && !Array.Exists(events, e => e.Output.Storage.IsReleased || !e.Output.Shape.Equals(output.Shape))
            && Array.TrueForAll(events, e => e.Output.ArrayEqual(output, equalNan: true));
    }

    // In this order: an operator of the standard, a formula, what the operator itself is made of.
    private void Write(TracedStep[] same)
    {
        var first = same[0].Event;
        OperatorEvent[] events = [.. same.Select(traced => traced.Event)];
        if (IsConstant(events)) return;
        context.Graph.Place = first.ModulePath ?? "";
        var step = new ExportStep(context, events);
        if (OperatorWriters.Write(step) is { } result)
        {
            context.Bind(first.Output, result);
            return;
        }
        if (same[0].Parts.Length > 0)
        {
            Write([.. same.Select(traced => (IReadOnlyList<TracedStep>)traced.Parts)]);
            if (context.Knows(first.Output)) return;
            if (context.Failures.TryGetValue(first.Output, out var failure)) throw failure;
            if (context.Failures.Count > 0 && same[0].Parts.LastOrDefault() is { } last
                && context.Failures.TryGetValue(last.Event.Output, out failure))
                throw failure;
        }
        throw ExportContext.Error(first, "has no counterpart in ONNX that could be written, and is not made of operators that have one");
    }
}
