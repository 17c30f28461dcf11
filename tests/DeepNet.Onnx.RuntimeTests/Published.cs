using System.Diagnostics;

namespace DeepNet.Onnx.RuntimeTests;

/// <summary>A published model, in both: the largest difference of its outputs, and the least time of many alternating runs.</summary>
internal static class Published
{
    public static int Compare(string path, string[] lengths)
    {
        var given = lengths.Select(text => text.Split('=')).ToDictionary(
            pair => pair[0], pair => pair[1].Split('x').Select(int.Parse).ToArray());
        byte[] file = File.ReadAllBytes(path);
        var watch = Stopwatch.StartNew();
        var model = OnnxModel.Load(path);
        Console.WriteLine(
            $"loaded in {watch.ElapsedMilliseconds} ms; {model.ParameterCount:N0} parameters; "
            + $"{string.Join(", ", model.Inputs)} → {string.Join(", ", model.Outputs)}");
        using var runtime = new Runtime(file);
        var random = new Generator(1);
        var inputs = model.Inputs.ToDictionary(input => input.Name, input => Make(input, given, random));
        using var noGrad = Autograd.NoGrad();
        var expected = runtime.Run(inputs);
        var got = model.Run(inputs).Values.ToList();
        double worst = expected.Zip(got).Max(pair => Exported.Distance(pair.First, pair.Second));
        Console.WriteLine($"largest difference {worst:G3}");
        double ours = double.MaxValue, theirs = double.MaxValue;
        for (int i = 0; i < 40; i++)
        {
            theirs = Math.Min(theirs, Time(() => runtime.Run(inputs)));
            ours = Math.Min(ours, Time(() =>
            {
                using var scope = Memory.Scope();
                model.Run(inputs);
            }));
        }
        var profile = new Profile();
        using (DeepNet.Tracing.Recording.Begin(profile))
            for (int i = 0; i < 5; i++) model.Run(inputs);
        profile.Print(5);
        Console.WriteLine($"least times: {ours:F2} ms here, {theirs:F2} ms ONNX Runtime, ratio {ours / theirs:F2}");
        return worst <= 1e-4 ? 0 : 1;
    }

    // What is given is the length of an axis by its name, the shape of an input as 1x512, or the value of an input without axes.
    private static Tensor Make(OnnxValue input, Dictionary<string, int[]> given, Generator random)
    {
        var own = given.GetValueOrDefault(input.Name);
        if (own is not null && input.Shape!.Count == 0) return Tensor.FromScalar(own[0], input.DType);
        var shape = new Shape([.. input.Shape!.Select((d, axis) => d.Length is { } length and > 0 ? length
            : own is not null ? own[axis] : given.TryGetValue(d.Symbol ?? "?", out int[]? lengths) ? lengths[0] : 1)]);
        if (input.DType.IsFloating()) return Tensor.Normal(shape, 0, 1, input.DType, generator: random);
        // Of token numbers and masks, ones are valid as both.
        return input.Name.Contains("id", StringComparison.Ordinal) && !input.Name.Contains("type", StringComparison.Ordinal)
            ? Tensor.RandInt(1, 1000, shape, input.DType, generator: random) : Tensor.Ones(shape, input.DType);
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
