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

/// <summary>Work on vectors of floats or doubles that needs more of them than numbers give: matrix products and convolutions.</summary>
internal interface ILanesBody
{
    /// <summary>Runs the work.</summary>
    /// <typeparam name="TLanes">The instructions.</typeparam>
    /// <typeparam name="TVector">The hardware vector.</typeparam>
    /// <typeparam name="T">The element type: float or double.</typeparam>
    void Run<TLanes, TVector, T>()
        where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Chooses the width of vectors and the element type: the one place that knows which numbers there are.</summary>
/// <remarks>
/// A body is a struct that holds the operands and is passed by reference. Calls through the constraint are direct, so a choice costs
/// the comparison of the element type and nothing else: the questions about the hardware are constants to the JIT. Tensors that a body
/// holds are kept alive until it has run, so that it may work on their pointers.
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
        KeepAlive(ref body);
    }

    /// <summary>Runs a body on elements of any type but the half types.</summary>
    /// <exception cref="NotSupportedException">There are no numbers of this element type.</exception>
    [MethodImpl(AggressiveInlining)]
    public static void RunAny<TBody>(string op, DType dtype, ref TBody body) where TBody : struct, INumberBody, allows ref struct
    {
        if (dtype == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) body.Run<W512, float>();
            else if (Vector256.IsHardwareAccelerated) body.Run<W256, float>();
            else body.Run<W128, float>();
            KeepAlive(ref body);
        }
        else
        {
            RunOther(op, dtype, ref body);
        }
    }

    // A method of its own: the JIT compiles a kernel for other types when the first of them comes, and floats pay for no table of types.
    [MethodImpl(NoInlining)]
    private static void RunOther<TBody>(string op, DType dtype, ref TBody body) where TBody : struct, INumberBody, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float64:
                if (Vector256.IsHardwareAccelerated) body.Run<D256, double>();
                else body.Run<F64, double>();
                break;
            case DType.Int32: body.Run<Whole<int>, int>(); break;
            case DType.Int64: body.Run<Whole<long>, long>(); break;
            case DType.Bool or DType.UInt8: body.Run<Whole<byte>, byte>(); break;
            case DType.Int8: body.Run<Whole<sbyte>, sbyte>(); break;
            default: throw CpuDevice.Unsupported(op, dtype);
        }
        KeepAlive(ref body);
    }

    /// <summary>Runs a body on the vectors of floats or doubles themselves.</summary>
    /// <inheritdoc cref="Run{TBody}(DType, ref TBody)"/>
    [MethodImpl(AggressiveInlining)]
    public static void RunLanes<TBody>(DType dtype, ref TBody body) where TBody : struct, ILanesBody, allows ref struct
    {
        if (dtype == DType.Float64)
        {
            if (Vector512.IsHardwareAccelerated) body.Run<Double512, Vector512<double>, double>();
            else if (Vector256.IsHardwareAccelerated) body.Run<Double256, Vector256<double>, double>();
            else body.Run<Double128, Vector128<double>, double>();
        }
        else if (Vector512.IsHardwareAccelerated) body.Run<Float512, Vector512<float>, float>();
        else if (Vector256.IsHardwareAccelerated) body.Run<Float256, Vector256<float>, float>();
        else body.Run<Float128, Vector128<float>, float>();
        KeepAlive(ref body);
    }

    /// <summary>Keeps alive up to this point what a struct holds, as <see cref="GC.KeepAlive"/> does an object.</summary>
    [MethodImpl(NoInlining)]
    private static void KeepAlive<TBody>(ref TBody body) where TBody : struct, allows ref struct
    {
    }
}
