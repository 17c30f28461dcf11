namespace DeepNet.Devices.Cpu;

/// <summary>The loops of <see cref="DepthwisePixels"/>: a task is a row of what is written or, for the weight, a run of images.</summary>
internal readonly unsafe struct DepthwisePixelBody<V, T>(DepthwiseJob job, T* workspace) : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged
{
    private Taps Rows => job.ConvolutionGeometry.Rows;

    private Taps Columns => job.ConvolutionGeometry.Columns;

    private int Channels => job.ConvolutionGeometry.In;

    public void Run(nint from, nint to)
    {
        if (job.Step == DepthwiseStep.Weight)
        {
            for (nint run = from; run < to; run++) Sum((int)run);
            return;
        }
        bool isResult = job.Step == DepthwiseStep.Result;
        int height = isResult ? Rows.Output : Rows.Input, taps = job.ConvolutionGeometry.Kernel;
        // The taps of a pixel that find something: where in the source, and which.
        var found = (Tap*)Scratch.Get(taps * sizeof(Tap));
        for (nint task = from; task < to; task++)
        {
            int image = (int)(task / height), row = (int)(task % height);
            if (isResult) ResultRow(image, row, found);
            else ImageRow(image, row, found);
        }
    }

    private readonly record struct Tap(nint Source, nint Weight);

    private void ResultRow(int image, int row, Tap* found)
    {
        int channels = Channels;
        T* first = (T*)job.Image + image * job.ConvolutionGeometry.ImagePlane * channels, source = first,
            to = (T*)job.Result + (image * job.ConvolutionGeometry.ResultPlane + (nint)row * Columns.Output) * channels;
        // Between the borders every pixel finds all taps, at the same distances from it.
        int inside = Columns.First(0), insideEnd = Columns.End(Columns.Kernel - 1), count = 0;
        for (int column = 0; column < Columns.Output; column++, to += channels)
        {
            if (column > inside && column < insideEnd)
            {
                source += (nint)Columns.Stride * channels;
                AddUp(source, found, count, (T*)job.Bias, to);
                continue;
            }
            source = first;
            count = 0;
            for (int i = 0; i < Rows.Kernel; i++)
            {
                int y = Rows.Position(row, i);
                if ((uint)y >= (uint)Rows.Input) continue;
                for (int j = 0; j < Columns.Kernel; j++)
                {
                    int x = Columns.Position(column, j);
                    if ((uint)x < (uint)Columns.Input)
                        found[count++] = new(((nint)y * Columns.Input + x) * channels, (nint)(i * Columns.Kernel + j) * channels);
                }
            }
            AddUp(source, found, count, (T*)job.Bias, to);
        }
    }

    private void ImageRow(int image, int row, Tap* found)
    {
        int channels = Channels;
        T* source = (T*)job.Result + image * job.ConvolutionGeometry.ResultPlane * channels,
            to = (T*)job.Image + (image * job.ConvolutionGeometry.ImagePlane + (nint)row * Columns.Input) * channels;
        for (int column = 0; column < Columns.Input; column++, to += channels)
        {
            int count = 0;
            for (int i = 0; i < Rows.Kernel; i++)
            {
                if (!TryOutput(Rows, row, i, out int y)) continue;
                for (int j = 0; j < Columns.Kernel; j++)
                    if (TryOutput(Columns, column, j, out int x))
                        found[count++] = new(((nint)y * Columns.Output + x) * channels, (nint)(i * Columns.Kernel + j) * channels);
            }
            AddUp(source, found, count, null, to);
        }
    }

    /// <summary>The output that reads an input with a tap.</summary>
    [MethodImpl(AggressiveInlining)]
    private static bool TryOutput(in Taps axis, int input, int tap, out int output)
    {
        int at = input + axis.Before - tap * axis.Dilation;
        output = at / axis.Stride;
        return at >= 0 && output < axis.Output && output * axis.Stride == at;
    }

    /// <summary>All channels of a pixel.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private void AddUp(T* source, Tap* taps, int count, T* bias, T* to)
    {
        T* weight = workspace;
        int channels = Channels, channel = 0;
        for (; channel + 2 * V.Lanes <= channels; channel += 2 * V.Lanes)
        {
            V a = bias == null ? V.Constant(0) : V.Load(bias + channel), b = bias == null ? V.Constant(0)
                : V.Load(bias + channel + V.Lanes);
            for (int i = 0; i < count; i++)
            {
                T* x = source + taps[i].Source + channel, w = weight + taps[i].Weight + channel;
                a = V.Fma(V.Load(w), V.Load(x), a);
                b = V.Fma(V.Load(w + V.Lanes), V.Load(x + V.Lanes), b);
            }
            a.Store(to + channel);
            b.Store(to + channel + V.Lanes);
        }
        for (; channel < channels; channel += V.Lanes)
        {
            var part = new SomeLanes(channels - channel);
            V a = bias == null ? V.Constant(0) : part.Load<V, T>(bias + channel);
            for (int i = 0; i < count; i++)
                a = V.Fma(part.Load<V, T>(weight + taps[i].Weight + channel), part.Load<V, T>(source + taps[i].Source + channel), a);
            part.Store(a, to + channel);
        }
    }

    /// <summary>Computes the contribution of a run of images to the gradient of the weight.</summary>
    private void Sum(int run)
    {
        int channels = Channels, runs = DepthwisePixels.Runs(job.ConvolutionGeometry), batch = job.ConvolutionGeometry.Batch;
        nint size = (nint)job.ConvolutionGeometry.Kernel * channels;
        T* sums = workspace + run * size;
        new Span<T>(sums, checked((int)size)).Clear();
        for (int image = (int)((long)batch * run / runs); image < (int)((long)batch * (run + 1) / runs); image++)
        {
            for (int row = 0; row < Rows.Output; row++)
            {
                for (int i = 0; i < Rows.Kernel; i++)
                {
                    int y = Rows.Position(row, i);
                    if ((uint)y >= (uint)Rows.Input) continue;
                    T* line = (T*)job.Image + (image * job.ConvolutionGeometry.ImagePlane + (nint)y * Columns.Input) * channels;
                    T* slope = (T*)job.Result + (image * job.ConvolutionGeometry.ResultPlane + (nint)row * Columns.Output) * channels;
                    for (int j = 0; j < Columns.Kernel; j++)
                    {
                        int first = Columns.First(j), count = Columns.End(j) - first;
                        if (count > 0)
                            AddProducts(line + (nint)Columns.Position(first, j) * channels, (nint)Columns.Stride * channels,
                                slope + (nint)first * channels, count, sums + (nint)(i * Columns.Kernel + j) * channels);
                    }
                }
            }
        }
    }

    /// <summary>sum[c] += Σ x · g over the pixels of a row.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private void AddProducts(T* x, nint step, T* g, int count, T* sum)
    {
        int channels = Channels;
        for (int channel = 0; channel < channels; channel += V.Lanes)
        {
            int i = 0;
            var part = new SomeLanes(channels - channel);
            T* p = x + channel, q = g + channel;
            V a = part.Load<V, T>(sum + channel), b = V.Constant(0), c = b, d = b;
            for (; i + 4 <= count && channels - channel >= V.Lanes; i += 4, p += 4 * step, q += 4 * (nint)channels)
            {
                a = V.Fma(V.Load(p), V.Load(q), a);
                b = V.Fma(V.Load(p + step), V.Load(q + channels), b);
                c = V.Fma(V.Load(p + 2 * step), V.Load(q + 2 * (nint)channels), c);
                d = V.Fma(V.Load(p + 3 * step), V.Load(q + 3 * (nint)channels), d);
            }
            for (; i < count; i++, p += step, q += channels) a = V.Fma(part.Load<V, T>(p), part.Load<V, T>(q), a);
            part.Store(a + b + (c + d), sum + channel);
        }
    }
}
