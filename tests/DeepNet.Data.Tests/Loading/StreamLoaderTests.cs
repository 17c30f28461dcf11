using System.Diagnostics;
using System.Runtime.CompilerServices;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Loading;

[Collection(nameof(LoaderThreads))]
public class StreamLoaderTests
{
    /// <summary>Counts from 0, and knows whether it was opened and closed, and what was read.</summary>
    private sealed class Source(int count = int.MaxValue, int failsAt = -1, int hangsAt = -1)
    {
        private int opened, closed, read;

        public int Opened => opened;
        public int Closed => closed;
        public int Read => read;

        public IEnumerable<int> Items(long from = 0)
        {
            Interlocked.Increment(ref opened);
            try
            {
                for (int i = (int)from; i < count; i++)
                {
                    if (i == failsAt) throw new FormatException($"line {i} is broken");
                    Interlocked.Increment(ref read);
                    yield return i;
                }
            }
            finally
            {
                Interlocked.Increment(ref closed);
            }
        }

        public async IAsyncEnumerable<int> Async(long from = 0, [EnumeratorCancellation] CancellationToken stop = default)
        {
            foreach (int i in Items(from))
            {
                if (i % 3 == 0) await Task.Yield();
                if (i == hangsAt) await Task.Delay(Timeout.Infinite, stop);
                yield return i;
            }
        }
    }

    private static StreamBatches<Tensor> Numbers(StreamSource<int> stream) => stream.Collate(some => Collate.Stack(some, i => i));

    private static StreamLoader<Tensor> Loader(
        StreamSource<int> stream, int workers = 0, int? steps = null, int buffer = 0, bool repeat = false)
        => new(Numbers(stream), 4, seed: 7)
        {
            Workers = workers, StepsPerEpoch = steps, ShuffleBuffer = buffer, Repeat = repeat,
        };

    private static List<long[]> Read(IEnumerable<Tensor> batches) => [.. batches.Select(b => b.ToArray<long>())];

    private static List<StreamSource<int>> Kinds(Source source)
        => [Dataset.Stream(source.Items()), Dataset.Stream(source.Async()), Dataset.Stream(at => source.Items(at)),
            Dataset.Stream(at => source.Async(at))];

    private static void Closed(Source source)
    {
        var watch = Stopwatch.StartNew();
        while (source.Closed < source.Opened && watch.Elapsed < TimeSpan.FromSeconds(5)) Thread.Sleep(5);
        Assert.Equal(source.Opened, source.Closed);
        Assert.Equal(0, Threads.LoadersAfterAWhile());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_pass_shows_every_example_once_and_ends(int workers)
    {
        var source = new Source(10);
        foreach (var stream in Kinds(source))
        {
            var loader = Loader(stream, workers);
            Assert.Equal([[0L, 1, 2, 3], [4, 5, 6, 7], [8, 9]], Read(loader));
            Assert.Equal(new LoaderState(7, 1, 0), loader.State);
            Assert.Equal(3, Read(loader).Count);
            using var dropping = new StreamLoader<Tensor>(Numbers(stream), 4)
            {
                DropLast = true, Workers = workers,
            };
            Assert.Equal(2, Read(dropping).Count);
        }
        Closed(source);
        Assert.Equal([[0L, 1, 2, 3]], Read(Loader(Dataset.Stream(new Source(4).Items()), workers)));
        Assert.Empty(Read(Loader(Dataset.Stream(new Source(0).Items()), workers, buffer: 3)));
        Assert.Equal([[0L]], Read(Loader(Dataset.Stream(new Source(1).Items()), workers, buffer: 3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Shuffling_is_the_same_for_any_number_of_workers_and_differs_by_pass_and_seed(int buffer)
    {
        var passes = new List<List<long[]>>();
        foreach (int workers in new[] { 0, 1, 4 })
        {
            var loader = Loader(Dataset.Stream(new Source(50).Async()), workers, buffer: buffer);
            passes.Add(Read(loader));
            passes.Add(Read(loader));
        }
        Assert.Equal(passes[0], passes[2]);
        Assert.Equal(passes[0], passes[4]);
        Assert.Equal(passes[1], passes[5]);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), passes[0].SelectMany(b => b).Order());
        if (buffer == 1) return;
        Assert.NotEqual(passes[0], passes[1]);
        Assert.NotEqual(passes[0].SelectMany(b => b), passes[0].SelectMany(b => b).Order());
        // Nothing moves out of its block.
        Assert.All(passes[0].SelectMany(b => b).Select((v, i) => (v, i)), p => Assert.Equal(p.v / buffer, p.i / buffer));
        var other = new StreamLoader<Tensor>(Numbers(Dataset.Stream(new Source(50).Items())), 4, seed: 8)
        {
            ShuffleBuffer = buffer,
        };
        Assert.NotEqual(passes[0], Read(other));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(3, 0, false)]
    [InlineData(0, 10, true)]
    [InlineData(2, 10, true)]
    public void Epochs_of_so_many_steps_go_on_in_one_stream_and_resume_anywhere(int workers, int buffer, bool repeat)
    {
        // Ten epochs of three batches of four are 120 examples: an endless stream, or one of 17 that repeats.
        Source Make() => repeat ? new Source(17) : new Source();
        var source = Make();
        List<long[]> expected = [];
        using (var loader = Loader(Dataset.Stream(source.Async()), workers, steps: 3, buffer, repeat))
            for (int epoch = 0; epoch < 10; epoch++)
            {
                Assert.Equal(new LoaderState(7, epoch, 0), loader.State);
                expected.AddRange(Read(loader));
            }
        Assert.Equal(30, expected.Count);
        if (!repeat) Assert.Equal(1, source.Opened);
        Closed(source);
        if (repeat)
            for (int pass = 0; pass < 7; pass++)
                Assert.Equal(
                    Enumerable.Range(0, 17).Select(i => (long)i), expected.SelectMany(b => b).Skip(17 * pass).Take(17).Order());

        for (int kind = 0; kind < 4; kind++)
            for (int start = 0; start <= 30; start += 1 + kind)
            {
                var again = Make();
                using (var loader = Loader(Kinds(again)[kind], workers, steps: 3, buffer, repeat))
                {
                    loader.State = new LoaderState(7, start / 3, start % 3);
                    var rest = new List<long[]>();
                    while (start + rest.Count < 30) rest.AddRange(Read(loader));
                    Assert.Equal(expected[start..], rest);
                }
                Closed(again);
                if (kind >= 2 && !repeat && workers == 0) Assert.Equal(120 - 4 * start, again.Read);
            }
    }

    [Fact]
    public void Resuming_a_pass_reads_a_block_and_not_what_comes_before()
    {
        var source = new Source(1000);
        var expected = Read(Loader(Dataset.Stream(source.Items()), buffer: 20));
        int before = source.Read;
        var loader = Loader(Dataset.Stream(at => source.Items(at)), buffer: 20);
        loader.State = new LoaderState(7, 0, 240);
        Assert.Equal(expected[240..], Read(loader));
        Assert.Equal(40, source.Read - before);             // 960 begins a block of 20
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_failing_source_is_reported_with_its_place_after_the_batches_before(int workers)
    {
        foreach (bool isAsync in new[] { false, true })
        {
            var source = new Source(40, failsAt: 17);
            var loader = Loader(isAsync ? Dataset.Stream(source.Async()) : Dataset.Stream(source.Items()), workers);
            var seen = new List<long>();
            var error = Assert.Throws<DataLoaderException>(() =>
            {
                foreach (var batch in loader) seen.AddRange(batch.ToArray<long>());
            });
            Assert.Equal(Enumerable.Range(0, 16).Select(i => (long)i), seen);
            Assert.Equal((0, 4, 17L), (error.Epoch, error.Batch, error.Position));
            Assert.Contains("at example 17 of the stream, line 17 is broken", error.Message, StringComparison.Ordinal);
            Assert.IsType<FormatException>(error.InnerException);
            Closed(source);
        }
        var bad = new StreamLoader(Dataset.Stream(Enumerable.Range(0, 8), i => i < 6 ? 1.0 / i : throw new FormatException("six")), 4)
        {
            Workers = workers,
        };
        var made = Assert.Throws<DataLoaderException>(() => bad.Count(_ => true));
        Assert.Equal((1, null), (made.Batch, made.Position));
        Assert.Contains("example 2 of the batch could not be made: six", made.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_stream_that_ends_early_is_an_error_unless_it_repeats(int workers)
    {
        using var loader = Loader(Dataset.Stream(new Source(10).Items()), workers, steps: 2);
        Assert.Equal(2, Read(loader).Count);
        var error = Assert.Throws<DataLoaderException>(() => Read(loader));
        Assert.Equal((1, 1), (error.Epoch, error.Batch));       // the batch of two was given out before
        Assert.Contains("ended after 10 examples, and an epoch is to have 2 batches", error.Message, StringComparison.Ordinal);
        using var empty = Loader(Dataset.Stream(new Source(0).Items()), workers, steps: 2, repeat: true);
        Assert.Contains(
            "has no examples", Assert.Throws<DataLoaderException>(() => Read(empty)).Message, StringComparison.Ordinal);
        using var endless = Loader(Dataset.Stream(new Source(1).Items()), workers, repeat: true);
        Assert.Contains(
            "StepsPerEpoch", Assert.Throws<InvalidOperationException>(() => Read(endless)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loader(Dataset.Stream(new Source().Items()), steps: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Leaving_early_closes_the_source_and_ends_the_workers(int workers)
    {
        foreach (int? steps in new int?[] { null, 5 })
            foreach (int hangsAt in new[] { -1, 6 })
            {
                var source = new Source(hangsAt: hangsAt);
                foreach (var _ in Loader(Dataset.Stream(source.Async()), workers, steps, buffer: hangsAt < 0 ? 3 : 0)) break;
                Closed(source);
            }
        var disposed = new Source();
        var loader = Loader(Dataset.Stream(disposed.Items()), workers, steps: 2);
        Read(loader);
        Assert.Equal(0, disposed.Closed);                       // open for the next epoch
        loader.Dispose();
        Closed(disposed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Cancelling_ends_a_source_that_gives_nothing(int workers)
    {
        var source = new Source(hangsAt: 9);
        using var cancel = new CancellationTokenSource();
        var seen = new List<long[]>();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in Loader(Dataset.Stream(source.Async()), workers).WithCancellation(cancel.Token))
            {
                seen.Add(batch.ToArray<long>());
                if (seen.Count == 2) cancel.CancelAfter(200);       // by then the third batch is waited for
            }
        });
        Assert.Equal([[0L, 1, 2, 3], [4, 5, 6, 7]], seen);
        Closed(source);
    }

    [Fact]
    public void Dropping_a_loader_between_epochs_ends_its_workers_and_closes_its_source()
    {
        var source = new Source();
        Drop(source);
        for (int i = 0; i < 50 && (Threads.Loaders() > 0 || source.Closed == 0); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }
        Closed(source);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Drop(Source source) => Read(Loader(Dataset.Stream(source.Items()), workers: 2, steps: 2));
    }

    [Fact]
    public void Examples_in_the_buffer_outlive_the_scopes_of_the_reader()
    {
        IEnumerable<Tensor> Tensors()
        {
            for (int i = 0; i < 30; i++) yield return Tensor.Full(new Shape(3), i);
        }
        var stream = Dataset.Stream(Tensors()).Collate(some => Collate.Stack(some, t => t));
        var loader = new StreamLoader<Tensor>(stream, 4) { ShuffleBuffer = 16 };
        using var pass = loader.GetEnumerator();
        var seen = new List<float>();
        while (true)
        {
            using var scope = Memory.Scope();
            if (!pass.MoveNext()) break;
            seen.AddRange(pass.Current.ToArray());
        }
        Assert.Equal(Enumerable.Range(0, 90).Select(i => (float)(i / 3)), seen.Order());
    }

    [Fact]
    public void An_asynchronous_source_needs_no_thread_of_the_one_that_waits()
    {
        // A context of one thread, which the loader blocks: continuations posted to it would never run.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Stuck());
        try
        {
            Assert.Equal(3, Read(Loader(Dataset.Stream(new Source(10).Async()))).Count);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public void Transforms_draw_by_the_place_in_the_epoch()
    {
        StreamLoader Make(int workers) => new(Dataset.Stream(new Source().Items(), i => (double)i, i => i), 4, seed: 3)
        {
            Workers = workers, StepsPerEpoch = 3, Transform = new GaussianNoise(1),
        };
        float[] Floats(StreamLoader loader) => [.. loader.SelectMany(b => b.X.ToArray())];
        using StreamLoader one = Make(0), two = Make(3);
        float[] first = Floats(one), second = Floats(one);
        Assert.Equal(first, Floats(two));
        Assert.Equal(second, Floats(two));
        Assert.NotEqual(first.Select((v, i) => v - i), second.Select((v, i) => v - i - 12));
        // The same noise as a loader of a data set gives.
        var data = Dataset.From(Enumerable.Range(0, 12), i => (double)i, i => i);
        var set = new DataLoader(data, 4, seed: 3) { Transform = new GaussianNoise(1) };
        Assert.Equal(first, set.SelectMany(b => b.X.ToArray()));
    }

    private sealed class Stuck : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { }
    }
}
