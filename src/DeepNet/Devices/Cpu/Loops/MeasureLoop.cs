namespace DeepNet.Devices.Cpu;

/// <summary>A measure over one block of two dense rows: four partial results a lane, then all of them in double precision.</summary>
internal static unsafe class MeasureLoop
{
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static double Run<TMeasure, V, T>(T* a, T* b, nint n)
        where TMeasure : unmanaged, IMeasure<TMeasure>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        V r0 = V.Constant(0), r1 = r0, r2 = r0, r3 = r0;
        nint i = 0;
        for (; i <= n - 4 * V.Lanes; i += 4 * V.Lanes)
        {
            T* x = a + i, y = b + i;
            r0 = TMeasure.Combine(r0, TMeasure.Map(V.Load(x), V.Load(y)));
            r1 = TMeasure.Combine(r1, TMeasure.Map(V.Load(x + V.Lanes), V.Load(y + V.Lanes)));
            r2 = TMeasure.Combine(r2, TMeasure.Map(V.Load(x + 2 * V.Lanes), V.Load(y + 2 * V.Lanes)));
            r3 = TMeasure.Combine(r3, TMeasure.Map(V.Load(x + 3 * V.Lanes), V.Load(y + 3 * V.Lanes)));
        }
        for (; i <= n - V.Lanes; i += V.Lanes)
            r0 = TMeasure.Combine(r0, TMeasure.Map(V.Load(a + i), V.Load(b + i)));
        if (i < n) // the lanes behind the end are zeros, and a measure of zeros is neutral
            r1 = TMeasure.Combine(r1, TMeasure.Map(V.LoadPart(a + i, (int)(n - i)), V.LoadPart(b + i, (int)(n - i))));

        return Lanes<TMeasure, V, T>(TMeasure.Combine(TMeasure.Combine(r0, r1), TMeasure.Combine(r2, r3)));
    }

    private static double Lanes<TMeasure, V, T>(V v)
        where TMeasure : unmanaged, IMeasure<TMeasure>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        T* lanes = (T*)&v; // a vector is its lanes in order
        var result = new F64(ToDouble(lanes[0]));
        for (int i = 1; i < V.Lanes; i++)
            result = TMeasure.Combine(result, new F64(ToDouble(lanes[i])));
        return result.V;
    }

    private static double ToDouble<T>(T x) where T : unmanaged => typeof(T) == typeof(float) ? *(float*)&x : *(double*)&x;
}
