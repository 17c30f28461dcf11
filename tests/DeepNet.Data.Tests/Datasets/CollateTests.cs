using DeepNet.Data.Sampling;

namespace DeepNet.Data.Tests.Datasets;

public class CollateTests
{
    private sealed record Review(int[] Tokens, int Stars);

    private sealed record Reviews(Tensor Tokens, Tensor Mask, Tensor Stars) : IBatch<Reviews>
    {
        public Reviews Map(Func<Tensor, Tensor> change) => new(change(Tokens), change(Mask), change(Stars));
    }

    private static List<Review> Some(int count, ulong seed = 1)
    {
        var generator = new Generator(seed);
        return [.. Enumerable.Range(0, count).Select(i
            => new Review([.. Enumerable.Range(0, 1 + (int)(generator.NextUInt64() % 30)).Select(t => i * 100 + t)], i))];
    }

    private static IBatchSource<Reviews> Batches(IReadOnlyList<Review> reviews) => Dataset.From(reviews).Collate(some =>
    {
        var (tokens, mask, _) = Collate.Pad(some, r => r.Tokens, -1, toMultipleOf: 4);
        return new Reviews(tokens, mask, Collate.Stack(some, r => r.Stars));
    });

    [Fact]
    public void Vectors_are_padded_with_a_mask_and_lengths()
    {
        int[][] rows = [[1, 2, 3], [], [4]];
        var padded = Collate.Pad(rows, r => r, 9);
        Assert.Equal((DType.Int64, new Shape(3, 3)), (padded.Values.DType, padded.Values.Shape));
        Assert.Equal([1L, 2, 3, 9, 9, 9, 4, 9, 9], padded.Values.ToArray<long>());
        Assert.Equal([true, true, true, false, false, false, true, false, false], padded.Mask.ToArray<bool>());
        Assert.Equal([3L, 0, 1], padded.Lengths.ToArray<long>());
        Assert.Equal(3, padded.Count);
        Assert.Equal(new Shape(3, 8), Collate.Pad(rows, r => r, toMultipleOf: 8).Values.Shape);
        Assert.Equal(new Shape(1, 0), Collate.Pad(rows[1..2], r => r, toMultipleOf: 8).Values.Shape);
        Assert.Equal([0.5f, 1, 0.5f, 0.5f], Collate.Pad([[1f], Array.Empty<float>()], r => r, 0.5, toMultipleOf: 2).Values.ToArray()[..2]
            .Reverse().Concat([0.5f, 0.5f]));
    }

    [Fact]
    public void Tensors_are_padded_along_any_axis()
    {
        Tensor[] images = [Tensor.Arange(4).Reshape(2, 2), Tensor.Arange(2).Reshape(2, 1), Tensor.Zeros(new Shape(2, 0), DType.Int64)];
        foreach (int axis in new[] { 1, -1 })
        {
            var padded = Collate.Pad(images, i => i, 7, axis);
            Assert.Equal(new Shape(3, 2, 2), padded.Values.Shape);
            Assert.Equal([0L, 1, 2, 3, 0, 7, 1, 7, 7, 7, 7, 7], padded.Values.ToArray<long>());
            Assert.Equal([true, true, true, false, false, false], padded.Mask.ToArray<bool>());
        }
        var views = Collate.Pad([Tensor.Arange(6).Reshape(2, 3).Transpose(0, 1), Tensor.Arange(2).Reshape(1, 2)], i => i);
        Assert.Equal([0L, 3, 1, 4, 2, 5, 0, 1, 0, 0, 0, 0], views.Values.ToArray<long>());
        var mixed = Collate.Pad([0, 1], i => i == 0 ? new long[] { 1, 2 } : (TensorValue)Tensor.From<long>(3));
        Assert.Equal([1L, 2, 3, 0], mixed.Values.ToArray<long>());
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        Fails("example 1 of the batch is float32 (2,), that of example 0 is float32 (1,)", () => Collate.Stack([1, 2], n => new float[n]));
        Fails("example 1 of the batch is null", () => Collate.Stack(["", null!], s => s is null ? (float[]?)null : [1f]));
        Fails("a batch of no examples", () => Collate.Stack(Array.Empty<int>(), n => n));
        Fails("a batch of no examples", () => Collate.Pad(Array.Empty<int[]>(), n => n));
        Fails("example 0 of the batch is int64 (), which has no axis 0", () => Collate.Pad([1], n => n));
        Fails("has no axis 2", () => Collate.Pad([Tensor.Ones(1, 1)], t => t, axis: 2));
        Fails("may differ in length along axis 0 only", () => Collate.Pad([Tensor.Ones(1, 1), Tensor.Ones(1, 2)], t => t));
        Fails("may differ in length along axis 0 only", () => Collate.Pad([0, 1], i => i == 0 ? new[] { 1 } : new float[] { 1 } is var f
            ? (TensorValue)f
            : default));
        Fails("does not fit into uint8", () => Collate.Pad([new byte[1], new byte[2]], b => b, 300));
        Assert.Throws<ArgumentOutOfRangeException>(() => Collate.Pad([new int[1]], t => t, toMultipleOf: 0));

        static void Fails(string words, Func<object> act)
            => Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Buckets_give_batches_of_alike_length_the_same_for_any_number_of_workers_and_after_a_resume(int workers)
    {
        var reviews = Some(203);
        DataLoader<Reviews> Make(int workers) => new(Batches(reviews), 8, seed: 5)
        {
            Workers = workers, Sampler = new BucketSampler(reviews.Select(r => r.Tokens.Length), 8),
        };
        List<long[]> Stars(IEnumerable<Reviews> batches) => [.. batches.Select(b => b.Stars.ToArray<long>())];
        var loader = Make(0);
        var (first, second) = (Stars(loader), Stars(loader));
        Assert.Equal(26, first.Count);
        Assert.Equal(3, first[^1].Length);
        Assert.Equal(Enumerable.Range(0, 203).Select(i => (long)i), first.SelectMany(s => s).Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(Sorted(first), Sorted(second));
        // 25 batches of 30 lengths: within a batch they differ by little.
        Assert.All(first[..^1], s => Assert.InRange(s.Max(Length) - s.Min(Length), 0, 6));
        Assert.NotEqual(first.Select(s => s.Max(Length)), first.Select(s => s.Max(Length)).Order());

        var again = Make(workers);
        again.State = new LoaderState(5, 0, 11);
        Assert.Equal(first[11..], Stars(again));
        Assert.Equal(second, Stars(again));

        int Length(long i) => reviews[(int)i].Tokens.Length;
        static List<string> Sorted(List<long[]> batches) => [.. batches.Select(b => string.Join(' ', b.Order())).Order()];
    }

    [Fact]
    public void Buckets_of_other_batches_are_refused_and_odd_counts_work()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new DataLoader<Reviews>(Batches(Some(4)), 2) { Sampler = new BucketSampler([1, 2, 3, 4], 3) });
        Assert.Contains("batches of 3 examples, and those of the loader have 2", error.Message, StringComparison.Ordinal);
        var data = Dataset.From(Some(9));
        Assert.Equal(
            new BucketSampler(Some(9).Select(r => r.Tokens.Length), 2).Draw(DrawKey.FromSeed(1)),
            BucketSampler.Of(data, r => r.Tokens.Length, 2).Draw(DrawKey.FromSeed(1)));
        Assert.Empty(new BucketSampler([], 3).Draw(DrawKey.FromSeed(1)));
        Assert.Equal([0], new BucketSampler([7], 3).Draw(DrawKey.FromSeed(1)));
        Assert.Equal(Enumerable.Range(0, 10), new BucketSampler(new int[10], 3, pool: 1).Draw(DrawKey.FromSeed(1)).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => new BucketSampler([1], 0));
    }

    [Fact]
    public void A_batch_of_any_type_knows_its_examples_and_can_be_moved()
    {
        Assert.Equal(2, ((IBatch<Reviews>)new Reviews(Tensor.Ones(2, 3), Tensor.Ones(2, 3), Tensor.Ones(2))).Count);
        Assert.Equal(5, BatchTensors.Count((Tensor.Ones(5), Tensor.Ones(1))));
        Assert.Equal(5, BatchTensors.Count<IReadOnlyDictionary<string, Tensor>>(
            new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(5) }));
        var error = Assert.Throws<InvalidOperationException>(() => BatchTensors.Count(Array.Empty<Tensor>()));
        Assert.Contains("is missing", error.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => new DataLoader<string>(Dataset.From([1]).Collate(_ => "")) { Device = Device.Cpu });
        Assert.Equal(["1 2", "3"], new DataLoader<string>(Dataset.From([1, 2, 3]).Collate(some => string.Join(' ', some)), 2));
        var moved = new DataLoader<Reviews>(Batches(Some(3)), 3) { Device = Device.Cpu }.Single();
        Assert.Equal([0L, 1, 2], moved.Stars.ToArray<long>());
    }

    [Fact]
    public void A_function_that_fails_is_reported_with_the_examples()
    {
        var loader = new DataLoader<Tensor>(Dataset.From([1, 2, 3, 4]).Collate(some => some[0] == 3
            ? throw new FormatException("three")
            : Collate.Stack(some, n => n)), 2)
        { Workers = 2 };
        var error = Assert.Throws<DataLoaderException>(() => loader.Count(_ => true));
        Assert.Equal(1, error.Batch);
        Assert.Contains("(examples 2, 3) could not be made: three", error.Message, StringComparison.Ordinal);
    }
}
