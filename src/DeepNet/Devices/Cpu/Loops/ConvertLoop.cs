using System.Numerics.Tensors;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Conversion between element types: to bool by "is not zero", to integers towards zero with saturation (NaN becomes 0), to
/// floating types by rounding to nearest.
/// </summary>
internal static unsafe class ConvertLoop
{
    private const nint Grain = 1 << 15;

    public static void Run(DType fromType, byte* from, DType toType, byte* to, nint n)
    {
        if (fromType == DType.Float32 && toType == DType.Float16 && n <= int.MaxValue)
            TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(from, (int)n), new Span<Half>(to, (int)n));
        else if (fromType == DType.Float16 && toType == DType.Float32 && n <= int.MaxValue)
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(from, (int)n), new Span<float>(to, (int)n));
        else
            From(fromType, from, toType, to, n);
    }

    private static void From(DType fromType, byte* from, DType toType, byte* to, nint n)
    {
        switch (fromType)
        {
            case DType.Bool: To<BoolElement, byte>(from, toType, to, n); break;
            case DType.UInt8: To<UInt8Element, byte>(from, toType, to, n); break;
            case DType.Int8: To<Int8Element, sbyte>((sbyte*)from, toType, to, n); break;
            case DType.Int32: To<Int32Element, int>((int*)from, toType, to, n); break;
            case DType.Int64: To<Int64Element, long>((long*)from, toType, to, n); break;
            case DType.Float16: To<HalfElement, Half>((Half*)from, toType, to, n); break;
            case DType.BFloat16: To<BFloat16Element, BFloat16>((BFloat16*)from, toType, to, n); break;
            case DType.Float32: To<SingleElement, float>((float*)from, toType, to, n); break;
            default: To<DoubleElement, double>((double*)from, toType, to, n); break;
        }
    }

    private static void To<TFrom, T>(T* from, DType toType, byte* to, nint n) where TFrom : unmanaged, IElement<T> where T : unmanaged
    {
        switch (toType)
        {
            case DType.Bool: Start<TFrom, T, BoolElement, byte>(from, to, n); break;
            case DType.UInt8: Start<TFrom, T, UInt8Element, byte>(from, to, n); break;
            case DType.Int8: Start<TFrom, T, Int8Element, sbyte>(from, (sbyte*)to, n); break;
            case DType.Int32: Start<TFrom, T, Int32Element, int>(from, (int*)to, n); break;
            case DType.Int64: Start<TFrom, T, Int64Element, long>(from, (long*)to, n); break;
            case DType.Float16: Start<TFrom, T, HalfElement, Half>(from, (Half*)to, n); break;
            case DType.BFloat16: Start<TFrom, T, BFloat16Element, BFloat16>(from, (BFloat16*)to, n); break;
            case DType.Float32: Start<TFrom, T, SingleElement, float>(from, (float*)to, n); break;
            default: Start<TFrom, T, DoubleElement, double>(from, (double*)to, n); break;
        }
    }

    private static void Start<TFrom, T, TTo, U>(T* from, U* to, nint n)
        where TFrom : unmanaged, IElement<T> where T : unmanaged where TTo : unmanaged, IElement<U> where U : unmanaged
    {
        var body = new Body<TFrom, T, TTo, U> { Source = from, Target = to };
        WorkerPool.For(n, Grain, ref body);
    }

    private struct Body<TFrom, T, TTo, U> : IParallelBody
        where TFrom : unmanaged, IElement<T> where T : unmanaged where TTo : unmanaged, IElement<U> where U : unmanaged
    {
        public T* Source;
        public U* Target;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            from += VectorConvert.Run(Source + from, Target + from, to - from);
            T* source = Source;
            U* target = Target;
            // Integers go through long, so that none of their 64 bits is lost; everything else through double.
            if (TFrom.IsWhole)
                for (nint i = from; i < to; i++) target[i] = TTo.From(TFrom.ToInt64(source[i]));
            else
                for (nint i = from; i < to; i++) target[i] = TTo.From(TFrom.ToDouble(source[i]));
        }
    }
}
