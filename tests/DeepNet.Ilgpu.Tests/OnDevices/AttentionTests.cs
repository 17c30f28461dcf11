using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Attention over rows that several threads share, of any length: heads that share keys, both masks, windows and slopes, there and back.
/// </summary>
public class AttentionTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_that_of_the_processor(string name)
    {
        var device = Device.Parse(name);
        Check(device, 2, 6, 3, 5, 68, new(0.4, true) { Offset = 63, HasSlopes = true }, hidden: true, added: true);
        Check(device, 1, 4, 1, 70, 70, new(0.4, true) { Window = 9 }, hidden: false, added: true);
        Check(device, 1, 3, 3, 2, 301, new(0.4, false) { HasSlopes = true }, hidden: true, added: false);
        Check(device, 2, 4, 2, 1, 33, new(0.4, true) { Offset = 32 }, hidden: true, added: false);
    }

    [Fact]
    public void In_groups_of_a_GPU()
        => Check(WideGroups.Device(), 1, 4, 2, 2, 68, new(0.4, true) { Offset = 66, HasSlopes = true, Window = 50 }, true, true);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_cache_gives_what_it_gives_on_the_processor(string name)
    {
        var device = Device.Parse(name);
        MultiHeadAttention here = new(16, 4, batchFirst: true, keyValueHeads: 2, rotary: new(4)), there = Module.Clone(here);
        there.To(device);
        var x = Tensor.Randn(new Shape(2, 5, 16), generator: new(5));
        using var off = Autograd.NoGrad();
        KeyValueCache cacheHere = new(5), cacheThere = new(5);
        foreach (var part in x.Split(2, 1))
        {
            var moved = part.To(device);
            Same.Check("a part", here.Forward(part, part, part, isCausal: true, cache: cacheHere),
                there.Forward(moved, moved, moved, isCausal: true, cache: cacheThere), 1e-5);
        }
    }

    private static void Check(
        Device device, int batch, int heads, int shared, int queries, int keys, AttentionRule rule, bool hidden, bool added)
    {
        var generator = new Generator(3);
        Tensor Of(params int[] shape) => Tensor.Randn(new Shape(shape), generator: generator);
        Tensor[] inputs = [Of(batch, heads, queries, 6), Of(batch, shared, keys, 6), Of(batch, shared, keys, 5)];
        Tensor upstream = Of(batch, heads, queries, 5);
        var masks = new AttentionMasks(
            hidden ? Tensor.Rand(new Shape(batch, 1, queries, keys), generator: generator) < 0.3 : null,
            added ? Of(heads, 1, keys) : null);
        Tensor[] expected = Run(Device.Cpu), actual = Run(device);
        for (int i = 0; i < expected.Length; i++) Same.Check($"result {i}", expected[i], actual[i], 1e-5);

        Tensor[] Run(Device on)
        {
            var x = inputs.Select(input => input.Detach().To(on).Clone().WithGrad()).ToArray();
            var y = FusedAttention.Of(x[0], x[1], x[2], masks.Select(mask => mask.To(on)), rule);
            y.Backward(upstream.To(on));
            return [y, .. x.Select(input => input.Grad!)];
        }
    }
}
