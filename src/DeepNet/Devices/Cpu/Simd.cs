using System.Numerics;
using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>Work on floating-point elements that is compiled for the number type that <see cref="Simd"/> chooses.</summary>
internal interface ISimdBody
{
    /// <summary>Runs the work.</summary>
    /// <typeparam name="V">The number that formulas run on.</typeparam>
    /// <typeparam name="T">The element type in memory: float or double.</typeparam>
    void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Work on elements of any type but the half types, integers and bool included.</summary>
internal interface INumberBody
{
    /// <summary>Runs the work.</summary>
    /// <typeparam name="V">The number that formulas run on.</typeparam>
    /// <typeparam name="T">The element type in memory.</typeparam>
    void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged;
}

/// <summary>Chooses the width of vectors and the element type: the one place that knows which numbers there are.</summary>
/// <remarks>
/// A body is a struct that holds the operands and is passed by reference. Calls through the constraint are direct, so a choice costs
/// the comparison of the element type and nothing else: the questions about the hardware are constants to the JIT.
/// </remarks>
internal static class Simd
{
    /// <summary>Runs a body on floats or doubles.</summary>
    /// <param name="dtype"><see cref="DType.Float64"/> for doubles; any other type runs on floats, which half types are widened to.</param>
    /// <param name="body">The body.</param>
    [MethodImpl(AggressiveInlining)]
    public static void Run<TBody>(DType dtype, ref TBody body) where TBody : struct, ISimdBody, allows ref struct
    {
        if (dtype == DType.Float64)
        {
            if (Vector256.IsHardwareAccelerated) body.Run<D256, double>();
            else body.Run<F64, double>();
        }
        else if (Vector512.IsHardwareAccelerated) body.Run<W512, float>();
        else if (Vector256.IsHardwareAccelerated) body.Run<W256, float>();
        else body.Run<W128, float>();
    }

    /// <summary>Runs a body on elements of any type but the half types.</summary>
    /// <returns>Whether there are numbers of this element type.</returns>
    [MethodImpl(AggressiveInlining)]
    public static bool TryRun<TBody>(DType dtype, ref TBody body) where TBody : struct, INumberBody, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32:
                if (Vector512.IsHardwareAccelerated) body.Run<W512, float>();
                else if (Vector256.IsHardwareAccelerated) body.Run<W256, float>();
                else body.Run<W128, float>();
                return true;
            case DType.Float64:
                if (Vector256.IsHardwareAccelerated) body.Run<D256, double>();
                else body.Run<F64, double>();
                return true;
            case DType.Int32:
                body.Run<Whole<int>, int>();
                return true;
            case DType.Int64:
                body.Run<Whole<long>, long>();
                return true;
            case DType.Bool:
                body.Run<Whole<byte>, byte>();
                return true;
            default:
                return false;
        }
    }
}
