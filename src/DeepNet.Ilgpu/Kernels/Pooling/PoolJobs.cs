namespace DeepNet.Ilgpu;

/// <summary>The windows of a pooling along one axis, computed where the processor looks them up.</summary>
internal struct PoolWindows(PoolAxis axis)
{
    public readonly int Input = axis.Input, Output = axis.Output, Step = axis.Step;
    private readonly int reach = axis.Reach, stride = axis.Stride, padding = axis.Padding, countsPadding = axis.CountsPadding ? 1 : 0;
    private readonly Divisor byInput = axis.Input, byOutput = axis.Output, byStride = axis.Stride, byStep = axis.Step;

    [MethodImpl(AggressiveInlining)]
    public readonly long LineOfResult(long i) => byOutput.Of(i);

    [MethodImpl(AggressiveInlining)]
    public readonly long LineOfInput(long i) => byInput.Of(i);

    /// <summary>The first input of a window.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int From(int i)
    {
        if (reach == 0) return (int)byOutput.Of((long)i * Input);
        int from = i * stride - padding;
        return from >= 0 ? from : from + (int)byStep.Of((uint)(Step - 1 - from)) * Step;
    }

    /// <summary>The input behind the last one of a window.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int End(int i)
    {
        if (reach == 0) return (int)byOutput.Of((i + 1L) * Input + Output - 1);
        int end = i * stride - padding + reach, from = From(i);
        end = end < Input ? end : Input;
        return from > end ? from : end;
    }

    /// <summary>Gets the number of inputs of an average.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int Extent(int i)
    {
        if (reach == 0) return End(i) - From(i);
        int from = i * stride - padding, end = from + reach, last = Input + padding;
        end = end < last ? end : last;
        if (countsPadding != 0) return end - from;
        return (end < Input ? end : Input) - (from > 0 ? from : 0);
    }

    /// <summary>The first window that may hold an input.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int FirstAround(int place)
    {
        if (reach == 0)
        {
            int before = (int)byInput.Of((long)place * Output) - 1;
            return before > 0 ? before : 0;
        }
        int reached = place + padding - reach + stride;
        return reached > 0 ? (int)byStride.Of((uint)reached) : 0;
    }

    /// <summary>The window behind the last one that may hold an input.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int EndAround(int place)
    {
        int end = reach == 0 ? (int)byInput.Of((place + 1L) * Output - 1) + 2 : (int)byStride.Of((uint)(place + padding)) + 1;
        return end < Output ? end : Output;
    }

    /// <summary>True if a window holds an input.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly bool Holds(int i, int place)
    {
        int from = From(i), distance = place - from;
        return distance >= 0 && place < End(i) && (Step == 1 || (int)byStep.Of((uint)distance) * Step == distance);
    }
}

/// <summary>The largest element of each window and its place.</summary>
internal struct MaxPoolJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public ArrayView<int> Places;
    public PoolWindows Rows, Columns;
    public int WantsPlaces;

    public static string Name => "max_pool";

    public void Run(long i)
    {
        long line = Columns.LineOfResult(i), plane = Rows.LineOfResult(line);
        int column = (int)(i - line * Columns.Output), row = (int)(line - plane * Rows.Output);
        long image = plane * Rows.Input * Columns.Input;
        int left = Columns.From(column), right = Columns.End(column), bottom = Rows.End(row), best = Rows.From(row) * Columns.Input + left;
        V largest = V.From(X[image + best]);
        for (int y = Rows.From(row); y < bottom; y += Rows.Step)
            for (int x = left; x < right; x += Columns.Step)
            {
                int place = y * Columns.Input + x;
                V value = V.From(X[image + place]);
                if (!V.IsLess(largest, value) && !V.IsNaN(value)) continue;
                largest = value;
                best = place;
            }
        Y[i] = V.To(largest);
        if (WantsPlaces != 0) Places[i] = best;
    }
}

/// <summary>The mean of each window.</summary>
internal struct AveragePoolJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public PoolWindows Rows, Columns;

    public static string Name => "avg_pool";

    public void Run(long i)
    {
        long line = Columns.LineOfResult(i), plane = Rows.LineOfResult(line);
        int column = (int)(i - line * Columns.Output), row = (int)(line - plane * Rows.Output);
        long image = plane * Rows.Input * Columns.Input;
        V sum = V.Constant(0);
        for (int y = Rows.From(row); y < Rows.End(row); y++)
            for (int x = Columns.From(column); x < Columns.End(column); x++) sum += V.From(X[image + (long)y * Columns.Input + x]);
        Y[i] = V.To(sum / V.OfInt32(Rows.Extent(row) * Columns.Extent(column)));
    }
}

/// <summary>The adjoint: an element of the image gathers its share of every window that holds it.</summary>
internal struct AveragePoolAdjointJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public PoolWindows Rows, Columns;

    public static string Name => "avg_pool backward";

    public void Run(long i)
    {
        long line = Columns.LineOfInput(i), plane = Rows.LineOfInput(line);
        int x = (int)(i - line * Columns.Input), y = (int)(line - plane * Rows.Input);
        V sum = V.Constant(0);
        for (int row = Rows.FirstAround(y); row < Rows.EndAround(y); row++)
        {
            if (!Rows.Holds(row, y)) continue;
            for (int column = Columns.FirstAround(x); column < Columns.EndAround(x); column++)
                if (Columns.Holds(column, x))
                    sum += V.From(X[(plane * Rows.Output + row) * Columns.Output + column]) / V.OfInt32(
                        Rows.Extent(row) * Columns.Extent(column));
        }
        Y[i] = V.To(sum);
    }
}

/// <summary>Each element of the image gathers from the windows around it that chose it.</summary>
internal struct MaxPoolAdjointJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y;
    public ArrayView<int> Places;
    public PoolWindows Rows, Columns;

    public static string Name => "max_pool backward";

    public void Run(long i)
    {
        long line = Columns.LineOfInput(i), plane = Rows.LineOfInput(line);
        int x = (int)(i - line * Columns.Input), y = (int)(line - plane * Rows.Input), place = y * Columns.Input + x;
        V sum = V.Constant(0);
        for (int row = Rows.FirstAround(y); row < Rows.EndAround(y); row++)
            for (int column = Columns.FirstAround(x); column < Columns.EndAround(x); column++)
            {
                long at = (plane * Rows.Output + row) * Columns.Output + column;
                if (Places[at] == place) sum += V.From(X[at]);
            }
        Y[i] = V.To(sum);
    }
}
