using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>The loops of <see cref="Depthwise"/>: a task is a channel, of one image or (for the weight) of all.</summary>
internal readonly unsafe struct DepthwiseBody<TLanes, TVector, T>(DepthwiseJob job) : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    private readonly PaddedPlane layout = new(job.ConvolutionGeometry);

    private ConvolutionGeometry ConvolutionGeometry => job.ConvolutionGeometry;

    public void Run(nint from, nint to)
    {
        int taps = ConvolutionGeometry.Kernel;
        nint* offsets = (nint*)Scratch.GetOuter(taps * sizeof(nint) + (layout.Size + TLanes.Count) * sizeof(T));
        T* plane = (T*)(offsets + taps);
        for (int i = 0; i < taps; i++)
            offsets[job.IsMirrored ? taps - 1 - i : i] = layout.Offset(
                i / ConvolutionGeometry.Columns.Kernel, i % ConvolutionGeometry.Columns.Kernel);
        for (nint task = from; task < to; task++)
        {
            switch (job.Step)
            {
                case DepthwiseStep.Result: Result(task, plane, offsets); break;
                case DepthwiseStep.Image: Image(task, plane, offsets); break;
                default: Weight((int)task, plane, offsets); break;
            }
        }
    }

    private void Result(nint task, T* plane, nint* offsets)
    {
        int group = (int)(task % ConvolutionGeometry.Groups), outputs = ConvolutionGeometry.OutPerGroup,
            width = ConvolutionGeometry.Columns.Output;
        layout.Fill((T*)job.Image + task * ConvolutionGeometry.ImagePlane, plane);
        for (int output = 0; output < outputs; output++)
        {
            T* w = (T*)job.Weight + ((nint)group * outputs + output) * ConvolutionGeometry.Kernel;
            T* y = (T*)job.Result + (task * outputs + output) * ConvolutionGeometry.ResultPlane;
            T start = job.Bias == null ? T.Zero : ((T*)job.Bias)[group * outputs + output];
            int row = 0;
            for (; row + 4 <= ConvolutionGeometry.Rows.Output; row += 4)
                AddUp<C4>(plane + row * layout.RowStep, layout.RowStep, offsets, w, ConvolutionGeometry.Kernel, start,
                    y + (nint)row * width, width);
            for (; row < ConvolutionGeometry.Rows.Output; row++)
                AddUp<C1>(plane + row * layout.RowStep, 0, offsets, w, ConvolutionGeometry.Kernel, start, y + (nint)row * width, width);
        }
    }

    private void Image(nint task, T* plane, nint* offsets)
    {
        int group = (int)(task % ConvolutionGeometry.Groups), outputs = ConvolutionGeometry.OutPerGroup,
            width = ConvolutionGeometry.Columns.Output;
        new Span<T>(plane, (int)layout.Size).Clear();
        for (int output = 0; output < outputs; output++)
        {
            T* w = (T*)job.Weight + ((nint)group * outputs + output) * ConvolutionGeometry.Kernel;
            T* y = (T*)job.Result + (task * outputs + output) * ConvolutionGeometry.ResultPlane;
            for (int row = 0; row < ConvolutionGeometry.Rows.Output; row++)
                for (int tap = 0; tap < ConvolutionGeometry.Kernel; tap++)
                    AddTo(plane + row * layout.RowStep + offsets[tap], w[tap], y + (nint)row * width, width);
        }
        layout.Extract(plane, (T*)job.Image + task * ConvolutionGeometry.ImagePlane);
    }

    private void Weight(int group, T* plane, nint* offsets)
    {
        int outputs = ConvolutionGeometry.OutPerGroup, width = ConvolutionGeometry.Columns.Output, taps = ConvolutionGeometry.Kernel;
        T* weight = (T*)job.Weight + (nint)group * outputs * taps;
        new Span<T>(weight, outputs * taps).Clear();
        for (int image = 0; image < ConvolutionGeometry.Batch; image++)
        {
            nint at = (nint)image * ConvolutionGeometry.Groups + group;
            layout.Fill((T*)job.Image + at * ConvolutionGeometry.ImagePlane, plane);
            for (int output = 0; output < outputs; output++)
            {
                T* y = (T*)job.Result + (at * outputs + output) * ConvolutionGeometry.ResultPlane;
                T* w = weight + output * taps;
                int tap = 0;
                for (; tap + 4 <= taps; tap += 4)
                    Products<C4>(plane, layout.RowStep, offsets + tap, y, width, ConvolutionGeometry.Rows.Output, w + tap);
                for (; tap < taps; tap++)
                    Products<C1>(plane, layout.RowStep, offsets + tap, y, width, ConvolutionGeometry.Rows.Output, w + tap);
            }
        }
    }

    /// <summary>
    /// y[j] = start + Σ w[tap] · plane[offset of tap + j] for one or four rows; the plane may be read a vector past its end.
    /// </summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void AddUp<TRows>(T* plane, nint next, nint* offsets, T* w, int taps, T start, T* y, nint n) where TRows : unmanaged
    {
        nint lanes = TLanes.Count;
        TVector from = TLanes.Broadcast(start);
        for (nint j = 0; j < n; j += lanes)
        {
            // The last vector of a row ends with it; what it computes again is the same.
            if (j + lanes > n && n >= lanes) j = n - lanes;
            TVector s0 = from, s1 = from, s2 = from, s3 = from;
            for (int tap = 0; tap < taps; tap++)
            {
                T* x = plane + offsets[tap] + j;
                TVector v = TLanes.Broadcast(w[tap]);
                s0 = TLanes.MulAdd(v, TLanes.Load(x), s0);
                if (sizeof(TRows) == 1) continue;
                s1 = TLanes.MulAdd(v, TLanes.Load(x + next), s1);
                s2 = TLanes.MulAdd(v, TLanes.Load(x + 2 * next), s2);
                s3 = TLanes.MulAdd(v, TLanes.Load(x + 3 * next), s3);
            }
            Write(s0, y + j, n);
            if (sizeof(TRows) == 1) continue;
            Write(s1, y + n + j, n);
            Write(s2, y + 2 * n + j, n);
            Write(s3, y + 3 * n + j, n);
        }
    }

    /// <summary>Stores a vector, or as much of it as a short row takes.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void Write(TVector v, T* y, nint n)
    {
        if (n >= TLanes.Count)
        {
            TLanes.Store(v, y);
            return;
        }
        Unsafe.SkipInit(out Vector512<T> buffer);
        T* lanes = (T*)&buffer;
        TLanes.Store(v, lanes);
        for (nint i = 0; i < n; i++) y[i] = lanes[i];
    }

    /// <summary>to[j] += w · y[j].</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void AddTo(T* to, T w, T* y, nint n)
    {
        nint lanes = TLanes.Count, j = 0;
        TVector v = TLanes.Broadcast(w);
        for (; j + lanes <= n; j += lanes) TLanes.Store(TLanes.MulAdd(v, TLanes.Load(y + j), TLanes.Load(to + j)), to + j);
        for (; j < n; j++) to[j] = T.MultiplyAddEstimate(w, y[j], to[j]);
    }

    /// <summary>w[tap] += Σ plane[offset of tap + j] · y[j] over all rows, for one or four taps.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Products<TTaps>(T* plane, nint next, nint* offsets, T* y, nint n, int rows, T* w) where TTaps : unmanaged
    {
        nint lanes = TLanes.Count;
        bool four = sizeof(TTaps) > 1;
        T* x0 = plane + offsets[0], x1 = four ? plane + offsets[1] : x0, x2 = four ? plane + offsets[2] : x0, x3 = four
            ? plane + offsets[3] : x0;
        TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0;
        T r0 = T.Zero, r1 = r0, r2 = r0, r3 = r0;
        for (; rows > 0; rows--, x0 += next, x1 += next, x2 += next, x3 += next, y += n)
        {
            nint j = 0;
            for (; j + lanes <= n; j += lanes)
            {
                TVector v = TLanes.Load(y + j);
                s0 = TLanes.MulAdd(TLanes.Load(x0 + j), v, s0);
                if (sizeof(TTaps) == 1) continue;
                s1 = TLanes.MulAdd(TLanes.Load(x1 + j), v, s1);
                s2 = TLanes.MulAdd(TLanes.Load(x2 + j), v, s2);
                s3 = TLanes.MulAdd(TLanes.Load(x3 + j), v, s3);
            }
            for (; j < n; j++)
            {
                r0 = T.MultiplyAddEstimate(x0[j], y[j], r0);
                if (sizeof(TTaps) == 1) continue;
                r1 = T.MultiplyAddEstimate(x1[j], y[j], r1);
                r2 = T.MultiplyAddEstimate(x2[j], y[j], r2);
                r3 = T.MultiplyAddEstimate(x3[j], y[j], r3);
            }
        }
        w[0] += TLanes.SumPairwise(s0) + r0;
        if (sizeof(TTaps) == 1) return;
        w[1] += TLanes.SumPairwise(s1) + r1;
        w[2] += TLanes.SumPairwise(s2) + r2;
        w[3] += TLanes.SumPairwise(s3) + r3;
    }
}
