namespace DeepNet;

// Drawing into tensors that are there already: what initialisers and dropout do.
public sealed partial class Tensor
{
    /// <summary>Overwrites all elements with numbers uniform in [low, high), in place.</summary>
    public Tensor FillUniform(double low = 0, double high = 1, Generator? generator = null)
    {
        if (!(low < high)) throw new ArgumentException(
            $"[uniform] there is no number from {low} to below {high}: low must be less than high.");
        if (!double.IsFinite(high - low)) throw new ArgumentException($"[uniform] the interval from {low} to {high} is not finite.");
        return FillRandom("uniform", new UniformBetween(low, high, DType), generator);
    }

    /// <summary>Overwrites all elements with numbers of the normal distribution, in place.</summary>
    public Tensor FillNormal(double mean = 0, double std = 1, Generator? generator = null)
    {
        CheckNormal("normal", mean, std);
        return FillRandom("normal", new NormalPairs(mean, std), generator);
    }

    /// <summary>Overwrites all elements with numbers of the normal distribution that lie in [low, high], in place.</summary>
    public Tensor FillTruncatedNormal(double mean = 0, double std = 1, double low = -2, double high = 2, Generator? generator = null)
    {
        CheckNormal("truncated_normal", mean, std);
        if (!(low < high)) throw new ArgumentException(
            $"[truncated_normal] there is no number from {low} to {high}: low must be less than high.");
        var distribution = new TruncatedNormal(mean, std, low, high);
        if (!(distribution.Mass >= 1e-3))
            throw new ArgumentException(
                $"[truncated_normal] the interval from {low} to {high} holds next to nothing of a normal distribution with mean "
                + $"{mean} and standard deviation {std}. The limits are values, not multiples of the standard deviation.");
        return FillRandom("truncated_normal", distribution, generator);
    }

    /// <summary>Overwrites all elements with numbers of any distribution that is a formula of a uniform number, in place.</summary>
    public Tensor FillRandom<TDistribution>(TDistribution distribution, Generator? generator = null)
        where TDistribution : unmanaged, IDistribution
        => FillRandom("fill_random", distribution, generator);

    private Tensor FillRandom<TDistribution>(string op, TDistribution distribution, Generator? generator)
        where TDistribution : unmanaged, IDistribution
    {
        var target = RandomTarget(op);
        using var writing = storage.Write();
        int words = DType == DType.Float64 ? 2 : 1;
        ulong blocks = distribution is NormalPairs ? RandomSource.PairBlocks(Count, words) : RandomSource.Blocks(Count, words);
        Kernels.FillRandom(distribution, (generator ?? Generator.Default).Reserve(blocks), target);
        return Finish(op, target);
    }

    /// <summary>
    /// Gets the tensor that random numbers for this one are drawn into: itself, if it is dense and of a type that formulas compute in.
    /// </summary>
    private Tensor RandomTarget(string op)
    {
        if (!DType.IsFloating()) throw NotFloating(op, DType);
        CheckInPlace(op);
        return IsContiguous && DType.IsDifferentiable() ? this : Allocate(Shape, DTypes.Compute(DType), Device);
    }

    private Tensor Finish(string op, Tensor drawn)
    {
        if (!ReferenceEquals(drawn, this))
        {
            Kernels.Copy(drawn, this);
            drawn.Storage.Release();
        }
        MarkChanged();
        if (Root.Node is not null && Autograd.IsEnabled) InPlace.Record(op, this, this, null);
        return this;
    }

    private static void CheckNormal(string op, double mean, double std)
    {
        if (!double.IsFinite(mean)) throw new ArgumentException($"[{op}] the mean is {mean}.");
        if (!(std >= 0 && double.IsFinite(std)))
            throw new ArgumentException($"[{op}] the standard deviation is {std}: it must be finite and not negative.");
    }
}
