using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Products with a vector. Each element of the matrix is used once, so all that counts is to read it as it lies in memory:
/// rows are either multiplied with the vector (dots) or added up (sums).
/// </summary>
internal static unsafe class Gemv<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Elements of the matrix that are worth a thread.</summary>
    private const int Grain = 1 << 16;

    /// <summary>A matrix that is not in the second-level cache is read along its rows, where the hardware prefetches.</summary>
    private const int SweepBytes = 1 << 20, SweepRow = 1 << 11;

    /// <summary>Does the product if one operand is a vector and the memory of the other is contiguous along one axis.</summary>
    public static bool TryRun(in Problem<T> p)
    {
        if (p.M == 1 && p.BCol == 1)
            RunSums(p, p.B, p.BRow, p.A, p.ACol, p.N);
        else if (p.N == 1 && p.ARow == 1 && p.CRow == 1)
            RunSums(p, p.A, p.ACol, p.B, p.BRow, p.M);
        else if (p.M == 1 && p.BRow == 1 && p.ACol == 1)
            RunDots(p, p.B, p.BCol, p.A, p.N, 1, p.Bias);
        else if (p.N == 1 && p.ACol == 1 && p.BRow == 1)
            RunDots(p, p.A, p.ARow, p.B, p.M, p.CRow, null);
        else
            return false;
        return true;
    }

    /// <summary>True if the product adds the bias: of one row and a matrix of columns, a model's answer to one sample.</summary>
    public static bool AddsBias(in Problem<T> p) => p is { M: 1, BRow: 1, ACol: 1 } && p.BCol != 1;

    private static void RunSums(in Problem<T> p, T* rows, nint row, T* x, nint xStep, int n)
    {
        var body = new Sums { Rows = rows, Row = row, X = x, Step = xStep, Y = p.C, K = p.K, Accumulate = p.Accumulate };
        if ((long)p.K * n * sizeof(T) >= SweepBytes && n * sizeof(T) >= SweepRow)
        {
            var sweep = new Sweep { Sums = body };
            WorkerPool.For(n, Math.Max(SweepRow / sizeof(T), Grain / p.K), ref sweep);
            return;
        }

        nint block = 8 * TLanes.Count;
        WorkerPool.For(n, (Grain / p.K / block + 1) * block, ref body);
    }

    private static void RunDots(in Problem<T> p, T* rows, nint row, T* x, int n, nint step, T* bias)
    {
        var body = new Dots { Rows = rows, Row = row, X = x, Y = p.C, Step = step, K = p.K, Accumulate = p.Accumulate, Bias = bias };
        WorkerPool.For(n, (Grain / p.K / 4 + 1) * 4, ref body);
    }

    /// <summary>y[j] = Σₚ x[p] · row p[j], as many columns at a time as there are registers.</summary>
    private struct Sums : IParallelBody
    {
        public T* Rows, X, Y;
        public nint Row, Step, K;
        public bool Accumulate;

        public readonly void Run(nint from, nint to)
        {
            int lanes = TLanes.Count;
            nint j = from;
            for (; j + 8 * lanes <= to; j += 8 * lanes)
                Columns<C8>(j, Y + j, Accumulate);
            for (; j + 2 * lanes <= to; j += 2 * lanes)
                Columns<C2>(j, Y + j, Accumulate);
            for (; j + lanes <= to; j += lanes)
                Columns<C1>(j, Y + j, Accumulate);
            for (; j < to; j++)
                Column(j);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Columns<TVectors>(nint j, T* y, bool accumulate) where TVectors : unmanaged
        {
            TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            T* row = Rows + j, x = X;
            nint next = Row, step = Step;
            int lanes = TLanes.Count;
            for (nint p = K; p > 0; p--, row += next, x += step)
            {
                TVector v = TLanes.Broadcast(*x);
                s0 = TLanes.MulAdd(v, TLanes.Load(row), s0);
                if (sizeof(TVectors) > 1) s1 = TLanes.MulAdd(v, TLanes.Load(row + lanes), s1);
                if (sizeof(TVectors) > 2)
                {
                    s2 = TLanes.MulAdd(v, TLanes.Load(row + 2 * lanes), s2);
                    s3 = TLanes.MulAdd(v, TLanes.Load(row + 3 * lanes), s3);
                    s4 = TLanes.MulAdd(v, TLanes.Load(row + 4 * lanes), s4);
                    s5 = TLanes.MulAdd(v, TLanes.Load(row + 5 * lanes), s5);
                    s6 = TLanes.MulAdd(v, TLanes.Load(row + 6 * lanes), s6);
                    s7 = TLanes.MulAdd(v, TLanes.Load(row + 7 * lanes), s7);
                }
            }

            Write(y, s0, accumulate);
            if (sizeof(TVectors) > 1) Write(y + lanes, s1, accumulate);
            if (sizeof(TVectors) > 2)
            {
                Write(y + 2 * lanes, s2, accumulate);
                Write(y + 3 * lanes, s3, accumulate);
                Write(y + 4 * lanes, s4, accumulate);
                Write(y + 5 * lanes, s5, accumulate);
                Write(y + 6 * lanes, s6, accumulate);
                Write(y + 7 * lanes, s7, accumulate);
            }
        }

        [MethodImpl(AggressiveInlining)]
        private static void Write(T* y, TVector sum, bool accumulate)
            => TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(y), sum) : sum, y);

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Column(nint j)
        {
            T sum = T.Zero;
            T* row = Rows + j, x = X;
            for (nint p = K; p > 0; p--, row += Row, x += Step)
                sum = T.MultiplyAddEstimate(*x, *row, sum);
            Y[j] = Accumulate ? Y[j] + sum : sum;
        }
    }

    /// <summary>The same sums, eight rows at a time over a long stretch of y, which stays in the first-level cache.</summary>
    private struct Sweep : IParallelBody
    {
        public Sums Sums;

        public readonly void Run(nint from, nint to)
        {
            nint end = to - (to - from) % TLanes.Count, p = 0;
            for (; p + 8 <= Sums.K; p += 8)
                Eight(p, from, end);
            for (; p < Sums.K; p++)
                One(p, from, end);
            for (; end < to; end++)
                Sums.Column(end);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Eight(nint p, nint from, nint to)
        {
            T* x = Sums.X + p * Sums.Step, y = Sums.Y;
            nint step = Sums.Step, next = Sums.Row;
            TVector x0 = TLanes.Broadcast(*x), x1 = TLanes.Broadcast(x[step]), x2 = TLanes.Broadcast(x[2 * step]);
            TVector x3 = TLanes.Broadcast(x[3 * step]), x4 = TLanes.Broadcast(x[4 * step]), x5 = TLanes.Broadcast(x[5 * step]);
            TVector x6 = TLanes.Broadcast(x[6 * step]), x7 = TLanes.Broadcast(x[7 * step]);
            T* r0 = Sums.Rows + p * next, r1 = r0 + next, r2 = r1 + next, r3 = r2 + next;
            T* r4 = r3 + next, r5 = r4 + next, r6 = r5 + next, r7 = r6 + next;
            bool fresh = p == 0 && !Sums.Accumulate;
            for (nint j = from; j < to; j += TLanes.Count)
            {
                TVector sum = fresh ? TLanes.Zero : TLanes.Load(y + j);
                sum = TLanes.MulAdd(x0, TLanes.Load(r0 + j), sum);
                sum = TLanes.MulAdd(x1, TLanes.Load(r1 + j), sum);
                sum = TLanes.MulAdd(x2, TLanes.Load(r2 + j), sum);
                sum = TLanes.MulAdd(x3, TLanes.Load(r3 + j), sum);
                sum = TLanes.MulAdd(x4, TLanes.Load(r4 + j), sum);
                sum = TLanes.MulAdd(x5, TLanes.Load(r5 + j), sum);
                sum = TLanes.MulAdd(x6, TLanes.Load(r6 + j), sum);
                sum = TLanes.MulAdd(x7, TLanes.Load(r7 + j), sum);
                TLanes.Store(sum, y + j);
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void One(nint p, nint from, nint to)
        {
            T* row = Sums.Rows + p * Sums.Row, y = Sums.Y;
            TVector x = TLanes.Broadcast(Sums.X[p * Sums.Step]);
            bool fresh = p == 0 && !Sums.Accumulate;
            for (nint j = from; j < to; j += TLanes.Count)
                TLanes.Store(TLanes.MulAdd(x, TLanes.Load(row + j), fresh ? TLanes.Zero : TLanes.Load(y + j)), y + j);
        }
    }

    /// <summary>
    /// y[i] = Σₚ row i[p] · x[p], plus a bias; four rows at a time so that x is loaded once for them and no sum waits for itself.
    /// </summary>
    private struct Dots : IParallelBody
    {
        public T* Rows, X, Y, Bias;
        public nint Row, Step, K;
        public bool Accumulate;

        public readonly void Run(nint from, nint to)
        {
            nint i = from;
            for (; i + 4 <= to; i += 4)
                Four(i);
            for (; i < to; i++)
                One(i);
            if (Bias != null)
                AddBias(from, to);
        }

        /// <summary>In a pass of its own, in vectors.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void AddBias(nint from, nint to)
        {
            T* y = Y, bias = Bias;
            nint i = from;
            for (; i + TLanes.Count <= to; i += TLanes.Count)
                TLanes.Store(TLanes.Add(TLanes.Load(bias + i), TLanes.Load(y + i)), y + i);
            for (; i < to; i++)
                y[i] = bias[i] + y[i];
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Four(nint i)
        {
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            T* r0 = Rows + i * Row, r1 = r0 + Row, r2 = r1 + Row, r3 = r2 + Row, x = X;
            nint p = 0, k = K, lanes = TLanes.Count;
            for (; p + 2 * lanes <= k; p += 2 * lanes)
            {
                TVector v = TLanes.Load(x + p), w = TLanes.Load(x + p + lanes);
                a0 = TLanes.MulAdd(v, TLanes.Load(r0 + p), a0);
                a1 = TLanes.MulAdd(v, TLanes.Load(r1 + p), a1);
                a2 = TLanes.MulAdd(v, TLanes.Load(r2 + p), a2);
                a3 = TLanes.MulAdd(v, TLanes.Load(r3 + p), a3);
                b0 = TLanes.MulAdd(w, TLanes.Load(r0 + p + lanes), b0);
                b1 = TLanes.MulAdd(w, TLanes.Load(r1 + p + lanes), b1);
                b2 = TLanes.MulAdd(w, TLanes.Load(r2 + p + lanes), b2);
                b3 = TLanes.MulAdd(w, TLanes.Load(r3 + p + lanes), b3);
            }

            a0 = TLanes.Add(a0, b0);
            a1 = TLanes.Add(a1, b1);
            a2 = TLanes.Add(a2, b2);
            a3 = TLanes.Add(a3, b3);
            if (p == k && Step == 1 && !Accumulate && TrySums(a0, a1, a2, a3, Y + i))
                return;
            Finish(i, r0, p, a0);
            Finish(i + 1, r1, p, a1);
            Finish(i + 2, r2, p, a2);
            Finish(i + 3, r3, p, a3);
        }

        /// <summary>The sums of four vectors at once, by the same additions as one by one.</summary>
        [MethodImpl(AggressiveInlining)]
        private static bool TrySums(TVector a, TVector b, TVector c, TVector d, T* y)
        {
            if (typeof(TVector) != typeof(Vector256<float>) || !Avx.IsSupported) return false;
            Vector256<float> ab = Avx.HorizontalAdd((Vector256<float>)(object)a, (Vector256<float>)(object)b);
            Vector256<float> cd = Avx.HorizontalAdd((Vector256<float>)(object)c, (Vector256<float>)(object)d);
            Vector256<float> all = Avx.HorizontalAdd(ab, cd);
            (all.GetLower() + all.GetUpper()).Store((float*)y);
            return true;
        }

        /// <summary>Adds in the same order as <see cref="Four"/>, since where the rows are cut depends on the threads.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void One(nint i)
        {
            TVector a = TLanes.Zero, b = a;
            T* row = Rows + i * Row, x = X;
            nint p = 0, k = K, lanes = TLanes.Count;
            for (; p + 2 * lanes <= k; p += 2 * lanes)
            {
                a = TLanes.MulAdd(TLanes.Load(x + p), TLanes.Load(row + p), a);
                b = TLanes.MulAdd(TLanes.Load(x + p + lanes), TLanes.Load(row + p + lanes), b);
            }

            Finish(i, row, p, TLanes.Add(a, b));
        }

        [MethodImpl(AggressiveInlining)]
        private readonly void Finish(nint i, T* row, nint p, TVector vector)
        {
            T sum = TLanes.SumPairwise(vector);
            for (; p < K; p++)
                sum = T.MultiplyAddEstimate(row[p], X[p], sum);
            T* y = Y + i * Step;
            *y = Accumulate ? *y + sum : sum;
        }
    }
}
