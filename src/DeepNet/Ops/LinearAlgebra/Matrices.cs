using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

/// <summary>Provides what operators on batches of matrices (the last two axes) share: checks, places and parts of results.</summary>
internal static class Matrices
{
    /// <summary>A matrix or a batch of them as float32 or float64: integers and half types become float32.</summary>
    public static Tensor Any(string op, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank < 2)
            throw new ArgumentException(
                $"[{op}] a tensor of shape {x.Shape} is not a matrix or a batch of them: it needs two axes. Unsqueeze it to make a row or "
                + "a column.");
        return x.To(DTypes.ComputeFloating(x.DType));
    }

    /// <summary>The same for what only square matrices have.</summary>
    public static Tensor Square(string op, Tensor x)
    {
        x = Any(op, x);
        if (x.Shape[^2] != x.Shape[^1])
            throw new ArgumentException(
                $"[{op}] matrices of shape {x.Shape} have {x.Shape[^2]} rows and {x.Shape[^1]} columns; they must be square.");
        return x;
    }

    /// <summary>
    /// A square matrix and a right-hand side of equal type, repeated along the leading axes that only the matrix has; a vector stays one.
    /// </summary>
    public static (Tensor A, Tensor B) System(string op, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        a = Square(op, a);
        if (!ReferenceEquals(a.Device, b.Device)) throw Elementwise.DifferentDevices(op, a, b);
        var dtype = DTypes.ComputeFloating(DTypes.Promote(a.DType, b.DType));
        (a, b) = (a.To(dtype), b.To(dtype));
        if (b.Rank == 0 || b.Shape[b.Rank == 1 ? ^1 : ^2] != a.Shape[^1])
            throw new ArgumentException(
                $"[{op}] matrices of shape {a.Shape} and right-hand sides of shape {b.Shape}: these must be vectors of "
                + $"{a.Shape[^1]} numbers, or matrices of {a.Shape[^1]} rows. A batch of vectors is b.Unsqueeze(-1).");
        if (b.Rank == 1) b = b.Unsqueeze(-1);
        var batch = Axis.Broadcast(op, Batch(a.Shape), Batch(b.Shape));
        return (a, b.Expand(Of(batch, b.Shape[^2], b.Shape[^1])));
    }

    /// <summary>The axes before the matrices.</summary>
    public static Shape Batch(Shape shape) => new(shape.Axes[..^2]);

    /// <summary>The shape of a batch with other axes behind.</summary>
    public static Shape Of(Shape batch, params ReadOnlySpan<int> last) => new([.. batch.Axes, .. last]);

    /// <summary>The elements in the processor's memory, dense; itself if they are there.</summary>
    public static Tensor OnHost(Tensor x)
    {
        RefuseRecording();
        return x.To(Device.Cpu).Contiguous();
    }

    private static void RefuseRecording()
    {
        if (Listener.IsOn) Listener.RefuseAll("linalg", "factors a matrix, which the processor does beside the kernels");
    }

    /// <summary>A copy of the elements in the processor's memory, dense, that may be written over.</summary>
    public static Tensor CopyOnHost(Tensor x)
    {
        RefuseRecording();
        var dense = x.To(Device.Cpu);
        return ReferenceEquals(dense.Storage, x.Storage) ? dense.CopyDense() : dense;
    }

    /// <summary>The unit matrix of the type and on the device of another tensor.</summary>
    public static Tensor Identity(Tensor like, int n) => Tensor.Eye(n, dtype: like.DType, device: like.Device);

    /// <summary>True on the diagonal of a square.</summary>
    public static Tensor OnDiagonal(Tensor like, int n) => Identity(like, n) > 0;

    /// <summary>
    /// Where in the batch of one tensor the matrix is that broadcasting brings to each place of another batch; null if it is the same
    /// place.
    /// </summary>
    public static nint[]? Places(Shape from, Shape to)
    {
        Shape batch = Batch(from), joint = Batch(to);
        if (batch.Equals(joint)) return null;
        var places = new nint[joint.Count];
        for (nint i = 0; i < places.Length; i++)
        {
            nint rest = i;
            for (int back = 1; back <= joint.Rank; back++)
            {
                if (back <= batch.Rank && batch[^back] != 1) places[i] += rest % joint[^back] * batch.RowMajor[^back];
                rest /= joint[^back];
            }
        }
        return places;
    }

    /// <summary>A matrix of a batch in words.</summary>
    public static string Name(Shape shape, nint matrix)
        => shape.Rank == 2 ? $"the matrix of shape {shape}"
            : $"matrix {IndexCheck.Position(Batch(shape), matrix)} of the batch of shape {shape}";

    /// <summary>The error for a matrix whose singular values or eigenvalues were not found.</summary>
    public static ArithmeticException NotFound(string op, Shape shape, CpuDevice.Failure failure)
        => new($"[{op}] {Name(shape, failure.Matrix)} " + ((LinearFailure)failure.Code == LinearFailure.NotFinite
            ? "has an element that is NaN or infinite. Anomaly.Detect() names the operator that made it."
            : "defeated the iteration, which did not converge."));

    /// <summary>
    /// A part of a result that has several, which lie one after the other along its last axis: rows and columns from a place on. A view, so
    /// that gradients of all parts meet in that of the whole.
    /// </summary>
    public static Tensor Part(Tensor packed, int start, int rows, int columns)
        => packed.Narrow(-1, start, rows * columns).Unflatten(-1, rows, columns);

    /// <summary>x / y, and 0 where both are zero: there is no gradient to pass on, whatever its factor.</summary>
    public static Tensor Ratio(Tensor x, Tensor y)
        => x / Tensor.Where(x.Detach().Equal(0) & y.Detach().Equal(0), Tensor.OnesLike(y), y);

    /// <summary>(x + xᵀ) / 2.</summary>
    public static Tensor Symmetric(Tensor x) => (x + x.T) * 0.5;
}
