using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Tests.Nn;

/// <summary>Shared keys, windows, slopes, places behind a cache and masks together, in the kernel and in tensor operations.</summary>
public class AttentionRuleTests
{
    private static readonly Generator Random = new(8);

    /// <summary>Batch, heads, heads of keys, queries, keys, offset, window, slopes, causal, and the kinds of masks.</summary>
    public static TheoryData<int, int, int, int, int, int, int, bool, bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, int, int, bool, bool, string>
            {
                { 1, 1, 1, 1, 1, 0, 0, true, true, "" }, { 2, 6, 2, 1, 700, 699, 0, false, true, "" },
                { 2, 6, 2, 1, 700, 699, 300, true, true, "hidden added" }, { 1, 4, 1, 3, 40, 37, 0, true, true, "" },
                { 2, 4, 2, 70, 300, 230, 0, false, true, "hidden" }, { 1, 3, 3, 300, 300, 0, 40, false, true, "" },
                { 1, 2, 1, 300, 300, 0, 1, true, true, "added" }, { 1, 2, 2, 40, 9, 0, 5, false, true, "" },
                { 2, 8, 4, 33, 65, 0, 0, true, false, "hidden added" }, { 1, 6, 3, 65, 65, 0, 64, true, true, "hidden added" },
                { 1, 5, 5, 2, 530, 10, 300, true, true, "" }, { 2, 3, 1, 1, 5, 0, 0, true, false, "hidden" },
            };
            var random = new Random(4);
            for (int i = 0; i < 12; i++)
            {
                int shared = random.Next(1, 4), queries = random.Next(1, 90), offset = random.Next(2) * random.Next(300);
                cases.Add(
                    random.Next(1, 3), shared * random.Next(1, 4), shared, queries,
                    random.Next(2) == 0 ? queries + offset : random.Next(1, 500), offset,
                    random.Next(2) * random.Next(1, 300), random.Next(2) == 0, true, i % 3 == 0 ? "hidden added" : "");
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fused_form_is_the_composed_one(
        int batch, int heads, int shared, int queries, int keys, int offset, int window, bool hasSlopes, bool isCausal, string kinds)
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), generator: Random).To(DType.Float64);
        var (q, k, v) = (Of(batch, heads, queries, 6), Of(batch, shared, keys, 6), Of(batch, shared, keys, 3));
        var masks = new AttentionMasks(
            kinds.Contains("hidden", StringComparison.Ordinal) ? Tensor.Rand(new Shape(batch, 1, queries, keys), generator: Random) < 0.4
                : null,
            kinds.Contains("added", StringComparison.Ordinal) ? Tensor.Randn(new Shape(heads, 1, keys), generator: Random) : null);
        var rule = new AttentionRule(0.4, isCausal) { Offset = offset, Window = window, HasSlopes = hasSlopes };
        var upstream = Tensor.Randn(new Shape(batch, heads, queries, 3), generator: Random).To(DType.Float64);
        Func<Tensor[], AttentionMasks> typed = x => masks.Select(mask => mask.DType == DType.Bool ? mask : mask.To(x[0].DType));
        Assert.True(FusedAttention.Takes(q, k, v, typed([q])));
        Fused.AssertIsComposed(
            [q, k, v], upstream, x => FusedAttention.Of(x[0], x[1], x[2], typed(x), rule),
            x => AttentionWeights.Sum(AttentionWeights.Of(x[0], x[1], typed(x), rule), x[2]));
    }

    // Heads of queries share one of keys as if it were repeated for each.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(80)]
    public void Shared_keys_are_repeated_ones(int queries)
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random).WithGrad();
        var (q, k, v) = (Of(2, 6, queries, 4), Of(2, 2, 90, 4), Of(2, 2, 90, 5));
        var upstream = Tensor.Randn(new Shape(2, 6, queries, 5), DType.Float64, generator: Random);
        var shared = Fused.Run([q, k, v], upstream, () => Attention.ScaledDotProduct(q, k, v, isCausal: true, offset: 10));
        var repeated = Fused.Run([q, k, v], upstream, () => Attention.ScaledDotProduct(
            q, k.RepeatInterleave(3, 1), v.RepeatInterleave(3, 1), isCausal: true, offset: 10));
        Fused.AssertNear(repeated, shared, 1e-12);
    }

    [Fact]
    public void Nothing_is_kept_for_shared_keys_beyond_the_result()
    {
        using var off = Autograd.NoGrad();
        Tensor q = Tensor.Ones(8, 16, 1, 64), k = Tensor.Ones(8, 2, 512, 64);
        Memory.Reclaim();
        long before = Memory.LiveBytes;
        Memory.ResetPeak();
        var y = Attention.ScaledDotProduct(q, k, k);
        Assert.True(Memory.PeakBytes - before <= 2 << 20, $"{Memory.PeakBytes - before} bytes for a result of {y.Count * 4}");
        Assert.Equal(1, y.ToArray()[^1], 1e-6);
    }

    [Fact]
    public void Slopes_are_those_of_the_paper()
    {
        Assert.Equal([0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625], Slopes(8));
        // As the paper's code makes them for 12 heads: those of 8, and every other one of 16.
        double[] rest = [Math.Pow(2, -0.5), Math.Pow(2, -1.5), Math.Pow(2, -2.5), Math.Pow(2, -3.5)];
        Assert.Equal([.. Slopes(8), .. rest], Slopes(12), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([1.0 / 256], Slopes(1));

        static double[] Slopes(int heads) => [.. Enumerable.Range(0, heads).Select(head => AttentionRule.Slope(head, heads))];
    }

    // Key 0 is padding of the second sequence, and query i sees no later ones: scores, by hand, of zeros and distances.
    [Fact]
    public void Causal_padding_and_slopes_together()
    {
        Tensor q = Tensor.Zeros(2, 1, 3, 2), v = Tensor.Eye(3).Reshape(1, 1, 3, 3).Expand(new Shape(2, 1, 3, 3));
        var padding = Tensor.From<bool>([false, false, false, true, false, false], new Shape(2, 1, 1, 3));
        var mask = AttentionMask.Causal & AttentionMask.Hide(padding) & AttentionMask.Alibi;
        double near = 1 / (1 + Math.Exp(-1.0 / 256)), e1 = Math.Exp(-1.0 / 256), e2 = Math.Exp(-2.0 / 256), sum = 1 + e1 + e2;
        double[] wanted =
        [
            1, 0, 0, 1 - near, near, 0, e2 / sum, e1 / sum, 1 / sum,
            0, 0, 0, 0, 1, 0, 0, 1 - near, near,
        ];
        var y = Attention.ScaledDotProduct(q, Tensor.Zeros(2, 1, 3, 2), v, mask);
        Assert.Equal(wanted, y.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
        var (_, weights) = Attention.WithWeights(q, q, v, mask, default);
        Assert.Equal(wanted, weights.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Combined_masks_are_the_masks_one_after_the_other()
    {
        Tensor Of() => Tensor.Randn(new Shape(2, 3, 5, 4), generator: Random);
        var (q, k, v) = (Of(), Of(), Of());
        Tensor hidden = Tensor.Rand(new Shape(5, 5), generator: Random) < 0.3, other = Tensor.Rand(new Shape(5), generator: Random) < 0.2;
        Tensor added = Tensor.Randn(new Shape(5, 5), generator: Random), more = Tensor.Randn(new Shape(3, 1, 1), generator: Random);
        var combined = AttentionMask.Hide(hidden) & AttentionMask.Add(added) & AttentionMask.Attend(!other) & AttentionMask.Add(more)
            & AttentionMask.Window(3) & AttentionMask.Window(4);
        var distance = Tensor.Arange(5).Unsqueeze(1) - Tensor.Arange(5);
        var all = (added + more).MaskedFill(hidden | other | (distance < 0) | (distance >= 3), double.NegativeInfinity);
        Fused.AssertNear(
            [Attention.ScaledDotProduct(q, k, v, AttentionMask.Add(all)).ToArray<double>()],
            [Attention.ScaledDotProduct(q, k, v, combined).ToArray<double>()], 1e-6);
    }

    // The gradient of a mask that is added comes with the rest of the masks, too.
    [Fact]
    public void A_learned_mask_gets_its_gradient_beside_other_masks()
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random);
        Tensor q = Of(1, 4, 3, 2), k = Of(1, 2, 3, 2), v = Of(1, 2, 3, 2), bias = Of(4, 3, 3).WithGrad();
        var mask = AttentionMask.Add(bias) & AttentionMask.Causal & AttentionMask.Alibi;
        Attention.ScaledDotProduct(q, k, v, mask).Square().Sum().Backward();
        double[] gradient = bias.Grad!.ToArray<double>(), values = bias.ToArray<double>();
        foreach (int i in (int[])[0, 3, 4, 17, 35])
        {
            double At(double step)
            {
                var moved = (double[])values.Clone();
                moved[i] += step;
                var shifted = AttentionMask.Add(Tensor.From<double>(moved, bias.Shape)) & AttentionMask.Causal & AttentionMask.Alibi;
                return Attention.ScaledDotProduct(q, k, v, shifted).Square().Sum().Item<double>();
            }
            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 1e-8);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(300, 300)]
    public void What_is_not_a_number_spreads(int queries, int keys)
    {
        Tensor q = Tensor.Ones(queries, 2), k = Tensor.Ones(keys, 2), v = Tensor.Ones(keys, 2);
        var broken = q * double.NaN;
        Assert.All(Attention.ScaledDotProduct(broken, k, v).ToArray<float>(), x => Assert.True(float.IsNaN(x)));
        Assert.All(
            Attention.ScaledDotProduct(broken, k, v, AttentionMask.Causal).ToArray<float>(), x => Assert.True(float.IsNaN(x)));
    }

    [Fact]
    public void A_query_that_sees_nothing_has_no_gradient()
    {
        var x = Tensor.Randn(new Shape(2, 1, 40, 3), generator: Random).WithGrad();
        var hidden = Tensor.Arange(40) < 35;
        Tensor Run() => Attention.ScaledDotProduct(x, x, x, AttentionMask.Hide(hidden) & AttentionMask.Causal);
        Run().Sum().Backward();
        Assert.All(Run()[.., .., ..35].ToArray<float>(), y => Assert.Equal(0, y));
        Assert.All(x.Grad![.., .., ..35].ToArray<float>(), g => Assert.Equal(0, g));
        Assert.DoesNotContain(x.Grad!.ToArray<float>(), float.IsNaN);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(0, 0)]
    public void No_queries_or_no_keys(int queries, int keys)
    {
        Tensor q = Tensor.Ones(2, 4, queries, 3), k = Tensor.Ones(2, 2, keys, 3);
        var y = Attention.ScaledDotProduct(q, k, k, AttentionMask.Causal & AttentionMask.Alibi);
        Assert.Equal(new Shape(2, 4, queries, 3), y.Shape);
        Assert.All(y.ToArray<float>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Errors_say_what_is_right()
    {
        Tensor q = Tensor.Ones(1, 6, 2, 3), k = Tensor.Ones(1, 4, 2, 3);
        Assert.Equal("[attention] query (1, 6, 2, 3) and key (1, 4, 2, 3): 6 heads cannot share 4 evenly.",
            Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(q, k, k)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Attention.ScaledDotProduct(q, q, q, offset: -1));
        Assert.StartsWith("[attention_mask] keys is 0, it must be positive.",
            Assert.Throws<ArgumentOutOfRangeException>(() => AttentionMask.Window(0)).Message, StringComparison.Ordinal);
        Assert.Contains("4 heads of keys and values cannot be shared evenly by 6 heads of queries.",
            Assert.Throws<ArgumentException>(() => new MultiHeadAttention(12, 6, keyValueHeads: 4)).Message);
        Assert.Contains("RotaryEmbedding(4) for heads of 2 features: the widths must agree.",
            Assert.Throws<ArgumentException>(() => new MultiHeadAttention(12, 6, rotary: new(4))).Message);
    }
}
