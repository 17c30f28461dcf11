namespace DeepNet.Tests;

/// <summary>Memory and gradients on several threads.</summary>
public class MemoryThreadTests
{
    private static void OnThreads(int count, Action<int> body)
    {
        Exception? failure = null;
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                body(i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (failure is not null) throw new AggregateException(failure);
    }

    [Fact]
    public void Content_stays_whole_while_threads_make_drop_and_pass_on()
    {
        // A ring of slots that all threads write to and take from: blocks are made on one thread and dropped on another.
        var slots = new Tensor?[64];
        OnThreads(4, thread =>
        {
            var random = new System.Random(thread);
            for (int i = 0; i < 3000; i++)
            {
                int value = thread * 10_000 + i;
                var made = Tensor.Full(new Shape(1 + random.Next(5000)), value, DType.Int32);
                var taken = Interlocked.Exchange(ref slots[random.Next(slots.Length)], made);
                if (taken is not null)
                {
                    int[] content = taken.ToArray<int>();
                    for (int k = 1; k < content.Length; k++)
                        if (content[k] != content[0]) throw new InvalidOperationException($"{content[0]} and {content[k]} in one tensor");
                    if (i % 3 == 0) taken.Dispose();
                }
                if (i % 500 == 0) Memory.Reclaim();
                if (i % 700 == 0) Memory.Trim();
            }
        });
        Array.Clear(slots);
    }

    [Fact]
    public void Scopes_on_several_threads_give_back_exactly()
    {
        long before = Memory.LiveBytes;
        OnThreads(4, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                using var step = Memory.Scope();
                var x = Tensor.Full(new Shape(500), thread).WithGrad();
                var y = x.Square() * x;
                y.Backward(Tensor.Ones(500));
                if (x.Grad!.ToArray()[499] != 3 * thread * thread) throw new InvalidOperationException("wrong gradient");
                x.Grad.Dispose();
            }
        });
        Assert.Equal(before, Memory.LiveBytes);
    }

    [Fact]
    public void Separate_graphs_on_separate_threads_have_their_own_gradients()
    {
        OnThreads(4, thread =>
        {
            var x = Tensor.Full(new Shape(100), thread + 1).WithGrad();
            for (int i = 0; i < 100; i++)
            {
                x.ZeroGrad();
                var y = x;
                for (int k = 0; k < 5; k++) y = y * x;
                y.Backward(Tensor.Ones(100));
                Assert.All(x.Grad!.ToArray(), g => Assert.Equal(6 * MathF.Pow(thread + 1, 5), g));
            }
        });
    }

    [Fact]
    public void Threads_may_ask_for_gradients_of_the_same_parameters_at_once()
    {
        var w = Tensor.Full(new Shape(50), 3).WithGrad();
        OnThreads(4, thread =>
        {
            for (int i = 0; i < 300; i++)
            {
                var g = Autograd.Grad(w * thread + w * w, w, Tensor.Ones(50));
                Assert.All(g.ToArray(), v => Assert.Equal(thread + 6, v));
            }
        });
        Assert.Null(w.Grad);
    }

    [Fact]
    public void A_graph_may_be_made_on_one_thread_and_walked_on_another()
    {
        var x = Tensor.Full(new Shape(3), 2).WithGrad();
        Tensor? middle = null;
        OnThreads(1, _ => { for (int i = 0; i < 2000; i++) middle = x * 1; middle = middle! * x; });
        var y = middle! * x;
        OnThreads(1, _ => y.Backward(Tensor.Ones(3)));
        Assert.Equal([12f, 12, 12], x.Grad!.ToArray());
    }

    [Fact]
    public void Threads_that_end_return_their_blocks()
    {
        Memory.Trim();
        long cached = Memory.CachedBytes;       // what other threads have set aside
        OnThreads(1, _ => { for (int i = 0; i < 100; i++) Tensor.Empty(new Shape(5_000_000)).Dispose(); });
        // What a dead thread had set aside comes back when its context is collected.
        for (int i = 0; i < 20 && Memory.CachedBytes > cached; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Memory.Trim();
        }
        Assert.InRange(Memory.CachedBytes, 0, cached);
    }
}
