namespace DeepNet.Onnx.Tests.Import;

/// <summary>
/// Runs a folder of the standard's own test cases: each a model, its inputs and its expected outputs.
/// </summary>
internal sealed class NodeTestSuite
{
    // The standard's tolerances.
    private const double Relative = 1e-3, Absolute = 1e-6;

    public List<string> Passed { get; } = [];
    public List<(string Name, string Why)> Refused { get; } = [];
    public List<(string Name, string Why)> Wrong { get; } = [];

    /// <summary>Cases whose expected outputs are random numbers: only their shapes and types are compared.</summary>
    public List<string> Random { get; } = [];

    public NodeTestSuite(string folder)
    {
        foreach (string test in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)) RunCase(test);
    }

    private void RunCase(string folder)
    {
        string name = Path.GetFileName(folder);
        OnnxModel model;
        try
        {
            model = OnnxModel.Load(Path.Combine(folder, "model.onnx"));
        }
        catch (NotSupportedException e)
        {
            Refused.Add((name, e.Message));
            return;
        }
        catch (FileNotFoundException)
        {
            return;
        }
        catch (Exception e)
        {
            Wrong.Add((name, e.ToString()));
            return;
        }
        bool isRandom = name.StartsWith("test_bernoulli", StringComparison.Ordinal)
            || (name.StartsWith("test_training_dropout", StringComparison.Ordinal)
                && !name.Contains("zero_ratio", StringComparison.Ordinal));
        try
        {
            foreach (string set in Directory.EnumerateDirectories(folder, "test_data_set_*"))
                if (Compare(model, set, isRandom) is { } difference)
                {
                    Wrong.Add((name, difference));
                    return;
                }
            (isRandom ? Random : Passed).Add(name);
        }
        catch (ArgumentException e) when (e.InnerException is NotSupportedException)
        {
            Refused.Add((name, e.Message));
        }
        catch (NotSupportedException e)
        {
            Refused.Add((name, e.Message));
        }
        catch (Exception e)
        {
            Wrong.Add((name, e.ToString()));
        }
    }

    private static string? Compare(OnnxModel model, string set, bool isRandom)
    {
        var inputs = new Dictionary<string, Tensor>();
        for (int i = 0; i < model.Inputs.Count; i++) inputs[model.Inputs[i].Name] = Load(set, $"input_{i}.pb", model.Inputs[i].DType);
        var outputs = model.Run(inputs).Values.ToList();
        for (int i = 0; i < outputs.Count; i++)
        {
            Tensor expected = Load(set, $"output_{i}.pb", model.Outputs[i].DType), got = outputs[i];
            if (got.DType != expected.DType) return $"output {i} is {got.DType}, not {expected.DType}";
            if (!got.Shape.Equals(expected.Shape)) return $"output {i} has the shape {got.Shape}, not {expected.Shape}";
            if (isRandom) continue;
            // The data of bfloat16 were made by cutting bits off; the standard has since said that they are rounded.
            double relative = expected.DType == DType.BFloat16 ? 1.0 / 128 : Relative;
            double[] a = got.ToArray<double>(), b = expected.ToArray<double>();
            for (int k = 0; k < a.Length; k++)
                if (a[k] != b[k] && !(double.IsNaN(a[k]) && double.IsNaN(b[k]))
                    && !(Math.Abs(a[k] - b[k]) <= Absolute + relative * Math.Abs(b[k])))
                    return $"output {i} has {a[k]} at {k}, not {b[k]}";
        }
        return null;
    }

    private static Tensor Load(string set, string file, DType dtype)
    {
        string path = Path.Combine(set, file);
        var proto = TensorProto.Read(new WireReader(File.ReadAllBytes(path), path));
        // The data hold numbers of bfloat16 as integers with these bits.
        if (dtype == DType.BFloat16 && proto.Type == ElementType.UInt16) proto.Type = ElementType.BFloat16;
        return TensorData.Load(proto, path, null, OnnxLimits.Default);
    }
}
