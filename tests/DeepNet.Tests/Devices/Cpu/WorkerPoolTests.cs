using DeepNet.Devices.Cpu;

namespace DeepNet.Tests.Cpu;

/// <summary>Tests that change the number of threads share one collection, so that they never run at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ThreadCount
{
    public const string Name = "thread count";
}

/// <summary>Sets the number of threads of the pool and puts it back.</summary>
internal readonly struct WithThreads : IDisposable
{
    private readonly int before = WorkerPool.Threads;

    public WithThreads(int threads) => WorkerPool.Threads = threads;

    public void Dispose() => WorkerPool.Threads = before;
}

[Collection(ThreadCount.Name)]
public sealed unsafe class WorkerPoolTests
{
    private readonly struct Count(int* visits) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
                Interlocked.Increment(ref visits[i]);
        }
    }

    private readonly struct Cuts(nint count, nint grain, int* bad) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            if (from % grain != 0 || (to % grain != 0 && to != count) || from >= to)
                Interlocked.Increment(ref *bad);
        }
    }

    private readonly struct Nested(int* visits, nint inner) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                var body = new Count(visits + i * inner);
                WorkerPool.For(inner, 1, ref body);
            }
        }
    }

    private readonly struct Throws(nint at, int* visits) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            Interlocked.Increment(ref *visits);
            if (at < 0 || (from <= at && at < to))
                throw new InvalidOperationException($"index {at}");
        }
    }

    private readonly struct Resizes(int threads) : IParallelBody
    {
        public void Run(nint from, nint to) => WorkerPool.Threads = threads;
    }

    private readonly struct Names(int* others, int caller) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            if (Environment.CurrentManagedThreadId != caller)
                Interlocked.Increment(ref *others);
            Thread.Sleep(1);
        }
    }

    // Workers take longer than their caller, and longer than a caller spins or yields.
    private readonly struct Sleeps(int* sleeps, int caller) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            Thread.Sleep(Environment.CurrentManagedThreadId == caller ? 1 : 5);
            Interlocked.Add(ref *sleeps, (int)(to - from));
        }
    }

    private static void AssertEachOnce(nint count, nint grain)
    {
        int[] visits = new int[count + 1];
        fixed (int* p = visits)
        {
            var body = new Count(p);
            WorkerPool.For(count, grain, ref body);
        }

        Assert.Equal(0, visits[count]);
        Assert.All(visits.Take((int)count), v => Assert.Equal(1, v));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_index_runs_exactly_once(int threads)
    {
        using var _ = new WithThreads(threads);
        foreach (nint count in new nint[] { 0, 1, 2, 3, 7, 8, 9, 31, 64, 100, 1009 })
            foreach (nint grain in new nint[] { 0, 1, 2, 7, 64, 5000 })
                AssertEachOnce(count, grain);
    }

    [Fact]
    public void A_negative_count_is_no_work()
    {
        int visits = 0;
        var body = new Count(&visits);
        WorkerPool.For(-5, 1, ref body);
        WorkerPool.ForEach(-5, ref body);
        Assert.Equal(0, visits);
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1000, 16)]
    [InlineData(1003, 17)]
    [InlineData(33, 32)]
    public void Cuts_are_multiples_of_the_grain(int count, int grain)
    {
        using var _ = new WithThreads(3);
        int bad = 0;
        var body = new Cuts(count, grain, &bad);
        WorkerPool.For(count, grain, ref body);
        Assert.Equal(0, bad);
    }

    [Fact]
    public void Tasks_run_once_each_and_one_by_one()
    {
        using var _ = new WithThreads(2);
        int[] visits = new int[57];
        fixed (int* p = visits)
        {
            var body = new Count(p);
            WorkerPool.ForEach(57, ref body);
        }

        Assert.All(visits, v => Assert.Equal(1, v));
    }

    [Fact]
    public void Other_threads_take_part()
    {
        using var _ = new WithThreads(2);
        int others = 0;
        var body = new Names(&others, Environment.CurrentManagedThreadId);
        for (int i = 0; i < 100 && others == 0; i++)
            WorkerPool.ForEach(20, ref body);
        Assert.True(others > 0);
    }

    [Fact]
    public void Nested_calls_complete()
    {
        using var _ = new WithThreads(3);
        const int Outer = 20, Inner = 30;
        int[] visits = new int[Outer * Inner];
        fixed (int* p = visits)
        {
            var body = new Nested(p, Inner);
            WorkerPool.For(Outer, 1, ref body);
        }

        Assert.All(visits, v => Assert.Equal(1, v));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 0)]
    [InlineData(2, 99)]
    [InlineData(3, -1)]
    public void An_exception_reaches_the_caller_and_the_pool_stays_usable(int threads, int at)
    {
        using var _ = new WithThreads(threads);
        for (int round = 0; round < 50; round++)
        {
            int visits = 0;
            var body = new Throws(at, &visits);
            var error = Assert.Throws<InvalidOperationException>(() => Run(body));
            Assert.Equal($"index {at}", error.Message);
            AssertEachOnce(100, 1);
        }

        static void Run(Throws body) => WorkerPool.For(100, 1, ref body);
    }

    [Fact]
    public void Many_callers_at_once_all_get_their_work_done()
    {
        using var _ = new WithThreads(3);
        int finished = 0;
        var callers = Enumerable.Range(0, 6).Select(seed => new Thread(() =>
        {
            for (int i = 0; i < 300; i++)
                AssertEachOnce(1 + (i * 7 + seed) % 50, 1);
            Interlocked.Increment(ref finished);
        })).ToList();
        callers.ForEach(t => t.Start());
        callers.ForEach(t => Assert.True(t.Join(TimeSpan.FromMinutes(1))));
        Assert.Equal(6, finished);
    }

    [Fact]
    public void The_number_of_threads_may_change_at_any_time()
    {
        using var _ = new WithThreads(2);
        bool done = false;
        var resizer = new Thread(() =>
        {
            for (int i = 0; !Volatile.Read(ref done); i++)
                WorkerPool.Threads = 1 + i % 4;
        });
        resizer.Start();
        for (int i = 0; i < 300; i++)
            AssertEachOnce(64, 1);
        Volatile.Write(ref done, true);
        Assert.True(resizer.Join(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_number_of_threads_may_change_inside_a_body()
    {
        using var _ = new WithThreads(2);
        var body = new Resizes(3);
        WorkerPool.For(10, 1, ref body);
        Assert.Equal(3, WorkerPool.Threads);
        AssertEachOnce(100, 1);
    }

    [Fact]
    public void The_number_of_threads_is_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Threads = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Threads = 1 << 20);
    }

    [Fact]
    public void Workers_wake_up_after_a_pause()
    {
        using var _ = new WithThreads(2);
        for (int i = 0; i < 30; i++)
        {
            AssertEachOnce(40, 1);
            Thread.Sleep(i % 3);
        }
    }

    [Fact]
    public void A_caller_waits_for_pieces_that_take_long()
    {
        using var _ = new WithThreads(2);
        int sleeps = 0;
        for (int i = 0; i < 20; i++)
        {
            var body = new Sleeps(&sleeps, Environment.CurrentManagedThreadId);
            WorkerPool.ForEach(2, ref body);
            AssertEachOnce(40, 1);
        }
        Assert.Equal(40, sleeps);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        using var _ = new WithThreads(2);
        int* visits = stackalloc int[64];
        var body = new Count(visits);
        for (int i = 0; i < 100; i++)
            WorkerPool.For(64, 1, ref body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            WorkerPool.For(64, 1, ref body);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);
    }
}
