using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Nn;

namespace DeepNet.Tests.Cpu;

/// <summary>
/// Products against a plain triple loop in double precision, for every vector width (in software where the machine lacks it).
/// </summary>
[Collection(ThreadCount.Name)]
public sealed unsafe class GemmTests
{
    public enum Width
    {
        Native,
        Bits128,
        Bits256,
        Bits512,
    }

    private const float Guard = 12345.5f;

    /// <summary>A matrix of float in a buffer, seen through strides.</summary>
    private sealed class View
    {
        public readonly float[] Data;
        public readonly nint Offset, Row, Col;

        public View(int rows, int cols, string layout, int seed)
        {
            (Row, Col, Offset) = layout switch
            {
                "rows" => (cols, 1, (nint)0),
                "cols" => (1, rows, 0),
                "padded" => (cols + 5, 1, 3),
                "strided" => (3 * cols + 1, 3, 0),
                "reversed" => (-cols, 1, (nint)(rows - 1) * cols),
                "flipped" => (cols, -1, cols - 1),
                "expanded row" => (0, 1, (nint)0),
                "expanded col" => (1, 0, 0),
                _ => throw new ArgumentException(layout),
            };
            var random = new System.Random(seed);
            Data = new float[Math.Max(1, 3 * (rows + 1) * (cols + 6))];
            for (int i = 0; i < Data.Length; i++)
                Data[i] = random.NextSingle() * 2 - 1;
        }

        public ref float this[int i, int j] => ref Data[Offset + i * Row + j * Col];
    }

    private static void Multiply(Width width, View a, View b, float[] c, nint cRow, int m, int n, int k, bool accumulate)
    {
        fixed (float* pa = a.Data, pb = b.Data, pc = c)
        {
            var p = new Problem<float>
            {
                A = pa + a.Offset, ARow = a.Row, ACol = a.Col, B = pb + b.Offset, BRow = b.Row, BCol = b.Col,
                C = pc, CRow = cRow, M = m, N = n, K = k, Accumulate = accumulate,
            };
            var one = new Batch(1, 0, 0, 0);
            switch (width)
            {
                case Width.Bits128: Product<Float128, Vector128<float>, float>.Run(p, one); break;
                case Width.Bits256: Product<Float256, Vector256<float>, float>.Run(p, one); break;
                case Width.Bits512: Product<Float512, Vector512<float>, float>.Run(p, one); break;
                default: Gemm.Run(p.A, p.ARow, p.ACol, p.B, p.BRow, p.BCol, p.C, p.CRow, m, n, k, accumulate); break;
            }
        }
    }

    private static void Check(Width width, string layoutA, string layoutB, int m, int n, int k, bool accumulate)
    {
        var a = new View(m, k, layoutA, 1);
        var b = new View(k, n, layoutB, 2);
        int cRow = n + 3;
        float[] c = new float[(m + 1) * cRow];
        for (int i = 0; i < c.Length; i++)
            c[i] = i % cRow < n && i < m * cRow ? i % 7 - 3 : Guard;
        float[] before = (float[])c.Clone();

        Multiply(width, a, b, c, cRow, m, n, k, accumulate);

        for (int i = 0; i < c.Length; i++)
        {
            int row = i / cRow, col = i % cRow;
            if (row >= m || col >= n)
            {
                Assert.Equal(Guard, c[i]);
                continue;
            }

            double sum = accumulate ? before[i] : 0, size = Math.Abs(sum);
            for (int p = 0; p < k; p++)
            {
                sum += (double)a[row, p] * b[p, col];
                size += Math.Abs((double)a[row, p] * b[p, col]);
            }

            // The classic bound: k roundings, each of half a unit of a partial sum no larger than the sum of magnitudes.
            double bound = (k + 1) * Math.Pow(2, -24) * size;
            if (!(Math.Abs(c[i] - sum) <= bound))
                Assert.Fail(
                    $"{width} {layoutA} x {layoutB}, {m} x {n} x {k}, accumulate {accumulate}: C[{row}, {col}] = {c[i]}, "
                        + $"not {sum} ± {bound}");
        }
    }

    public static TheoryData<Width> Widths => [Width.Native, Width.Bits128, Width.Bits256, Width.Bits512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_small_shape(Width width)
    {
        foreach (int m in new[] { 0, 1, 2, 5, 6, 7, 11, 13 })
            foreach (int n in new[] { 0, 1, 3, 4, 5, 8, 10, 15, 16, 17, 31, 32, 33, 37, 64, 67 })
                foreach (int k in new[] { 0, 1, 2, 7, 64 })
                    foreach (string layoutA in new[] { "rows", "cols" })
                        foreach (string layoutB in new[] { "rows", "cols" })
                            Check(width, layoutA, layoutB, m, n, k, (m + n) % 2 == 0);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_pair_of_layouts(Width width)
    {
        string[] layouts = ["rows", "cols", "padded", "strided", "reversed", "flipped", "expanded row", "expanded col"];
        foreach (string layoutA in layouts)
            foreach (string layoutB in layouts)
                foreach (var (m, n, k) in new[] { (1, 19, 33), (19, 1, 33), (7, 19, 33), (23, 41, 5) })
                {
                    Check(width, layoutA, layoutB, m, n, k, false);
                    Check(width, layoutA, layoutB, m, n, k, true);
                }
    }

    [Theory]
    [InlineData(Width.Native, 97, 101, 103)]
    [InlineData(Width.Native, 193, 257, 521)]
    [InlineData(Width.Native, 64, 128, 784)]
    [InlineData(Width.Native, 784, 128, 64)]
    [InlineData(Width.Native, 300, 10, 300)]
    [InlineData(Width.Native, 5, 4100, 20)]
    [InlineData(Width.Native, 4100, 5, 20)]
    [InlineData(Width.Native, 4100, 17, 3)]
    [InlineData(Width.Native, 33, 1024, 1024)]
    [InlineData(Width.Native, 1, 1000, 1500)]
    [InlineData(Width.Native, 1, 2003, 1501)]
    [InlineData(Width.Native, 1, 40000, 7)]
    [InlineData(Width.Native, 1000, 1, 1500)]
    [InlineData(Width.Bits128, 193, 257, 521)]
    [InlineData(Width.Bits256, 193, 257, 521)]
    [InlineData(Width.Bits512, 193, 257, 521)]
    public void Larger_shapes_cross_every_block(Width width, int m, int n, int k)
    {
        foreach (string layoutA in new[] { "rows", "cols" })
            foreach (string layoutB in new[] { "rows", "cols" })
                Check(width, layoutA, layoutB, m, n, k, layoutA == layoutB);
    }

    [Theory]
    [InlineData(65, 130, 513, "rows", "cols")]
    [InlineData(200, 300, 400, "cols", "rows")]
    [InlineData(1, 3000, 500, "rows", "rows")]
    [InlineData(1, 5003, 301, "rows", "rows")]
    [InlineData(2003, 1, 1501, "cols", "rows")]
    [InlineData(3001, 1, 500, "rows", "rows")]
    [InlineData(1, 3001, 500, "rows", "cols")]
    [InlineData(4200, 40, 30, "rows", "rows")]
    [InlineData(32, 517, 784, "rows", "cols")]
    [InlineData(64, 128, 784, "rows", "cols")]
    [InlineData(96, 128, 300, "cols", "cols")]
    public void The_number_of_threads_changes_no_bit(int m, int n, int k, string layoutA, string layoutB)
    {
        var a = new View(m, k, layoutA, 1);
        var b = new View(k, n, layoutB, 2);
        float[] expected = new float[m * n], actual = new float[m * n];
        using (new WithThreads(1))
            Multiply(Width.Native, a, b, expected, n, m, n, k, false);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            using var _ = new WithThreads(threads);
            Multiply(Width.Native, a, b, actual, n, m, n, k, false);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_order_of_B_changes_no_bit(Width width)
    {
        foreach (int m in new[] { 4, 8, 16, 24, 32, 48, 64, 100 })
            foreach (var (n, k) in new[] { (5, 70), (77, 300), (203, 784), (512, 64), (130, 1100) })
                foreach (string layoutA in new[] { "rows", "cols", "reversed" })
                {
                    View a = new(m, k, layoutA, 1), rows = new(k, n, "rows", 2), columns = new(k, n, "cols", 2);
                    for (int p = 0; p < k; p++)
                        for (int j = 0; j < n; j++) columns[p, j] = rows[p, j];
                    float[] expected = new float[m * n], actual = new float[m * n];
                    Multiply(width, a, rows, expected, n, m, n, k, false);
                    Multiply(width, a, columns, actual, n, m, n, k, false);
                    Assert.Equal(expected, actual);
                }
    }

    [Theory]
    [InlineData(32, 520, 300)]
    [InlineData(16, 203, 1100)]
    [InlineData(8, 77, 784)]
    public void The_order_of_a_weight_changes_no_bit_of_a_linear_layer(int batch, int outputs, int inputs)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            foreach (var activation in new Activation?[] { null, new Relu(), new Gelu() })
                foreach (bool hasBias in new[] { false, true })
                {
                    using var scope = Memory.Scope();
                    Tensor x = Tensor.Randn(new Shape(batch, inputs)).To(dtype), w = Tensor.Randn(new Shape(outputs, inputs)).To(dtype);
                    var bias = hasBias ? Tensor.Randn(new Shape(outputs)).To(dtype) : null;
                    var asItLies = x.Affine(w, bias, transposed: true, activation);
                    var copied = x.Affine(w.T.Contiguous(), bias, transposed: false, activation);
                    Assert.Equal(copied.To(DType.Float64).ToArray<double>(), asItLies.To(DType.Float64).ToArray<double>());
                }
    }

    [Fact]
    public void The_width_of_the_vectors_changes_no_bit()
    {
        if (!System.Runtime.Intrinsics.X86.Fma.IsSupported && !System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)
            return; // Without fused multiply-add the software's widths may round differently.
        const int M = 50, N = 70, K = 300;
        View a = new(M, K, "rows", 1), b = new(K, N, "cols", 2);
        float[] expected = new float[M * N], actual = new float[M * N];
        Multiply(Width.Bits128, a, b, expected, N, M, N, K, false);
        foreach (Width width in new[] { Width.Bits256, Width.Bits512 })
        {
            Multiply(width, a, b, actual, N, M, N, K, false);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Special_values_reach_their_row_and_no_other(float value)
    {
        foreach (var (m, n) in new[] { (1, 37), (37, 1), (13, 37), (200, 300) })
        {
            const int K = 40;
            View a = new(m, K, "rows", 1), b = new(K, n, "cols", 2);
            int hit = m / 2;
            a[hit, K - 1] = value;
            b[K - 1, 0] = 0;
            float[] c = new float[m * n];
            Multiply(Width.Native, a, b, c, n, m, n, K, false);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    float expected = i != hit ? 0 : j == 0 ? float.NaN : value * MathF.Sign(b[K - 1, j]);
                    if (i != hit)
                        Assert.True(float.IsFinite(c[i * n + j]));
                    else
                        Assert.Equal(expected, c[i * n + j]);
                }
        }
    }

    [Fact]
    public void A_product_over_nothing_is_zero_and_overwrites_NaN()
    {
        View a = new(3, 0, "rows", 1), b = new(0, 4, "rows", 2);
        float[] c = Enumerable.Repeat(float.NaN, 12).ToArray();
        Multiply(Width.Native, a, b, c, 4, 3, 4, 0, true);
        Assert.All(c, v => Assert.True(float.IsNaN(v)));
        Multiply(Width.Native, a, b, c, 4, 3, 4, 0, false);
        Assert.All(c, v => Assert.Equal(0, v));
        c.AsSpan().Fill(float.NaN);
        Multiply(Width.Native, new(3, 2, "rows", 1), new(2, 4, "rows", 2), c, 4, 3, 4, 2, false);
        Assert.All(c, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Integers_are_exact_in_double()
    {
        foreach (var (m, n, k) in new[] { (1, 1, 1), (1, 9, 5), (9, 1, 5), (7, 13, 300), (100, 210, 300) })
        {
            double[] a = Enumerable.Range(0, m * k).Select(i => (double)(i % 17 - 8)).ToArray();
            double[] b = Enumerable.Range(0, k * n).Select(i => (double)(i % 23 - 11)).ToArray();
            double[] c = new double[m * n], narrow = new double[m * n], wide = new double[m * n];
            fixed (double* pa = a, pb = b, pc = c, p2 = narrow, p8 = wide)
            {
                Gemm.Run(pa, k, 1, pb, n, 1, pc, n, m, n, k, false);
                var p = new Problem<double> { A = pa, ARow = k, ACol = 1, B = pb, BRow = n, BCol = 1, CRow = n, M = m, N = n, K = k };
                Product<Double128, Vector128<double>, double>.Run(p with { C = p2 }, new Batch(1, 0, 0, 0));
                Product<Double512, Vector512<double>, double>.Run(p with { C = p8 }, new Batch(1, 0, 0, 0));
            }

            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int q = 0; q < k; q++)
                        sum += a[i * k + q] * b[q * n + j];
                    Assert.Equal(sum, c[i * n + j]);
                }

            Assert.Equal(c, narrow);
            Assert.Equal(c, wide);
        }
    }

    [Theory]
    [InlineData(0, 3, 4, 5)]
    [InlineData(1, 3, 4, 5)]
    [InlineData(7, 3, 4, 5)]
    [InlineData(7, 1, 4, 5)]
    [InlineData(50, 64, 32, 16)]
    [InlineData(3, 130, 140, 150)]
    [InlineData(2, 3, 4, 0)]
    public void A_batch_is_each_product_by_itself(int batch, int m, int n, int k)
    {
        using var _ = new WithThreads(2);
        View a = new(Math.Max(1, batch) * m, k, "rows", 1), b = new(Math.Max(1, batch) * k, n, "rows", 2);
        float[] expected = new float[batch * m * n + 1], actual = new float[batch * m * n + 1];
        foreach (bool accumulate in new[] { false, true })
            foreach (int sharedA in new[] { 0, 1 })
                foreach (int sharedB in new[] { 0, 1 })
                    fixed (float* pa = a.Data, pb = b.Data, pe = expected, pc = actual)
                    {
                        nint nextA = sharedA == 1 ? 0 : m * k, nextB = sharedB == 1 ? 0 : k * n;
                        var all = new Problem<float>
                        {
                            A = pa, ARow = k, ACol = 1, B = pb, BRow = n, BCol = 1, C = pc, CRow = n, M = m, N = n, K = k,
                            Accumulate = accumulate,
                        };
                        Gemm.Run(all, new Batch(batch, nextA, nextB, m * n));
                        for (int i = 0; i < batch; i++)
                            Gemm.Run(pa + i * nextA, k, 1, pb + i * nextB, n, 1, pe + i * m * n, n, m, n, k, accumulate);
                        Assert.Equal(expected, actual);
                    }
    }

    [Fact]
    public void Products_may_run_on_many_threads_at_once()
    {
        using var _ = new WithThreads(2);
        const int N = 150;
        View a = new(N, N, "rows", 1), b = new(N, N, "cols", 2);
        float[] expected = new float[N * N];
        Multiply(Width.Native, a, b, expected, N, N, N, N, false);
        var results = new float[6][];
        var threads = Enumerable.Range(0, results.Length).Select(t => new Thread(() =>
        {
            for (int i = 0; i < 10; i++)
                Multiply(Width.Native, a, b, results[t] = new float[N * N], N, N, N, N, false);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.All(results, r => Assert.Equal(expected, r));
    }
}
