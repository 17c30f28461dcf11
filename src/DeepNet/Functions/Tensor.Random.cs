namespace DeepNet;

// Drawing new tensors. How many numbers each draw takes out of a generator is told at Generator.
public sealed partial class Tensor
{
    /// <summary>Numbers uniform in [0, 1).</summary>
    public static Tensor Rand(Shape shape, DType dtype = DType.Float32, Device? device = null, Generator? generator = null)
        => Uniform(shape, 0, 1, dtype, device, generator);

    /// <summary>Float32 numbers uniform in [0, 1).</summary>
    public static Tensor Rand(params ReadOnlySpan<int> shape) => Rand(new Shape(shape));

    /// <summary>Numbers of the standard normal distribution.</summary>
    public static Tensor Randn(Shape shape, DType dtype = DType.Float32, Device? device = null, Generator? generator = null)
        => Normal(shape, 0, 1, dtype, device, generator);

    /// <summary>Float32 numbers of the standard normal distribution.</summary>
    public static Tensor Randn(params ReadOnlySpan<int> shape) => Randn(new Shape(shape));

    /// <summary>Numbers uniform in [low, high).</summary>
    public static Tensor Uniform(
        Shape shape, double low, double high, DType dtype = DType.Float32, Device? device = null, Generator? generator = null)
        => FloatsFor("uniform", shape, dtype, device).FillUniform(low, high, generator);

    /// <summary>Numbers of the normal distribution.</summary>
    public static Tensor Normal(
        Shape shape, double mean, double std, DType dtype = DType.Float32, Device? device = null, Generator? generator = null)
        => FloatsFor("normal", shape, dtype, device).FillNormal(mean, std, generator);

    /// <summary>Numbers of the normal distribution that lie in [low, high], the others left out.</summary>
    public static Tensor TruncatedNormal(
        Shape shape, double mean, double std, double low, double high, DType dtype = DType.Float32, Device? device = null,
        Generator? generator = null)
        => FloatsFor("truncated_normal", shape, dtype, device).FillTruncatedNormal(mean, std, low, high, generator);

    /// <summary>Ones with probability p, else zeros, of any element type.</summary>
    public static Tensor Bernoulli(Shape shape, double p, DType dtype = DType.Float32, Device? device = null, Generator? generator = null)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), $"[bernoulli] {p} is not a probability: it must be from 0 to 1.");
        var computed = dtype == DType.Float64 ? dtype : DType.Float32;
        return Empty(shape, computed, device).FillRandom(new Coin(p), generator).To(dtype);
    }

    /// <summary>Ones where an element of <paramref name="p"/>, as a probability, says so, else zeros, of the type of p.</summary>
    public static Tensor Bernoulli(Tensor p, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        if (!p.DType.IsFloating()) throw NotFloating("bernoulli", p.DType);
        using (GradSwitch.Off())
        {
            var probability = p.To(DTypes.Compute(p.DType));
            foreach (double value in probability.ToArray<double>())
                if (!(value is >= 0 and <= 1))
                    throw new ArgumentOutOfRangeException(
                        nameof(p), $"[bernoulli] the tensor of shape {p.Shape} has the element {value}, which is not a probability: "
                        + "they must be from 0 to 1. Logits become probabilities by Sigmoid().");
            return (Rand(p.Shape, probability.DType, p.Device, generator) < probability).To(p.DType);
        }
    }

    /// <summary>Integers from low to high − 1, all equally likely (within 2⁻⁶⁴ of their range).</summary>
    public static Tensor RandInt(
        long low, long high, Shape shape, DType dtype = DType.Int64, Device? device = null, Generator? generator = null)
    {
        if (low >= high) throw new ArgumentException(
            $"[rand_int] there is no integer from {low} to below {high}: low must be less than high.");
        CheckRange("rand_int", low, high, dtype);
        var computed = dtype == DType.Int32 ? DType.Int32 : DType.Int64;
        var result = Empty(shape, computed, device);
        var integers = new UniformIntegers(low, unchecked((ulong)high - (ulong)low));
        result.Kernels.FillRandom(integers, (generator ?? Generator.Default).Reserve(RandomSource.Blocks(result.Count, 2)), result);
        return result.To(dtype);
    }

    /// <summary>Int64 integers from low to high − 1.</summary>
    public static Tensor RandInt(long low, long high, params ReadOnlySpan<int> shape) => RandInt(low, high, new Shape(shape));

    /// <summary>The integers from 0 to n − 1 in random order, all orders equally likely.</summary>
    public static unsafe Tensor RandPerm(int n, DType dtype = DType.Int64, Device? device = null, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        CheckRange("rand_perm", 0, n, dtype);
        var order = Empty(new Shape(n), DType.Int64);
        var stream = (generator ?? Generator.Default).Reserve(RandomSource.Blocks(n, 2));
        if (Listener.IsOn) Listener.RefuseAll("rand_perm", "draws an order on the processor");
        Device.Cpu.FillRandom(new UniformIntegers(0, 1UL << 63), stream, order, factor: null);
        // The exchanges of Fisher and Yates; each element holds its random bits until its turn.
        long* p = order.Pointer<long>();
        for (int i = 0; i < n; i++)
        {
            int j = (int)Math.BigMul((ulong)p[i] << 1, (ulong)i + 1, out _);
            p[i] = p[j];
            p[j] = i;
        }
        GC.KeepAlive(order);
        return order.To(dtype).To(device ?? Device.Cpu);
    }

    private static void CheckRange(string op, long low, long high, DType dtype)
    {
        var (least, most) = DTypes.Range(dtype);
        if (low < least || high - 1 > most)
            throw new ArgumentException($"[{op}] integers from {low} to below {high} do not fit into {dtype.Name()}.");
    }

    private static Tensor FloatsFor(string op, Shape shape, DType dtype, Device? device)
        => dtype.IsFloating() ? Empty(shape, dtype, device) : throw NotFloating(op, dtype);

    private static ArgumentException NotFloating(string op, DType dtype)
        => new($"[{op}] the numbers have fractions, and {dtype.Name()} has none. Use a floating type, or RandInt for integers.");
}
