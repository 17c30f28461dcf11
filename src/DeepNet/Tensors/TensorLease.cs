using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;

namespace DeepNet;

/// <summary>
/// The memory of a tensor for reading and writing, without a copy, until the end of the <c>using</c> that holds the lease; see
/// <see cref="Tensor.Lease{T}"/>.
/// </summary>
/// <typeparam name="T">The C# type of the elements.</typeparam>
/// <remarks>
/// The spans are of the lease's own scope: the compiler accepts none of them outside of it, and <c>using</c> alone can end it. The
/// memory stays valid until then, whatever becomes of the tensor, and stays for ever if the lease is not disposed.
/// </remarks>
/// <example><code>
/// using (var pixels = image.Lease&lt;float>())
///     foreach (ref float pixel in pixels.Span) pixel /= 255;
/// </code></example>
public readonly ref struct TensorLease<T> : IDisposable where T : unmanaged
{
    private readonly OpenLease? lease;

    internal TensorLease(OpenLease lease) => this.lease = lease;

    /// <summary>Gets the elements of a dense tensor in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The elements do not lie densely in row-major order, or are more than a span can
    /// hold.</exception>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    [UnscopedRef]
    public unsafe Span<T> Span => new((void*)OpenLease.Of(lease).Dense<T>(out int count), count);

    /// <summary>Gets the elements in the tensor's shape and strides. A number appears as one axis of length 1.</summary>
    /// <exception cref="InvalidOperationException">A stride is negative.</exception>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    [UnscopedRef]
    public unsafe TensorSpan<T> TensorSpan
        => new((T*)OpenLease.Of(lease).Strided(out var lengths, out var steps, out nint extent), extent, lengths, steps);

    void IDisposable.Dispose() => lease?.Close();
}
