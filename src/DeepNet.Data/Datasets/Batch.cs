namespace DeepNet.Data;

/// <summary>
/// Several examples, one after the other along the first axis of both tensors. <c>foreach (var (x, y) in loader)</c> takes it apart.
/// </summary>
/// <param name="X">The input of the model.</param>
/// <param name="Y">The target.</param>
public readonly record struct Batch(Tensor X, Tensor Y) : IBatch<Batch>
{
    /// <summary>Gets the number of examples.</summary>
    public int Count => X.Shape[0];

    /// <summary>Both tensors on a device.</summary>
    public Batch To(Device device) => new(X.To(device), Y.To(device));

    /// <summary>Both tensors, changed by a function.</summary>
    public Batch Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(change(X), change(Y));
    }
}
