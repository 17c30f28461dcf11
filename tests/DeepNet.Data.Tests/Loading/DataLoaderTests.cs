using System.Diagnostics;
using System.Runtime.CompilerServices;
using DeepNet.Data.Sampling;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Loading;

[Collection(nameof(LoaderThreads))]
public class DataLoaderTests
{
    private static readonly int[] WorkerCounts = [0, 1, 4];

    private static TensorDataset Numbers(int count) => new(
        Tensor.Arange(count).To(DType.Float32).Reshape(count, 1), Tensor.Arange(count));

    private static List<(float[] X, long[] Y)> Read(IEnumerable<Batch> batches)
        => [.. batches.Select(b => (b.X.ToArray(), b.Y.ToArray<long>()))];

    private static void Same(List<(float[] X, long[] Y)> expected, List<(float[] X, long[] Y)> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].X, actual[i].X);
            Assert.Equal(expected[i].Y, actual[i].Y);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_batch_is_smaller_or_dropped(bool dropLast)
    {
        var loader = new DataLoader(Numbers(10), batchSize: 3) { DropLast = dropLast };
        var read = Read(loader);
        Assert.Equal(dropLast ? 3 : 4, loader.Count);
        Assert.Equal(loader.Count, read.Count);
        Assert.Equal(dropLast ? [6, 7, 8] : new long[] { 9 }, read[^1].Y);
    }

    [Fact]
    public void Shuffling_shows_every_example_once_an_epoch_in_an_order_of_its_own()
    {
        var loader = new DataLoader(Numbers(100), 7, shuffle: true, seed: 3);
        long[] first = [.. Read(loader).SelectMany(b => b.Y)], second = [.. Read(loader).SelectMany(b => b.Y)];
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, first.Order());
        Assert.Equal(first, Read(new DataLoader(Numbers(100), 7, shuffle: true, seed: 3)).SelectMany(b => b.Y));
        Assert.NotEqual(first, Read(new DataLoader(Numbers(100), 7, shuffle: true, seed: 4)).SelectMany(b => b.Y));
    }

    [Fact]
    public void Batches_are_the_same_with_0_1_and_4_workers()
    {
        var data = new SlowDataset(60, i => i * 7919 % 5);
        var runs = WorkerCounts.Select(workers =>
        {
            var loader = new DataLoader(data, 4, shuffle: true, seed: 9) { Workers = workers, Transform = new GaussianNoise(1) };
            return Read(loader).Concat(Read(loader)).ToList();
        }).ToList();
        Assert.Equal(30, runs[0].Count);
        Same(runs[0], runs[1]);
        Same(runs[0], runs[2]);
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void A_state_resumes_in_mid_epoch(int before, int after)
    {
        DataLoader Make(int workers, ulong seed) => new(Numbers(50), 4, shuffle: true, seed)
        {
            Workers = workers, Transform = new GaussianNoise(0.5),
        };
        var whole = Make(0, 5);
        var expected = Read(whole).Concat(Read(whole)).ToList();
        for (int stop = 0; stop <= 20; stop++)
        {
            var first = Make(before, 5);
            var seen = new List<(float[], long[])>();
            LoaderState state = first.State;
            while (seen.Count < stop)
                foreach (var (x, y) in first)
                {
                    seen.Add((x.ToArray(), y.ToArray<long>()));
                    state = first.State;
                    if (seen.Count == stop) break;
                }
            var second = Make(after, 1234);                            // the seed comes with the state
            second.State = state;
            while (seen.Count < expected.Count) seen.AddRange(Read(second));
            Same(expected, seen);
        }
    }

    [Fact]
    public void A_pass_that_is_left_does_not_shorten_the_next_one()
    {
        var loader = new DataLoader(Numbers(12), 4);
        foreach (var _ in loader) break;
        Assert.Equal(new LoaderState(0, 0, 1), loader.State);
        Assert.Equal(3, Read(loader).Count);
        Assert.Equal(new LoaderState(0, 2, 0), loader.State);
    }

    [Fact]
    public void A_state_of_another_set_is_refused()
    {
        var loader = new DataLoader(Numbers(12), 4);
        var error = Assert.Throws<ArgumentException>(() => loader.State = new LoaderState(0, 0, 4));
        Assert.Contains("no place in an epoch of 3 batches", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_failure_reaches_the_caller_with_its_cause_after_the_batches_before_it(int workers)
    {
        var loader = new DataLoader(new SlowDataset(40, i => i % 3, failsAt: 17), 4) { Workers = workers };
        var seen = new List<long>();
        var error = Assert.Throws<DataLoaderException>(() =>
        {
            foreach (var (_, y) in loader) seen.AddRange(y.ToArray<long>());
        });
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (long)i), seen);
        Assert.Equal((0, 4), (error.Epoch, error.Batch));
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains("batch 4 of epoch 0 (examples 16, 17, 18, 19)", error.Message, StringComparison.Ordinal);
        Assert.Contains("SlowDataset", error.InnerException.StackTrace, StringComparison.Ordinal);
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Cancelling_ends_and_leaves_no_thread(int workers)
    {
        // A batch takes 200 seconds: only a loader that gives up in the middle of one ends in time.
        var slow = new DataLoader(new SlowDataset(4_000, _ => 50), 4_000) { Workers = workers };
        using var cancel = new CancellationTokenSource(100);
        var watch = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => Read(slow.WithCancellation(cancel.Token)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Fact]
    public void Leaving_a_pass_ends_its_workers()
    {
        foreach (var _ in new DataLoader(new SlowDataset(1000, _ => 5), 4) { Workers = 4 }) break;
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Fact]
    public void Dropping_passes_without_disposing_ends_their_workers()
    {
        Drop();
        for (int i = 0; i < 10 && Threads.Loaders() > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }
        Assert.Equal(0, Threads.Loaders());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Drop()
        {
            var loader = new DataLoader(Numbers(1000), 4) { Workers = 4 };
            for (int i = 0; i < 50; i++) Assert.True(loader.GetEnumerator().MoveNext());
        }
    }

    [Fact]
    public void A_pass_that_only_its_reader_refers_to_goes_on()
    {
        var loader = new DataLoader(new SlowDataset(40, _ => 1), 4, shuffle: false) { Workers = 2 };
        var pass = loader.GetEnumerator();
        int batches = 0;
        for (; pass.MoveNext(); batches++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(10, batches);
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Fact]
    public void Workers_do_not_run_further_ahead_than_allowed()
    {
        int made = 0;
        var loader = new DataLoader(new SlowDataset(1000, _ => { Interlocked.Increment(ref made); return 0; }), 1)
        {
            Workers = 2, Prefetch = 3,
        };
        using var pass = loader.GetEnumerator();
        pass.MoveNext();
        Thread.Sleep(100);
        Assert.True(made <= 1 + 3 + 2, $"{made} were made");
    }

    [Fact]
    public void A_sampler_decides_what_comes()
    {
        var loader = new DataLoader(Numbers(5), 2) { Sampler = new WeightedSampler([0, 0, 1, 0, 0], count: 6) };
        Assert.Equal(3, loader.Count);
        Assert.All(Read(loader).SelectMany(b => b.Y), y => Assert.Equal(2, y));
    }

    [Fact]
    public void Examples_that_are_not_alike_are_named()
    {
        var error = Assert.Throws<DataLoaderException>(() => Read(new DataLoader(new Ragged(), 2)));
        Assert.Contains("x of example 1 is float32 (2,), that of example 0 is float32 (1,)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_set_has_no_batches() => Assert.Empty(Read(new DataLoader(Numbers(0), 4, shuffle: true) { Workers = 2 }));

    private sealed class Ragged : IDataset
    {
        public int Count => 2;
        public Sample this[int index] => new(Tensor.Zeros(index + 1), Tensor.Zeros(1));
    }
}
