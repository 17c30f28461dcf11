namespace DeepNet.Ilgpu;

/// <summary>
/// y = (x − mean)/√(variance + ε) · weight + bias of rows, and their means and variances. Weight and bias are as long as a row, or have a
/// number for each.
/// </summary>
internal struct NormalizeRowsJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y, Weight, Bias, Mean, Variance;
    public RowPartition Share;
    public T Size, Epsilon;
    public int IsCentered, IsPerElement, HasWeight, HasBias;

    public static string Name => "normalize";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V one = V.Constant(1), shift = V.Constant(0),
            mean = Rows.Sum<V, T>(X, Share, IsCentered != 0 ? row : row.OfLength(0)) / V.From(Size);
        V variance = Rows.Fold<Ops.AddUp, SquareLess<V, T>, V, T>(X, Share, row, new(mean)) / V.From(Size);
        if (row.IsFirst)
        {
            Mean[row.Index] = V.To(mean);
            Variance[row.Index] = V.To(variance);
        }
        V scale = NormFormula.Scale(variance, V.From(Epsilon));
        if (IsPerElement == 0 && row.IsThere)
        {
            if (HasWeight != 0) scale *= V.From(Weight[row.Index]);
            if (HasBias != 0) shift = V.From(Bias[row.Index]);
        }
        long at = row.Begin;
        bool weighs = IsPerElement != 0 && HasWeight != 0, shifts = IsPerElement != 0 && HasBias != 0;
        if (Share.IsWide != 0)
        {
            ArrayView<Four<T>> from = X.AsAligned(Fours.Alignment).Cast<Four<T>>(), to = Y.AsAligned(Fours.Alignment).Cast<Four<T>>();
            ArrayView<Four<T>> weights = Weight.AsAligned(Fours.Alignment).Cast<Four<T>>(), biases = Bias.AsAligned(Fours.Alignment)
                .Cast<Four<T>>();
            for (long i = row.Lane; i < row.Length >> 2; i += row.Lanes)
            {
                Four<T> x = from[(at >> 2) + i], w = Fours.Same(V.To(one)), b = Fours.Same(V.To(shift));
                if (weighs) w = weights[i];
                if (shifts) b = biases[i];
                to[(at >> 2) + i] = new(
                    End(x.A, mean, scale, w.A, b.A), End(x.B, mean, scale, w.B, b.B), End(x.C, mean, scale, w.C, b.C),
                    End(x.D, mean, scale, w.D, b.D));
            }
        }
        else
        {
            for (long i = row.Lane; i < row.Length; i += row.Lanes)
            {
                T w = V.To(one), b = V.To(shift);
                if (weighs) w = Weight[i];
                if (shifts) b = Bias[i];
                Y[at + i] = End(X[at + i], mean, scale, w, b);
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static T End(T x, V mean, V scale, T weight, T bias)
        => V.To(NormFormula.Value(V.From(x) - mean, scale, V.From(weight), V.From(bias)));
}

/// <summary>The gradients of rows, and those of a row's own weight and bias where it has one of both.</summary>
internal struct NormalizeRowsBackwardJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, G, Weight, Mean, Variance, Dx, Dweight, Dbias;
    public RowPartition Share;
    public T Size, Epsilon;
    public int IsCentered, IsPerElement, HasWeight, WantsX, WantsWeight, WantsBias;

    public static string Name => "normalize backward";

    public void Run(long group)
    {
        var row = Share.Of(group);
        long at = row.Begin;
        V zero = V.Constant(0), one = V.Constant(1), mean = zero, scale = one, plain = zero, along = zero;
        bool weighs = IsPerElement != 0 && HasWeight != 0;
        ArrayView<Four<T>> xs = X.AsAligned(Fours.Alignment).Cast<Four<T>>(), gs = G.AsAligned(Fours.Alignment).Cast<Four<T>>();
        ArrayView<Four<T>> ws = Weight.AsAligned(Fours.Alignment).Cast<Four<T>>(), dxs = Dx.AsAligned(Fours.Alignment).Cast<Four<T>>();
        if (row.IsThere)
        {
            mean = V.From(Mean[row.Index]);
            scale = NormFormula.Scale(V.From(Variance[row.Index]), V.From(Epsilon));
        }
        if (Share.IsWide != 0)
        {
            for (long i = row.Lane; i < row.Length >> 2; i += row.Lanes)
            {
                Four<T> x = xs[(at >> 2) + i], g = gs[(at >> 2) + i], w = Fours.Same(V.To(one));
                if (weighs) w = ws[i];
                V a = V.From(g.A) * V.From(w.A), b = V.From(g.B) * V.From(w.B), c = V.From(g.C) * V.From(w.C),
                    d = V.From(g.D) * V.From(w.D);
                plain += a + b + (c + d);
                along += a * (V.From(x.A) - mean) + b * (V.From(x.B) - mean) + (c * (V.From(x.C) - mean) + d * (V.From(x.D) - mean));
            }
        }
        else
        {
            for (long i = row.Lane; i < row.Length; i += row.Lanes)
            {
                V u = V.From(G[at + i]);
                if (weighs) u *= V.From(Weight[i]);
                NormFormula.Add(ref plain, ref along, u, V.From(X[at + i]) - mean);
            }
        }
        plain = Folding.Fold<Ops.AddUp, V, T>(plain, row.Lanes);
        along = Folding.Fold<Ops.AddUp, V, T>(along, row.Lanes);
        if (IsPerElement == 0 && row.IsFirst)
        {
            if (WantsWeight != 0) Dweight[row.Index] = V.To(along * scale);
            if (WantsBias != 0) Dbias[row.Index] = V.To(plain);
        }
        if (WantsX == 0) return;
        V factor = scale, shift = zero;
        if (IsPerElement == 0 && HasWeight != 0 && row.IsThere) factor *= V.From(Weight[row.Index]);
        var common = NormFormula.Common(plain, along, factor, scale, V.From(Size));
        if (IsCentered != 0) shift = common.Shift;
        V turn = common.Turn;
        if (Share.IsWide != 0)
        {
            for (long i = row.Lane; i < row.Length >> 2; i += row.Lanes)
            {
                Four<T> x = xs[(at >> 2) + i], g = gs[(at >> 2) + i], w = Fours.Same(V.To(one));
                if (weighs) w = ws[i];
                dxs[(at >> 2) + i] = new(
                    Slope(x.A, g.A, w.A, mean, factor, shift, turn), Slope(x.B, g.B, w.B, mean, factor, shift, turn),
                    Slope(x.C, g.C, w.C, mean, factor, shift, turn), Slope(x.D, g.D, w.D, mean, factor, shift, turn));
            }
        }
        else
        {
            for (long i = row.Lane; i < row.Length; i += row.Lanes)
            {
                T w = V.To(one);
                if (weighs) w = Weight[i];
                Dx[at + i] = Slope(X[at + i], G[at + i], w, mean, factor, shift, turn);
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static T Slope(T x, T g, T w, V mean, V factor, V shift, V turn)
        => V.To(NormFormula.Gradient(V.From(g) * V.From(w), V.From(x) - mean, factor, shift, turn));
}

/// <summary>
/// The gradients of a weight and a bias that all rows share: a group takes a piece of the rows for neighbouring elements and combines
/// what its threads have in a tree. Both in one pass over the rows.
/// </summary>
internal struct NormWeightJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, G, Mean, Variance, Dweight, Dbias;
    public Divisor Tiles;
    public long Rows, Length, Block;
    public T Epsilon;
    public int Across, WantsWeight, WantsBias;

    public static string Name => "normalize backward";

    public void Run(long group)
    {
        var shared = SharedMemory.Allocate<T>(2 * Folding.MostThreads);
        int thread = Group.IdxX, width = 1 << Across, step = Group.DimX >> Across;
        long block = Tiles.Of(group), column = (group - block * Tiles.Value) * width + (thread & (width - 1)),
            end = (block + 1) * Block < Rows ? (block + 1) * Block : Rows;
        V zero = V.Constant(0), weight = zero, bias = zero, one = V.Constant(1);
        if (column < Length)
        {
            for (long row = block * Block + (thread >> Across); row < end; row += 2 * step)
            {
                long other = row + step;
                V x0 = V.From(X[row * Length + column]), g0 = V.From(G[row * Length + column]), x1 = zero, g1 = zero, mean1 = zero,
                    variance1 = one;
                if (other < end)
                {
                    x1 = V.From(X[other * Length + column]);
                    g1 = V.From(G[other * Length + column]);
                    mean1 = V.From(Mean[other]);
                    variance1 = V.From(Variance[other]);
                }
                weight += g0 * (x0 - V.From(Mean[row])) / V.Sqrt(V.From(Variance[row]) + V.From(Epsilon))
                    + g1 * (x1 - mean1) / V.Sqrt(variance1 + V.From(Epsilon));
                bias += g0 + g1;
            }
        }
        Group.Barrier();                                 // whoever still reads the last result
        shared[thread] = V.To(weight);
        shared[thread + Folding.MostThreads] = V.To(bias);
        Group.Barrier();
        for (int half = Group.DimX >> 1; half >= width; half >>= 1)
        {
            if (thread < half)
            {
                shared[thread] = V.To(V.From(shared[thread]) + V.From(shared[thread + half]));
                shared[thread + Folding.MostThreads] = V.To(
                    V.From(shared[thread + Folding.MostThreads]) + V.From(shared[thread + Folding.MostThreads + half]));
            }
            Group.Barrier();
        }
        if (thread >= width || column >= Length) return;
        if (WantsWeight != 0) Dweight[block * Length + column] = shared[thread];
        if (WantsBias != 0) Dbias[block * Length + column] = shared[thread + Folding.MostThreads];
    }
}
