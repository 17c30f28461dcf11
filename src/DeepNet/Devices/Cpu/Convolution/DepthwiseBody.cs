using System.Numerics;
using System.Runtime.CompilerServices;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>The loops of <see cref="Depthwise"/>: a task is a channel, of one image or (for the weight) of all.</summary>
internal readonly unsafe struct DepthwiseBody<TLanes, TVector, T>(DepthwiseJob job, DepthwiseStep step) : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    private readonly DepthwiseJob job = job;
    private readonly DepthwiseStep step = step;
    private readonly PaddedPlane layout = new(job.Lattice);

    private Lattice Lattice => job.Lattice;

    public void Run(nint from, nint to)
    {
        int taps = Lattice.Kernel;
        nint* offsets = (nint*)Scratch.GetOuter(taps * sizeof(nint) + layout.Size * sizeof(T));
        T* plane = (T*)(offsets + taps);
        for (int i = 0; i < taps; i++) offsets[i] = layout.Offset(i / Lattice.Columns.Kernel, i % Lattice.Columns.Kernel);
        for (nint task = from; task < to; task++)
        {
            switch (step)
            {
                case DepthwiseStep.Result: Result(task, plane, offsets); break;
                case DepthwiseStep.Image: Image(task, plane, offsets); break;
                default: Weight((int)task, plane, offsets); break;
            }
        }
    }

    private void Result(nint task, T* plane, nint* offsets)
    {
        int group = (int)(task % Lattice.Groups), outputs = Lattice.OutPerGroup, width = Lattice.Columns.Output;
        layout.Fill((T*)job.Image + task * Lattice.ImagePlane, plane);
        for (int output = 0; output < outputs; output++)
        {
            T* w = (T*)job.Weight + ((nint)group * outputs + output) * Lattice.Kernel;
            T* y = (T*)job.Result + (task * outputs + output) * Lattice.ResultPlane;
            T start = job.Bias == null ? T.Zero : ((T*)job.Bias)[group * outputs + output];
            for (int row = 0; row < Lattice.Rows.Output; row++) AddUp(plane + row * layout.RowStep, offsets, w, Lattice.Kernel, start, y + (nint)row * width, width);
        }
    }

    private void Image(nint task, T* plane, nint* offsets)
    {
        int group = (int)(task % Lattice.Groups), outputs = Lattice.OutPerGroup, width = Lattice.Columns.Output;
        new Span<T>(plane, (int)layout.Size).Clear();
        for (int output = 0; output < outputs; output++)
        {
            T* w = (T*)job.Weight + ((nint)group * outputs + output) * Lattice.Kernel;
            T* y = (T*)job.Result + (task * outputs + output) * Lattice.ResultPlane;
            for (int row = 0; row < Lattice.Rows.Output; row++)
                for (int tap = 0; tap < Lattice.Kernel; tap++)
                    AddTo(plane + row * layout.RowStep + offsets[tap], w[tap], y + (nint)row * width, width);
        }
        layout.Extract(plane, (T*)job.Image + task * Lattice.ImagePlane);
    }

    private void Weight(int group, T* plane, nint* offsets)
    {
        int outputs = Lattice.OutPerGroup, width = Lattice.Columns.Output, taps = Lattice.Kernel;
        T* weight = (T*)job.Weight + (nint)group * outputs * taps;
        new Span<T>(weight, outputs * taps).Clear();
        for (int image = 0; image < Lattice.Batch; image++)
        {
            nint at = (nint)image * Lattice.Groups + group;
            layout.Fill((T*)job.Image + at * Lattice.ImagePlane, plane);
            for (int output = 0; output < outputs; output++)
            {
                T* y = (T*)job.Result + (at * outputs + output) * Lattice.ResultPlane;
                for (int tap = 0; tap < taps; tap++) weight[output * taps + tap] += Products(plane + offsets[tap], layout.RowStep, y, width, Lattice.Rows.Output);
            }
        }
    }

    /// <summary>y[j] = start + Σ w[tap] · plane[offset of tap + j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUp(T* plane, nint* offsets, T* w, int taps, T start, T* y, nint n)
    {
        nint lanes = TLanes.Count, j = 0;
        TVector from = TLanes.Broadcast(&start);
        for (; j + 4 * lanes <= n; j += 4 * lanes)
        {
            TVector s0 = from, s1 = from, s2 = from, s3 = from;
            for (int tap = 0; tap < taps; tap++)
            {
                T* x = plane + offsets[tap] + j;
                TVector v = TLanes.Broadcast(w + tap);
                s0 = TLanes.MulAdd(v, TLanes.Load(x), s0);
                s1 = TLanes.MulAdd(v, TLanes.Load(x + lanes), s1);
                s2 = TLanes.MulAdd(v, TLanes.Load(x + 2 * lanes), s2);
                s3 = TLanes.MulAdd(v, TLanes.Load(x + 3 * lanes), s3);
            }
            TLanes.Store(s0, y + j);
            TLanes.Store(s1, y + j + lanes);
            TLanes.Store(s2, y + j + 2 * lanes);
            TLanes.Store(s3, y + j + 3 * lanes);
        }
        for (; j + lanes <= n; j += lanes)
        {
            TVector sum = from;
            for (int tap = 0; tap < taps; tap++) sum = TLanes.MulAdd(TLanes.Broadcast(w + tap), TLanes.Load(plane + offsets[tap] + j), sum);
            TLanes.Store(sum, y + j);
        }
        for (; j < n; j++)
        {
            T sum = start;
            for (int tap = 0; tap < taps; tap++) sum = T.MultiplyAddEstimate(w[tap], plane[offsets[tap] + j], sum);
            y[j] = sum;
        }
    }

    /// <summary>to[j] += w · y[j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTo(T* to, T w, T* y, nint n)
    {
        nint lanes = TLanes.Count, j = 0;
        TVector v = TLanes.Broadcast(&w);
        for (; j + lanes <= n; j += lanes) TLanes.Store(TLanes.MulAdd(v, TLanes.Load(y + j), TLanes.Load(to + j)), to + j);
        for (; j < n; j++) to[j] = T.MultiplyAddEstimate(w, y[j], to[j]);
    }

    /// <summary>Σ x · y over all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Products(T* x, nint xRow, T* y, nint n, int rows)
    {
        nint lanes = TLanes.Count;
        TVector sum = TLanes.Zero;
        T rest = T.Zero;
        for (; rows > 0; rows--, x += xRow, y += n)
        {
            nint j = 0;
            for (; j + lanes <= n; j += lanes) sum = TLanes.MulAdd(TLanes.Load(x + j), TLanes.Load(y + j), sum);
            for (; j < n; j++) rest = T.MultiplyAddEstimate(x[j], y[j], rest);
        }
        return TLanes.Sum(sum) + rest;
    }
}
