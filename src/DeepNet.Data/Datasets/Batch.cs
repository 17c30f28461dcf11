namespace DeepNet.Data;

/// <summary>
/// Several examples, one after the other along the first axis of both tensors. <c>foreach (var (x, y) in loader)</c> takes it apart.
/// </summary>
/// <param name="X">What a model sees.</param>
/// <param name="Y">What it should say.</param>
public readonly record struct Batch(Tensor X, Tensor Y)
{
    /// <summary>How many examples there are.</summary>
    public int Count => X.Shape[0];

    /// <summary>Both tensors on a device.</summary>
    public Batch To(Device device) => new(X.To(device), Y.To(device));
}
