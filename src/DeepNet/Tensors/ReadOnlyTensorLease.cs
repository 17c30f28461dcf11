using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace DeepNet;

/// <summary>
/// The memory of a tensor for reading, without a copy, until the end of the <c>using</c> that holds the lease; see
/// <see cref="Tensor.LeaseReadOnly{T}"/>.
/// </summary>
/// <typeparam name="T">The C# type of the elements.</typeparam>
/// <remarks>The remarks at <see cref="TensorLease{T}"/> hold here too.</remarks>
public readonly ref struct ReadOnlyTensorLease<T> : IDisposable where T : unmanaged
{
    private readonly OpenLease? lease;

    internal ReadOnlyTensorLease(OpenLease lease) => this.lease = lease;

    /// <inheritdoc cref="TensorLease{T}.Span"/>
    [UnscopedRef]
    public unsafe ReadOnlySpan<T> Span => new((void*)OpenLease.Of(lease).Dense<T>(out int count), count);

    /// <inheritdoc cref="TensorLease{T}.TensorSpan"/>
    [UnscopedRef]
    public unsafe ReadOnlyTensorSpan<T> TensorSpan
        => new((T*)OpenLease.Of(lease).Strided(out var lengths, out var steps, out nint extent), extent, lengths, steps);

    void IDisposable.Dispose() => lease?.Close();
}
