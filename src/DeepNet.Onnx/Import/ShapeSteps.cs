namespace DeepNet.Onnx;

/// <summary>
/// Finds the steps whose results follow from the shapes of the inputs: they read shapes and constants alone. There are none where an
/// operator's result has a shape that depends on its input's elements.
/// </summary>
internal static class ShapeSteps
{
    /// <summary>The operands of operators that are a shape, or part of one.</summary>
    private static bool SaysShape(string op, int input) => op switch
    {
        "Reshape" or "Expand" or "Tile" or "ConstantOfShape" or "Split" or "Squeeze" or "Unsqueeze" or "TopK" or "Upsample"
            => input > 0 || op == "ConstantOfShape",
        "Slice" or "Pad" or "Resize" or "Range" or "OneHot" => input > 0 || op == "Range",
        _ => false,
    };

    private static bool HasOpenShape(string op)
        => op is "NonZero" or "Compress" or "Unique" or "If" or "Loop" or "Scan" or "MaxUnpool" or "AffineGrid"
            or "NonMaxSuppression" or "DFT" or "STFT" or "MelWeightMatrix" or "HannWindow" or "HammingWindow" or "BlackmanWindow";

    public static HashSet<Step> Of(Plan plan, Tensor?[] constants, IEnumerable<int> weights)
    {
        var known = new HashSet<int>();
        for (int i = 0; i < constants.Length; i++) if (constants[i] is not null) known.Add(i);
        var steps = new HashSet<Step>();
        foreach (var step in plan.Steps)
        {
            if (HasOpenShape(step.Name)) return [];
            bool follows = step.Name is "Shape" or "Size" || Array.TrueForAll(step.Inputs, place => place < 0 || known.Contains(place));
            if (OperatorTable.IsRandom(step.Name)) follows = false;
            if (follows)
            {
                steps.Add(step);
                foreach (int place in step.Outputs) known.Add(place);
            }
            for (int i = 0; i < step.Inputs.Length; i++)
                if (SaysShape(step.Name, i) && step.Inputs[i] >= 0 && !known.Contains(step.Inputs[i])) return [];
        }
        return steps;
    }
}
