namespace DeepNet.Tests.RandomNumbers;

public sealed class GeneratorTests
{
    // These numbers are a promise: a seed means the same in every version.
    [Fact]
    public void A_seed_always_means_the_same_numbers()
    {
        Generator Seed() => new(0);
        Assert.Equal(
            [0.39904642f, 0.88052016f, 0.73571277f, 0.6054818f, 0.97224116f], Tensor.Rand(new Shape(5), generator: Seed()).ToArray());
        Assert.Equal(
            [0.8805201978886141, 0.6054818538799212, 0.36209111566940333],
            Tensor.Rand(new Shape(3), DType.Float64, generator: Seed()).ToArray<double>());
        float[] normals = Tensor.Randn(new Shape(5), generator: Seed()).ToArray();
        float[] expected = [1.2424337f, -0.17486055f, 0.73224914f, 0.8684972f, -0.22581823f];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], normals[i], 2e-6f); // the last bits are those of log and cos
        Assert.Equal([88L, 60, 36, 3, 31, 27, 41, 42], Tensor.RandInt(0, 100, new Shape(8), generator: Seed()).ToArray<long>());
        Assert.Equal([3L, 5, 6, 7, 2, 4, 1, 0], Tensor.RandPerm(8, generator: Seed()).ToArray<long>());
        Assert.Equal(0xE169C58D_6627E8D5, Seed().NextUInt64());
    }

    [Fact]
    public void A_saved_state_continues_the_stream()
    {
        var generator = new Generator(5);
        Tensor.Rand(new Shape(1001), generator: generator);
        var state = generator.State;
        Assert.Equal(new GeneratorState(5, 251), state);
        float[] once = Tensor.Randn(new Shape(77), generator: generator).ToArray();
        Assert.Equal(251ul + 24, generator.State.Counter); // three groups of 32
        Assert.Equal(once, Tensor.Randn(new Shape(77), generator: new Generator(state)).ToArray());
        generator.State = state;
        Assert.Equal(once, Tensor.Randn(new Shape(77), generator: generator).ToArray());
    }

    [Fact]
    public void Consecutive_draws_and_splits_share_nothing()
    {
        var generator = new Generator(9);
        var seen = new HashSet<ulong>();
        for (int i = 0; i < 1000; i++) Assert.True(seen.Add(generator.NextUInt64()));
        foreach (var part in generator.Split(100).Concat(generator.Split(100)))
            for (int i = 0; i < 50; i++) Assert.True(seen.Add(part.NextUInt64()));
        Assert.Equal(new Generator(9).Split(3).Select(g => g.State), new Generator(9).Split(5).Take(3).Select(g => g.State));
        Assert.Empty(generator.Split(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Split(-1));
    }

    [Fact]
    public void Split_streams_are_uncorrelated()
    {
        var parts = new Generator(1).Split(2);
        const int n = 100_000;
        double[] a = Tensor.Randn(new Shape(n), DType.Float64, generator: parts[0]).ToArray<double>();
        double[] b = Tensor.Randn(new Shape(n), DType.Float64, generator: parts[1]).ToArray<double>();
        double correlation = a.Zip(b, (x, y) => x * y).Sum() / n;
        Assert.InRange(correlation, -4 / Math.Sqrt(n), 4 / Math.Sqrt(n));
    }

    [Fact]
    public void Threads_never_get_the_same_part_of_a_stream()
    {
        var generator = new Generator(3);
        var words = new ulong[4][];
        var threads = Enumerable.Range(0, 4)
            .Select(t => new Thread(() => words[t] = [.. Enumerable.Range(0, 2000).Select(_ => generator.NextUInt64())])).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var sequential = new Generator(3);
        Assert.Equal(Enumerable.Range(0, 8000).Select(_ => sequential.NextUInt64()).Order(), words.SelectMany(w => w).Order());
    }

    [Fact]
    public void Next_double_is_in_the_unit_interval()
    {
        var generator = new Generator(3);
        double sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            double x = generator.NextDouble();
            Assert.InRange(x, 0, Math.BitDecrement(1.0));
            sum += x;
        }
        Assert.InRange(sum / 10_000, 0.49, 0.51);
    }
}
