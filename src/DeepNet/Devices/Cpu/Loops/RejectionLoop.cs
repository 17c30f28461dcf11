namespace DeepNet.Devices.Cpu;

/// <summary>
/// Random numbers of distributions whose inverse is no formula, by rejection. An element is a function of its own stream.
/// </summary>
internal static unsafe class RejectionLoop
{
    private const nint Grain = 256;

    /// <summary>y = gamma distributed numbers of rate 1, or their logarithms, which do not underflow; dense float64.</summary>
    public static void Gamma(Tensor concentration, RandomSource stream, Tensor y, bool isLog)
    {
        var call = new GammaCall { Concentration = concentration, Y = y, Stream = stream, IsLog = isLog };
        Simd.Run(DType.Float64, ref call);
    }

    /// <summary>y = Poisson distributed numbers; dense float64.</summary>
    public static void Poisson(Tensor rate, RandomSource stream, Tensor y)
    {
        var body = new PoissonBody { Rate = rate.Pointer<double>(), Y = y.Pointer<double>(), Stream = stream };
        WorkerPool.For(y.Count, Grain, ref body, rate, y);
    }

    private struct GammaCall : ISimdBody
    {
        public Tensor Concentration, Y;
        public RandomSource Stream;
        public bool IsLog;

        public readonly void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new GammaBody<V, T>
            {
                Concentration = Concentration.Pointer<double>(), Y = Y.Pointer<double>(), Stream = Stream, IsLog = IsLog,
            };
            WorkerPool.For(Y.Count, Grain, ref body);
        }
    }

    /// <summary>
    /// The first candidates of all elements, a vector at a time; those that the squeeze of the method does not accept, of which there are
    /// few, begin anew one by one. What an element gets does not depend on its neighbours.
    /// </summary>
    private struct GammaBody<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        private const int Block = 64;

        public double* Concentration, Y;
        public RandomSource Stream;
        public bool IsLog;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            uint* words = stackalloc uint[2 * Philox.BlockSize * Block];
            double* a = stackalloc double[Block], first = stackalloc double[Block], second = stackalloc double[Block],
                third = stackalloc double[Block], share = stackalloc double[Block], y = stackalloc double[Block];
            for (nint at = from; at < to; at += Block)
            {
                int n = (int)Math.Min(Block, to - at);
                ulong counter = unchecked(Stream.Counter + (ulong)at);
                Philox.Fill(Stream.Key, Generator.Elements, counter, words, Philox.BlockSize * n);
                Philox.Fill(Stream.Key, Generator.Elements + 1, counter, words + Philox.BlockSize * Block, Philox.BlockSize * n);
                for (int i = 0; i < n; i++)
                {
                    a[i] = Concentration[at + i];
                    // Below 1 the first block is for the power.
                    var draws = Numbers(words + Philox.BlockSize * i);
                    share[i] = draws.First;
                    if (a[i] < 1) draws = Numbers(words + Philox.BlockSize * (Block + i));
                    (first[i], second[i], third[i]) = draws;
                }
                for (int i = 0; i < n; i += V.Lanes)
                    Candidate(V.Load((T*)(a + i)), V.Load((T*)(first + i)), V.Load((T*)(second + i)), V.Load((T*)(third + i)),
                        V.Load((T*)(share + i))).Store((T*)(y + i));
                for (int i = 0; i < n; i++) Y[at + i] = double.IsNaN(y[i]) ? Alone(at + i) : y[i];
            }
        }

        private static (double First, double Second, double Third) Numbers(uint* words)
            => ElementStream.Numbers(words[0], words[1], words[2], words[3]);

        /// <summary>The numbers of elements, NaN where they need a closer look.</summary>
        [MethodImpl(AggressiveInlining)]
        private readonly V Candidate(V a, V radius, V turn, V level, V share)
        {
            V zero = V.Constant(0), one = V.Constant(1), nan = V.Constant(double.NaN);
            V isPower = V.IfGreater(one, a, one, zero), d = a + isPower - V.Constant(1.0 / 3), c = one / V.Sqrt(V.Constant(9) * d);
            V z = V.Sqrt(V.Constant(-2) * V.Log(radius)) * V.Cos(V.Constant(2 * Math.PI) * turn), root = one + c * z, square = z * z;
            V power = isPower * V.Log(share) / a;
            V value = IsLog ? V.Log(d) + V.Constant(3) * V.Log(root) + power : d * root * root * root * V.Exp(power);
            V isSqueezed = V.IfGreater(one - V.Constant(0.0331) * square * square, level, one, zero);
            return V.IfGreater(isSqueezed * root, zero, value, nan);
        }

        private readonly double Alone(nint i)
        {
            var draws = new ElementStream(Stream, i);
            double log = LogGamma(Concentration[i], ref draws);
            return IsLog ? log : Math.Exp(log);
        }
    }

    private struct PoissonBody : IParallelBody
    {
        public double* Rate, Y;
        public RandomSource Stream;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                var draws = new ElementStream(Stream, i);
                Y[i] = Poisson(Rate[i], ref draws);
            }
        }
    }

    /// <summary>
    /// Marsaglia and Tsang ("A simple method for generating gamma variables", 2000); below 1 by way of a + 1, times a power of a uniform
    /// number.
    /// </summary>
    private static double LogGamma(double a, ref ElementStream draws)
    {
        if (!(a > 0 && double.IsFinite(a))) return double.NaN;
        double power = a < 1 ? Math.Log(draws.Next().First) / a : 0;
        double d = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var (radius, turn, level) = draws.Next();
            double z = Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(2 * Math.PI * turn), root = 1 + c * z;
            if (root <= 0) continue;
            double log = 3 * Math.Log(root);
            if (Math.Log(level) < 0.5 * z * z + d * (1 - root * root * root + log)) return Math.Log(d) + log + power;
        }
    }

    /// <summary>Small rates by adding up probabilities, larger ones by Hörmann's transformed rejection (PTRS, 1993).</summary>
    private static double Poisson(double rate, ref ElementStream draws)
    {
        if (!(rate >= 0 && double.IsFinite(rate))) return double.NaN;
        if (rate < 10)
        {
            double k = 0, p = Math.Exp(-rate), left = draws.Next().First - p;
            for (; left > 0 && p > 0; left -= p) p *= rate / ++k;
            return k;
        }
        double b = 0.931 + 2.53 * Math.Sqrt(rate), a = -0.059 + 0.02483 * b, log = Math.Log(rate);
        double inverse = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            var (first, v, _) = draws.Next();
            double u = first - 0.5, us = 0.5 - Math.Abs(u), k = Math.Floor((2 * a / us + b) * u + rate + 0.43);
            if (us >= 0.07 && v <= squeeze) return k;
            if (k < 0 || (us < 0.013 && v > us)) continue;
            if (Math.Log(v * inverse / (a / (us * us) + b)) <= k * log - rate - new LogGamma().Forward(new F64(k + 1)).V) return k;
        }
    }
}
