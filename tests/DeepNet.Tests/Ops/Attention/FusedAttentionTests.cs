using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

public class FusedAttentionTests
{
    private static readonly Generator Random = new(3);

    public static TheoryData<int, int, int, int, int, bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, bool, string>
            {
                { 1, 1, 1, 1, 1, true, "" }, { 1, 1, 3, 2, 1, false, "" }, { 2, 33, 31, 5, 7, true, "" }, { 3, 31, 300, 8, 4, true, "" },
                { 1, 70, 530, 16, 16, false, "" }, { 1, 530, 70, 3, 3, true, "" }, { 2, 65, 65, 32, 32, true, "bool" },
                    { 2, 5, 270, 6, 5, false, "bool" },
                { 2, 40, 41, 4, 4, false, "added" }, { 1, 300, 300, 4, 6, true, "added" }, { 2, 9, 9, 4, 4, false, "keys" },
            };
            var random = new Random(1);
            for (int i = 0; i < 10; i++)
                cases.Add(
                    random.Next(1, 4), random.Next(1, 90), random.Next(1, 600), random.Next(1, 20), random.Next(1, 20), random.Next(2) == 0,
                    i % 3 == 0 ? "bool" : "");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fused_form_is_the_composed_one(int batch, int queries, int keys, int width, int valueWidth, bool isCausal, string kind)
    {
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random).WithGrad();
        var (q, k, v) = (Of(batch, 2, queries, width), Of(batch, 2, keys, width), Of(batch, 2, keys, valueWidth));
        var masks = Masks(kind, queries, keys);
        var rule = new AttentionRule(0.4, isCausal);
        var upstream = Tensor.Randn(new Shape(batch, 2, queries, valueWidth), DType.Float64, generator: Random);
        Assert.True(FusedAttention.Takes(q, k, v, masks));
        var fused = Run([q, k, v], upstream, () => FusedAttention.Of(q, k, v, masks, rule));
        var composed = Run([q, k, v], upstream, () => AttentionWeights.Of(q, k, masks, rule).MatMul(v));
        Fused.AssertNear(composed, fused, 1e-12);

        Fused.AssertSameOnTwoThreads(() => Run([q, k, v], upstream, () => FusedAttention.Of(q, k, v, masks, rule)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_layer_gives_the_same_with_and_without_weights(bool batchFirst)
    {
        var attention = new MultiHeadAttention(12, 3, batchFirst: batchFirst, generator: new(2));
        var x = Tensor.Randn(new Shape(7, 5, 12), generator: Random).WithGrad();
        var upstream = Tensor.Randn(x.Shape, generator: Random);
        var fused = Run([x], upstream, () => attention.Forward(x, x, x, isCausal: true));
        var composed = Run([x], upstream, () => attention.ForwardWithWeights(x, x, x, isCausal: true).Output);
        Fused.AssertNear(composed, fused, 1e-6);
        var other = Run([x], upstream, () => attention.Forward(x, x * 1, x, isCausal: true));
        Fused.AssertNear(composed, other, 1e-6);
    }

    [Fact]
    public void A_query_that_sees_nothing_gives_zeros()
    {
        var x = Tensor.Ones(new Shape(2, 3));
        var mask = Tensor.From<bool>([true, true, false, true], new Shape(2, 2));
        var y = Attention.ScaledDotProduct(x, x, x, AttentionMask.Hide(mask)).ToArray<float>();
        Assert.All(y[..3], value => Assert.Equal(0, value));
        Assert.All(y[3..], value => Assert.Equal(1, value));
    }

    [Fact]
    public void What_is_masked_in_a_first_block_leaves_no_trace()
    {
        var (q, k, v) = (Tensor.Randn(new Shape(3, 4), generator: Random), Tensor.Randn(new Shape(600, 4), generator: Random),
            Tensor.Randn(new Shape(600, 4), generator: Random));
        var mask = Tensor.Arange(600) < 599;
        var y = Attention.ScaledDotProduct(q, k, v, AttentionMask.Hide(mask));
        for (int i = 0; i < 3; i++) Assert.Equal(v.Select(0, 599).ToArray<float>(), y.Select(0, i).ToArray<float>());
    }

    // Query i sees the keys up to i: by the mask of what takes part, of what does not, and of −∞ that is added, in functions and layers
    // alike.
    [Fact]
    public void A_mask_says_whether_true_is_seen_or_hidden()
    {
        var (q, k, v) = (Tensor.Randn(new Shape(5, 4), generator: Random), Tensor.Randn(new Shape(5, 4), generator: Random),
            Tensor.Randn(new Shape(5, 4), generator: Random));
        var seen = Tensor.Full(new Shape(5, 5), true, DType.Bool).Tril();
        AttentionMask[] masks = [AttentionMask.Attend(seen), AttentionMask.Hide(!seen),
            AttentionMask.Add(Tensor.Zeros(5, 5).MaskedFill(!seen, double.NegativeInfinity))];
        float[] wanted = Attention.ScaledDotProduct(q, k, v, isCausal: true).ToArray();
        Assert.Equal(v.Select(0, 0).ToArray(), wanted[..4]);
        foreach (var mask in masks)
            Fused.AssertNear(
                [wanted.Select(x => (double)x).ToArray()], [Attention.ScaledDotProduct(q, k, v, mask).ToArray<double>()], 1e-6);

        var layer = new MultiHeadAttention(4, 2, batchFirst: true, generator: new(5));
        var encoder = new TransformerEncoderLayer(new(4, 2, 8) { Dropout = 0, BatchFirst = true, Generator = new(6) });
        var x = Tensor.Randn(new Shape(2, 5, 4), generator: Random);
        foreach (var mask in masks)
        {
            Fused.AssertNear([layer.Forward(x, x, x, isCausal: true).ToArray<double>()], [layer.Forward(x, x, x, mask).ToArray<double>()],
                1e-6);
            Fused.AssertNear([encoder.Forward(x, null, isCausal: true).ToArray<double>()], [encoder.Forward(x, mask).ToArray<double>()],
                1e-6);
        }
    }

    [Fact]
    public void Masks_of_another_type_or_shape_are_errors_that_say_what_is_right()
    {
        var x = Tensor.Ones(3, 2);
        Assert.Contains("attend takes a bool tensor, this one of shape (3, 3) is float32. What is added to the scores goes to Add.",
            Assert.Throws<ArgumentException>(() => AttentionMask.Attend(Tensor.Ones(3, 3))).Message);
        Assert.Contains("must be floating, this tensor of shape (2,) is bool. For bool masks: Attend, or Hide.",
            Assert.Throws<ArgumentException>(() => AttentionMask.Add(Tensor.From(true, false))).Message);
        Assert.Equal("[attention] the mask is (3, 2); for 3 queries and 3 keys it must end in (3, 3), or in 1 for either.",
            Assert.Throws<ArgumentException>(() => Attention.ScaledDotProduct(x, x, x, AttentionMask.Add(Tensor.Ones(3, 2)))).Message);
    }

    public enum Onlooker { None, OtherUse, HookOnBase, HookOnPart, Repeated, TwicePassed, OfLeaf, Frozen }

    public static TheoryData<Onlooker, bool> Onlookers
    {
        get
        {
            var cases = new TheoryData<Onlooker, bool>();
            foreach (var onlooker in Enum.GetValues<Onlooker>())
                foreach (bool isCausal in new[] { true, false }) cases.Add(onlooker, isCausal);
            return cases;
        }
    }

    // Parts of one projection add their gradients where they belong in its gradient; unless somebody looks on.
    [Theory]
    [MemberData(nameof(Onlookers))]
    public void Parts_of_one_tensor_get_the_gradients_of_separate_ones(Onlooker onlooker, bool isCausal)
    {
        const int batch = 2, steps = 37, heads = 3, width = 5;
        var x = Tensor.Randn(new Shape(batch, steps, 4 * heads * width), DType.Float64, generator: Random).WithGrad();
        var upstream = Tensor.Randn(new Shape(batch, heads, steps, width), DType.Float64, generator: Random);
        double[][] Go(bool isFused)
        {
            var seen = new List<double>();
            var made = Fused.Run([x], upstream, () =>
            {
                var all = onlooker == Onlooker.OfLeaf ? x : x.Tanh();
                if (onlooker == Onlooker.HookOnBase) all.RegisterHook(g => { seen.AddRange(g.ToArray<double>()); return g * 2; });
                var parts = all.Split(heads * width, 2);    // the fourth is not used
                if (onlooker == Onlooker.HookOnPart) parts[1].RegisterHook(g => { seen.AddRange(g.ToArray<double>()); return g * 3; });
                Tensor Head(Tensor t) => t.Reshape(batch, steps, heads, width).Transpose(1, 2);
                var (q, k, v) = (Head(parts[0]), Head(parts[1]), Head(parts[2]));
                if (onlooker == Onlooker.Repeated) (q, v) = (k, k);
                if (onlooker == Onlooker.Frozen) k = k.Detach();
                var y = isFused
                    ? FusedAttention.Of(q, k, v, default, new(0.4, isCausal))
                    : AttentionWeights.Of(q, k, default, new(0.4, isCausal)).MatMul(v);
                if (onlooker == Onlooker.TwicePassed)
                    y = y + (isFused
                        ? FusedAttention.Of(v, q, k, default, new(0.3, false))
                        : AttentionWeights.Of(v, q, default, new(0.3, false)).MatMul(k));
                return onlooker == Onlooker.OtherUse ? y + Head(parts[3]) * parts[0].Sum() : y;
            });
            return [.. made, [.. seen]];
        }
        Fused.AssertNear(Go(isFused: false), Go(isFused: true), 1e-12);
        Fused.AssertSameOnTwoThreads(() => Go(isFused: true));
    }

    [Fact]
    public void Gradients_of_parts_can_be_asked_for_by_themselves()
    {
        var x = Tensor.Randn(new Shape(1, 2, 6, 9), DType.Float64, generator: Random).WithGrad();
        var parts = (x * 2).Split(3, 3);
        var y = FusedAttention.Of(parts[0], parts[1], parts[2], default, new(0.4, true)).Sum();
        var wanted = Autograd.Grad(y, [parts[1], x], retainGraph: true);
        y.Backward();
        Assert.Equal(wanted[1].ToArray<double>(), x.Grad!.ToArray<double>());
        Assert.Equal((wanted[0] * 2).ToArray<double>(), x.Grad![.., .., .., 3..6].ToArray<double>());
    }

    private static AttentionMasks Masks(string kind, int queries, int keys) => kind switch
    {
        // The first key is seen by all.
        "bool" => new((Tensor.Rand(new Shape(2, queries, keys), generator: Random) < 0.3) & (Tensor.Arange(keys) > 0), null),
        "keys" => new(Tensor.Arange(keys) > 6, null),
        "added" => new(null, Tensor.Randn(new Shape(queries, keys), DType.Float64, generator: Random)),
        _ => default,
    };

    private static double[][] Run(Tensor[] inputs, Tensor upstream, Func<Tensor> forward) => Fused.Run(inputs, upstream, forward);
}
