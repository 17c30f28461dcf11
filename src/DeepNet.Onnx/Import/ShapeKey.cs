namespace DeepNet.Onnx;

/// <summary>The shapes of a run's inputs.</summary>
internal sealed record ShapeKey(string Text)
{
    public static ShapeKey Of(IEnumerable<Tensor?> inputs, bool isTraining)
        => new($"{(isTraining ? "t" : "e")} {string.Join(';', inputs.Select(input => input?.Shape.ToString()))}");
}
