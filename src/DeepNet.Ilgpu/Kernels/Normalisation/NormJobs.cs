namespace DeepNet.Ilgpu;

/// <summary>Locates the elements of a group that has some in each of several images; rows have kernels of their own.</summary>
internal struct NormPlace(in NormLayout at)
{
    public readonly long Groups = at.Groups, Size = at.Size;
    public readonly Divisor Inner = at.Inner;

    [MethodImpl(AggressiveInlining)]
    public readonly long At(long group, long element)
    {
        long outer = Inner.Of(element);
        return (outer * Groups + group) * Inner + element - outer * Inner;
    }
}

/// <summary>y = (x − mean)/√(variance + ε) · weight + bias of a group, and its mean and variance.</summary>
internal struct NormalizeJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, Y, Weight, Bias, Mean, Variance;
    public NormPlace Place;
    public T Size, Epsilon;
    public int IsCentered, HasWeight, HasBias;

    public static string Name => "normalize";

    public void Run(long group)
    {
        V mean = V.Constant(0), squares = mean, shift = mean;
        if (IsCentered != 0)
        {
            for (long e = Group.IdxX; e < Place.Size; e += Group.DimX) mean += V.From(X[Place.At(group, e)]);
            mean = Folding.Sum<V, T>(mean) / V.From(Size);
        }
        for (long e = Group.IdxX; e < Place.Size; e += Group.DimX)
        {
            V distance = V.From(X[Place.At(group, e)]) - mean;
            squares += distance * distance;
        }
        V variance = Folding.Sum<V, T>(squares) / V.From(Size);
        if (Group.IdxX == 0)
        {
            Mean[group] = V.To(mean);
            Variance[group] = V.To(variance);
        }
        V scale = NormFormula.Scale(variance, V.From(Epsilon));
        if (HasWeight != 0) scale *= V.From(Weight[group]);
        if (HasBias != 0) shift = V.From(Bias[group]);
        for (long e = Group.IdxX; e < Place.Size; e += Group.DimX)
        {
            long at = Place.At(group, e);
            Y[at] = V.To(NormFormula.Value(V.From(X[at]) - mean, scale, shift));
        }
    }
}

/// <summary>The gradients of a group's elements, and those of its weight and bias.</summary>
internal struct NormalizeBackwardJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> X, G, Weight, Mean, Variance, Dx, Dweight, Dbias;
    public NormPlace Place;
    public T Size, Epsilon;
    public int IsCentered, HasWeight, WantsX, WantsWeight, WantsBias;

    public static string Name => "normalize backward";

    public void Run(long group)
    {
        V mean = V.From(Mean[group]), scale = NormFormula.Scale(V.From(Variance[group]), V.From(Epsilon)), plain = V.Constant(0),
            along = plain;
        for (long e = Group.IdxX; e < Place.Size; e += Group.DimX)
        {
            long at = Place.At(group, e);
            NormFormula.Add(ref plain, ref along, V.From(G[at]), V.From(X[at]) - mean);
        }
        plain = Folding.Sum<V, T>(plain);
        along = Folding.Sum<V, T>(along);
        if (Group.IdxX == 0)
        {
            if (WantsWeight != 0) Dweight[group] = V.To(along * scale);
            if (WantsBias != 0) Dbias[group] = V.To(plain);
        }
        if (WantsX == 0) return;
        V factor = scale;
        if (HasWeight != 0) factor *= V.From(Weight[group]);
        var (shift, turn) = NormFormula.Common(plain, along, factor, scale, V.From(Size));
        if (IsCentered == 0) shift = V.Constant(0);
        for (long e = Group.IdxX; e < Place.Size; e += Group.DimX)
        {
            long at = Place.At(group, e);
            Dx[at] = V.To(NormFormula.Gradient(V.From(G[at]), V.From(X[at]) - mean, factor, shift, turn));
        }
    }
}
