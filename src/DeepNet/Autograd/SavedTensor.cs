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
        if (version < 0) throw Leased(tensor);
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
        => Get(op) ?? throw new InvalidOperationException(
        $"[{op}] a value that the derivative needs was not saved, or was freed by an earlier Backward.");

    /// <inheritdoc cref="Devices.Storage.NeedsLook"/>
    public readonly bool NeedsLook
    {
        [MethodImpl(AggressiveInlining)]
        get => tensor is { } t && t.Storage.NeedsLook;
    }

    /// <inheritdoc cref="Devices.Storage.EndRead"/>
    [MethodImpl(AggressiveInlining)]
    public readonly void EndRead(Node node)
    {
        if (tensor is { } t && t.Storage.NeedsLook) t.EndRead(node.Name);
    }

    public void Clear() => tensor = null;

    private static InvalidOperationException Leased(Tensor tensor) => new(
        $"[lease] a {tensor.DType.Name()} tensor of shape {tensor.Shape} that Backward will need is leased for writing: what is written "
            + "from now on would "
        + "make the gradient wrong. Dispose of the lease before the tensor is used, or give a Clone().");

    private readonly InvalidOperationException Changed(string op) => new(
        $"[{op}] a tensor of shape {tensor!.Shape} that Backward needs was changed in place after {op} used it "
        + (tensor.Storage.Version < 0 ? "(it is leased for writing). " : $"(version {tensor.Storage.Version}, {version} was saved). ")
        + "Use an operation that makes a new tensor, or change a Clone().");
}
