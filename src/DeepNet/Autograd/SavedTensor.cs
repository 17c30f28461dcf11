namespace DeepNet;

/// <summary>A tensor that a derivative will read, and the version it had; reading it after an in-place change is an error.</summary>
internal struct SavedTensor
{
    private Tensor? tensor;
    private int version;

    public SavedTensor(Tensor tensor)
    {
        this.tensor = tensor;
        version = tensor.Storage.Version;
    }

    public readonly bool IsSet => tensor is not null;

    /// <summary>The tensor, or null if it was not saved.</summary>
    public readonly Tensor? Get(string op)
    {
        if (tensor is not null && tensor.Storage.Version != version) throw Changed(op);
        return tensor;
    }

    /// <summary>The tensor, which was saved.</summary>
    public readonly Tensor Require(string op)
        => Get(op) ?? throw new InvalidOperationException($"[{op}] a value that the derivative needs was not saved, or was freed by an earlier Backward.");

    public void Clear() => tensor = null;

    private readonly InvalidOperationException Changed(string op) => new(
        $"[{op}] a tensor of shape {tensor!.Shape} that Backward needs was changed in place after {op} used it "
        + $"(version {tensor.Storage.Version}, {version} was saved). Use an operation that makes a new tensor, or change a Clone().");
}
