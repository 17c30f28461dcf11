namespace DeepNet;

/// <summary>
/// The place of a tensor's elements in its storage, and the tensor that it is a view of. A tensor that fills its storage in row-major
/// order and is no view has none: most are that, and a field costs every one of them.
/// </summary>
internal sealed class Placement(nint[] strides, nint offset)
{
    public readonly nint[] Strides = strides;
    public readonly nint Offset = offset;

    /// <summary>The tensor that this is a view of, itself no view; null for one that has a history of its own.</summary>
    public Tensor? ViewOf;
}
