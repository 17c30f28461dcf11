namespace DeepNet.Ilgpu;

/// <summary>
/// Normalisation by channels, whose elements lie in all images of a batch: groups take pieces, some images of a channel each, what they
/// find is put together for each channel in their order, and everything is normalised element by element.
/// </summary>
internal struct NormPieces(in NormLayout at, long each)
{
    /// <summary>Images, and images of a piece.</summary>
    public readonly long Outer = at.Outer, Each = each;

    /// <summary>Elements of a channel in an image, channels, pieces.</summary>
    public readonly Divisor Inner = at.Inner, Groups = at.Groups, Count = (at.Outer + each - 1) / each;

    /// <summary>Gets the start of a piece, and its number of elements.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly int Start(long group, out long piece, out long channel, out long start)
    {
        piece = Groups.Of(group);
        channel = group - piece * Groups.Value;
        start = (piece * Each * Groups.Value + channel) * Inner.Value;
        return Elements(piece);
    }

    [MethodImpl(AggressiveInlining)]
    public readonly int Elements(long piece)
    {
        long left = Outer - piece * Each;
        return (int)((Each < left ? Each : left) * Inner.Value);
    }

    /// <summary>Gets the offset of element e of a piece from its first.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long At(int e)
    {
        uint image = Inner.Of((uint)e);
        return image * (Groups.Value * Inner.Value) + ((uint)e - image * (uint)Inner.Value);
    }

    /// <summary>The channel of an element.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long ChannelOf(long i)
    {
        long line = Inner.Of(i);
        return line - Groups.Of(line) * Groups.Value;
    }
}

/// <summary>The numbers of elements of pieces, as floating-point numbers: all but the last have the same.</summary>
internal struct PieceSizes<T> where T : unmanaged
{
    public T Full, Last;

    [MethodImpl(AggressiveInlining)]
    public readonly T Of(long piece, in NormPieces pieces) => piece + 1 < pieces.Count.Value ? Full : Last;
}

/// <summary>The mean of each piece, and the sum of squared distances from it.</summary>
internal struct NormPiecesJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Means, Squares;
    public NormPieces Pieces;
    public PieceSizes<T> Sizes;
    public int IsCentered;

    public static string Name => "normalize";

    public void Run(long group)
    {
        int n = Pieces.Start(group, out long piece, out _, out long start);
        var x = X.SubView(start);
        V mean = V.Constant(0), squares = mean;
        if (IsCentered != 0)
        {
            for (int e = Group.IdxX; e < n; e += Group.DimX) mean += V.From(x[Pieces.At(e)]);
            mean = Folding.Sum<V, T>(mean) / V.From(Sizes.Of(piece, Pieces));
        }
        for (int e = Group.IdxX; e < n; e += Group.DimX)
        {
            V distance = V.From(x[Pieces.At(e)]) - mean;
            squares += distance * distance;
        }
        squares = Folding.Sum<V, T>(squares);
        if (Group.IdxX != 0) return;
        Means[group] = V.To(mean);
        Squares[group] = V.To(squares);
    }
}

/// <summary>Puts the pieces of a channel together: means are weighted, and squares grow by the distances of the means.</summary>
internal struct NormMomentsJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Means, Squares, Mean, Variance;
    public NormPieces Pieces;
    public PieceSizes<T> Sizes;

    public static string Name => "normalize";

    public void Run(long channel)
    {
        V mean = V.From(Means[channel]), squares = V.From(Squares[channel]), count = V.From(Sizes.Of(0, Pieces));
        for (long piece = 1; piece < Pieces.Count.Value; piece++)
        {
            long at = piece * Pieces.Groups.Value + channel;
            V more = V.From(Sizes.Of(piece, Pieces)), all = count + more, distance = V.From(Means[at]) - mean;
            mean += distance * (more / all);
            squares += V.From(Squares[at]) + distance * distance * (count * (more / all));
            count = all;
        }
        Mean[channel] = V.To(mean);
        Variance[channel] = V.To(squares / count);
    }
}

/// <summary>y = (x − mean)/√(variance + ε) · weight + bias, element by element.</summary>
internal struct NormApplyJob<V, T> : IWideJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y, Weight, Bias, Mean, Variance;
    public NormPieces Pieces;
    public T Epsilon;
    public int HasWeight, HasBias;

    public static string Name => "normalize";

    public void Run(long i)
    {
        Of(i, out V mean, out V scale, out V shift);
        Y[i] = End(X[i], mean, scale, shift);
    }

    // Four neighbours lie in one channel.
    public void RunFour(int i)
    {
        Of(4L * i, out V mean, out V scale, out V shift);
        var x = Fours.Read(X, i);
        Fours.Write(Y, i, new(End(x.A, mean, scale, shift), End(x.B, mean, scale, shift), End(x.C, mean, scale, shift),
            End(x.D, mean, scale, shift)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Of(long i, out V mean, out V scale, out V shift)
    {
        long channel = Pieces.ChannelOf(i);
        mean = V.From(Mean[channel]);
        scale = NormFormula.Scale(V.From(Variance[channel]), V.From(Epsilon));
        if (HasWeight != 0) scale *= V.From(Weight[channel]);
        shift = V.Constant(0);
        if (HasBias != 0) shift = V.From(Bias[channel]);
    }

    [MethodImpl(AggressiveInlining)]
    private static T End(T x, V mean, V scale, V shift) => V.To(NormFormula.Value(V.From(x) - mean, scale, shift));
}

/// <summary>Of each piece, Σ g and Σ g·(x − mean).</summary>
internal struct NormSumsJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, G, Mean, Plain, Along;
    public NormPieces Pieces;

    public static string Name => "normalize backward";

    public void Run(long group)
    {
        int n = Pieces.Start(group, out _, out long channel, out long start);
        ArrayView<T> x = X.SubView(start), g = G.SubView(start);
        V mean = V.From(Mean[channel]), plain = V.Constant(0), along = plain;
        for (int e = Group.IdxX; e < n; e += Group.DimX)
        {
            long at = Pieces.At(e);
            NormFormula.Add(ref plain, ref along, V.From(g[at]), V.From(x[at]) - mean);
        }
        plain = Folding.Sum<V, T>(plain);
        along = Folding.Sum<V, T>(along);
        if (Group.IdxX != 0) return;
        Plain[group] = V.To(plain);
        Along[group] = V.To(along);
    }
}

/// <summary>
/// Adds up the pieces of a channel: the gradients of its weight and bias, and what its elements need, which takes the place of the first
/// piece.
/// </summary>
internal struct NormGradientsJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Plain, Along, Weight, Variance, Dweight, Dbias;
    public NormPieces Pieces;
    public T Size, Epsilon;
    public int IsCentered, HasWeight, WantsWeight, WantsBias;

    public static string Name => "normalize backward";

    public void Run(long channel)
    {
        V plain = V.From(Plain[channel]), along = V.From(Along[channel]);
        for (long at = channel + Pieces.Groups.Value; at < Pieces.Count.Value * Pieces.Groups.Value; at += Pieces.Groups.Value)
        {
            plain += V.From(Plain[at]);
            along += V.From(Along[at]);
        }
        V scale = NormFormula.Scale(V.From(Variance[channel]), V.From(Epsilon)), factor = scale;
        if (HasWeight != 0) factor *= V.From(Weight[channel]);
        if (WantsWeight != 0) Dweight[channel] = V.To(along * scale);
        if (WantsBias != 0) Dbias[channel] = V.To(plain);
        var (shift, turn) = NormFormula.Common(plain, along, factor, scale, V.From(Size));
        Plain[channel] = V.To(IsCentered != 0 ? shift : V.Constant(0));
        Along[channel] = V.To(turn);
    }
}

/// <summary>dx = g·factor + shift − (x − mean)·turn, element by element.</summary>
internal struct NormSlopesJob<V, T> : IWideJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, G, Dx, Weight, Mean, Variance, Shift, Turn;
    public NormPieces Pieces;
    public T Epsilon;
    public int HasWeight;

    public static string Name => "normalize backward";

    public void Run(long i)
    {
        Of(i, out V mean, out V factor, out V shift, out V turn);
        Dx[i] = Slope(X[i], G[i], mean, factor, shift, turn);
    }

    public void RunFour(int i)
    {
        Of(4L * i, out V mean, out V factor, out V shift, out V turn);
        Four<T> x = Fours.Read(X, i), g = Fours.Read(G, i);
        Fours.Write(Dx, i, new(Slope(x.A, g.A, mean, factor, shift, turn), Slope(x.B, g.B, mean, factor, shift, turn),
            Slope(x.C, g.C, mean, factor, shift, turn), Slope(x.D, g.D, mean, factor, shift, turn)));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Of(long i, out V mean, out V factor, out V shift, out V turn)
    {
        long channel = Pieces.ChannelOf(i);
        mean = V.From(Mean[channel]);
        factor = NormFormula.Scale(V.From(Variance[channel]), V.From(Epsilon));
        if (HasWeight != 0) factor *= V.From(Weight[channel]);
        shift = V.From(Shift[channel]);
        turn = V.From(Turn[channel]);
    }

    [MethodImpl(AggressiveInlining)]
    private static T Slope(T x, T g, V mean, V factor, V shift, V turn)
        => V.To(NormFormula.Gradient(V.From(g), V.From(x) - mean, factor, shift, turn));
}
