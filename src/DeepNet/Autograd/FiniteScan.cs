using System.Numerics.Tensors;

namespace DeepNet;

/// <summary>Looks through a tensor for NaN and infinities.</summary>
internal static class FiniteScan
{
    private const int Chunk = 1 << 20;

    /// <summary>True if every element is finite; always so for integers.</summary>
    public static bool IsClean(Tensor tensor)
    {
        if (!tensor.DType.IsFloating()) return true;
        using (GradSwitch.Off())
        {
            var dense = Reachable(tensor);
            bool isClean = dense.DType == DType.Float64 ? Scan<double>(dense, out _, isExact: false)
                : Scan<float>(dense, out _, isExact: false);
            if (!ReferenceEquals(dense.Storage, tensor.Storage)) dense.Dispose();
            return isClean;
        }
    }

    /// <summary>Describes how many of the elements are NaN or infinite.</summary>
    public static string Describe(Tensor tensor)
    {
        using (GradSwitch.Off())
        {
            var dense = Reachable(tensor);
            (long NaN, long Infinite) bad;
            _ = dense.DType == DType.Float64 ? Scan<double>(dense, out bad, isExact: true) : Scan<float>(dense, out bad, isExact: true);
            return $"{bad.NaN} NaN and {bad.Infinite} infinite of {tensor.Count} values";
        }
    }

    // Dense, on the processor, and of a type that vectors hold; as a rule that is the tensor itself.
    private static Tensor Reachable(Tensor tensor)
    {
        var x = Local(tensor.Detach());
        return (x.DType.IsHalf() ? x.To(DType.Float32) : x).Contiguous();
    }

    // Not by Tensor.To, which is an operator, and would be looked at itself.
    private static unsafe Tensor Local(Tensor x)
    {
        if (x.Device.Kind == DeviceKind.Cpu) return x;
        var dense = x.Contiguous();
        var local = Tensor.Allocate(x.Shape, x.DType, Device.Cpu);
        dense.Download(local.RawPointer);
        return local;
    }

    private static unsafe bool Scan<T>(Tensor dense, out (long NaN, long Infinite) bad, bool isExact)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bad = default;
        bool isClean = true;
        T* elements = dense.Pointer<T>();
        for (nint at = 0; at < dense.Count; at += Chunk)
        {
            var part = new ReadOnlySpan<T>(elements + at, (int)Math.Min(Chunk, dense.Count - at));
            if (TensorPrimitives.IsFiniteAll(part)) continue;
            isClean = false;
            if (!isExact) break;
            foreach (var value in part)
            {
                if (T.IsNaN(value)) bad.NaN++;
                else if (T.IsInfinity(value)) bad.Infinite++;
            }
        }
        dense.EndRead("anomaly");
        return isClean;
    }
}
