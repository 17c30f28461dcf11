namespace DeepNet.Onnx;

/// <summary>Constants, and graphs inside of graphs.</summary>
internal static class Control
{
    public static void AddTo(OperatorTable table)
    {
        table.One("Constant", Constant, (node, _) => WhyNotConstant(node));
        table.Many("If", call => call.Run(call[0].ToArray<bool>()[0] ? "then_branch" : "else_branch"));
        table.Many("Loop", Loop);
        table.Many("Scan", Scan, (_, version) => version < 9 ? "of version 8, which has axes of batches" : null);
    }

    private static readonly string[] readable = ["value", "value_float", "value_floats", "value_int", "value_ints"];

    private static string? WhyNotConstant(NodeProto node)
        => node.Attributes.Find(attribute => !readable.Contains(attribute.Name)) is { } other ? $"with '{other.Name}'"
            : node.Attributes.Find(attribute => attribute.Name == "value")?.Tensor is { } tensor
                && !ElementTypes.TryGet(tensor.Type, out _, out _) ? $"of {ElementTypes.NameOf(tensor.Type)}" : null;

    private static Tensor Constant(Call call)
    {
        if (call.Step.Attribute("value")?.Tensor is { } proto) return TensorData.Load(proto, "a Constant", null, OnnxLimits.Default);
        if (call.Step.Attribute("value_float") is { } number) return Tensor.FromScalar(number.Float, DType.Float32);
        if (call.Step.Attribute("value_floats") is { } numbers) return Tensor.From<float>(numbers.Floats.ToArray());
        if (call.Step.Attribute("value_int") is { } integer) return Tensor.FromScalar(integer.Int, DType.Int64);
        if (call.Step.Attribute("value_ints") is { } integers) return Tensor.From<long>(integers.Ints.ToArray());
        throw new ArgumentException("a Constant has no value.");
    }

    // What the body puts out behind the values that it carries on is stacked, one for each time.
    private static Tensor?[] Loop(Call call)
    {
        var body = call.Graph("body");
        long most = call.Optional(0) is { } count ? call[0].ToArray<long>()[0] : long.MaxValue;
        bool goesOn = call.Optional(1) is not { } first || first.ToArray<bool>()[0];
        int carried = call.Count - 2;
        var values = call.All[2..];
        var gathered = new List<Tensor>[Math.Max(body.Outputs.Length - 1 - carried, 0)];
        for (int i = 0; i < gathered.Length; i++) gathered[i] = [];
        var frame = call.Context.Frame;
        for (long i = 0; i < most && goesOn; i++)
        {
            frame[body.Inputs[0]] = Tensor.FromScalar(i, DType.Int64);
            frame[body.Inputs[1]] = Tensor.FromScalar(true, DType.Bool);
            for (int j = 0; j < carried; j++) frame[body.Inputs[2 + j]] = values[j];
            var results = call.Run("body");
            goesOn = results[0]!.ToArray<bool>()[0];
            values = results[1..(1 + carried)];
            for (int j = 0; j < gathered.Length; j++) gathered[j].Add(results[1 + carried + j]!);
            call.Made([(int)Math.Min(i * gathered.Length, int.MaxValue)]);
        }
        if (gathered.Any(list => list.Count == 0)) throw new NotSupportedException("a loop that never ran has nothing to stack.");
        return [.. values, .. gathered.Select(list => Tensor.Stack([.. list]))];
    }

    private static Tensor?[] Scan(Call call)
    {
        var body = call.Graph("body");
        int scans = (int)call.Int("num_scan_inputs", 1), carried = call.Count - scans, outputs = body.Outputs.Length - carried;
        if (scans < 1 || carried < 0 || outputs < 0) throw new ArgumentException($"{scans} scanned inputs do not fit {call.Count}.");
        int[] inputAxes = call.Ints("scan_input_axes") ?? new int[scans], outputAxes = call.Ints("scan_output_axes") ?? new int[outputs];
        int[] inputBack = call.Ints("scan_input_directions") ?? new int[scans],
            outputBack = call.Ints("scan_output_directions") ?? new int[outputs];
        var values = call.All[..carried];
        int steps = call[carried].Shape[Call.Wrap(inputAxes[0], call[carried].Rank)];
        var gathered = new Tensor[outputs][];
        for (int i = 0; i < outputs; i++) gathered[i] = new Tensor[steps];
        var frame = call.Context.Frame;
        for (int t = 0; t < steps; t++)
        {
            for (int i = 0; i < carried; i++) frame[body.Inputs[i]] = values[i];
            for (int i = 0; i < scans; i++)
                frame[body.Inputs[carried + i]] = call[carried + i].Select(inputAxes[i], inputBack[i] == 0 ? t : steps - 1 - t);
            var results = call.Run("body");
            values = results[..carried];
            for (int i = 0; i < outputs; i++) gathered[i][outputBack[i] == 0 ? t : steps - 1 - t] = results[carried + i]!;
        }
        return [.. values, .. gathered.Select((parts, i) => Tensor.Stack(parts, outputAxes[i]))];
    }
}
