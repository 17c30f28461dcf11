namespace DeepNet.Nn;

/// <summary>Makes one axis of several; by default of all but the first.</summary>
/// <param name="start">The first of them.</param>
/// <param name="end">The last of them.</param>
public sealed class Flatten(int start = 1, int end = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Flatten(start, end);
}

/// <summary>Makes several axes of one: the opposite of <see cref="Flatten"/>.</summary>
/// <param name="axis">The axis.</param>
/// <param name="lengths">Their lengths; one may be −1.</param>
public sealed class Unflatten(int axis, params int[] lengths) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Unflatten(axis, lengths);
}

/// <summary>Gives its input on.</summary>
public sealed class Identity : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x;
}
