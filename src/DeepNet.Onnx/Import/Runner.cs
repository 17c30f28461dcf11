namespace DeepNet.Onnx;

/// <summary>Runs the steps of a plan over the frame of a run.</summary>
internal static class Runner
{
    public static void Run(Plan plan, RunContext context)
    {
        foreach (var step in plan.Steps) Run(step, context);
    }

    private static void Run(Step step, RunContext context)
    {
        var frame = context.Frame;
        if (context.Shapes is { } shapes && shapes.TryGive(step, frame, context.Uses)) return;
        var inputs = new Tensor?[step.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int place = step.Inputs[i];
            inputs[i] = place < 0 ? null : frame[place];
        }
        Meet(inputs);
        Tensor?[] results;
        try
        {
            results = step.Body(new Call(step, inputs, context));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IndexOutOfRangeException or ArithmeticException
            or KeyNotFoundException or InvalidDataException)
        {
            throw new ArgumentException($"[onnx] {step.Title}: {e.Message}", e);
        }
        for (int i = 0; i < step.Outputs.Length; i++)
        {
            int place = step.Outputs[i];
            if (place < 0) continue;
            frame[place] = i < results.Length ? results[i] : null;
            context.Uses?.Add(frame[place]);
            if (frame[place] is null) throw new ArgumentException($"[onnx] {step.Title}: output {i} is one that is not computed here.");
        }
        context.Shapes?.Take(step, frame, context.Uses);
        foreach (int place in step.LastUses)
        {
            context.Uses?.Remove(frame[place]);
            frame[place] = null;
        }
    }

    // Shapes and small constants are made on the processor; where they meet tensors of another device, they follow.
    private static void Meet(Tensor?[] inputs)
    {
        Device? device = null;
        bool differ = false;
        foreach (var input in inputs)
        {
            if (input is null) continue;
            differ |= device is not null && !ReferenceEquals(device, input.Device);
            if (device is null || device.Kind == DeviceKind.Cpu) device = input.Device;
        }
        if (!differ) return;
        for (int i = 0; i < inputs.Length; i++) inputs[i] = inputs[i]?.To(device!);
    }
}
