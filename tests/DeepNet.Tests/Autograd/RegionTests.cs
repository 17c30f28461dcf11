namespace DeepNet.Tests;

/// <summary>Regions that nobody disposed of end with what opened them, and none reaches another thread.</summary>
public class RegionTests
{
    private static (bool Records, DType? Cast, bool HasScope) Settings
        => (Autograd.IsEnabled, Autocast.Type, Devices.ThreadContext.Current.Scope is not null);

    private static readonly (bool, DType?, bool) Plain = (true, null, false);

    // Regions cannot be held across an await, so tests wait on their thread.
    private static T Outcome<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static (bool, DType?, bool) OutcomeElsewhere()
    {
        using var done = new ManualResetEventSlim();
        var seen = default((bool, DType?, bool));
        ThreadPool.QueueUserWorkItem(_ =>       // with the context of the caller
        {
            seen = Settings;
            done.Set();
        });
        done.Wait();
        return seen;
    }

    private static void Forget()
    {
        Autograd.NoGrad();
        Autocast.To(DType.BFloat16);
        Memory.Scope();
        Assert.Equal((false, DType.BFloat16, true), Settings);
    }

    [Fact]
    public void A_work_item_leaves_nothing_with_its_thread()
    {
        Parallel.For(0, 200, _ => { });
        for (int i = 0; i < 50; i++)
        {
            using var done = new ManualResetEventSlim();
            ThreadPool.UnsafeQueueUserWorkItem(_ => { Forget(); done.Set(); }, null);
            done.Wait();
            var seen = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Settings)).ToArray();
            Assert.All(seen, task => Assert.Equal(Plain, Outcome(task)));
        }
    }

    [Fact]
    public void An_async_method_leaves_nothing_with_its_caller_or_what_follows_it()
    {
        static async Task<(bool, DType?, bool)> Method()
        {
            Forget();
            await Task.Yield();
            return Settings;
        }
        var running = Method();
        Assert.Equal(Plain, Settings);
        Assert.Equal(Plain, Outcome(running));
        using (Autograd.NoGrad())
        {
            running = Method();
            Assert.Equal((false, null, false), Settings);
            Assert.Equal(Plain, Outcome(running));
            Assert.False(Autograd.IsEnabled);
        }
        Assert.Equal(Plain, Settings);
    }

    [Fact]
    public void A_task_that_runs_on_a_waiting_thread_disturbs_no_region_there()
    {
        using (Autograd.NoGrad())
        {
            for (int i = 0; i < 20; i++)
            {
                var task = new Task(Forget);
                task.RunSynchronously();
                Assert.Equal((false, null, false), Settings);
            }
            using (Autograd.EnableGrad())
            {
                ExecutionContext.Run(ExecutionContext.Capture()!.CreateCopy(), _ => Forget(), null);
                Assert.Equal(Plain, Settings);
            }
            Assert.False(Autograd.IsEnabled);
        }
    }

    [Fact]
    public void Regions_belong_to_their_thread()
    {
        using var quiet = Autograd.NoGrad();
        using var scope = Memory.Scope();
        Assert.Equal(Plain, OutcomeElsewhere());
        var thread = default((bool, DType?, bool));
        var other = new Thread(() => thread = Settings);
        other.Start();
        other.Join();
        Assert.Equal(Plain, thread);
        Assert.Equal((false, null, true), Settings);
    }

    [Fact]
    public void An_outer_region_ends_those_inside_that_were_forgotten()
    {
        var outer = Autograd.NoGrad();
        var inner = Autograd.EnableGrad();
        Autocast.To(DType.Float16);
        outer.Dispose();
        Assert.Equal(Plain, Settings);
        inner.Dispose();
        outer.Dispose();
        default(GradMode).Dispose();
        Assert.Equal(Plain, Settings);
    }

    [Fact]
    public void A_region_that_a_context_took_along_cannot_be_ended_by_another()
    {
        GradMode forgotten = default;
        var quiet = Autograd.NoGrad();
        var captured = ExecutionContext.Capture()!;
        quiet.Dispose();
        bool recorded = false;
        ExecutionContext.Run(captured, _ => recorded = Autograd.IsEnabled, null);
        Assert.True(recorded);
        forgotten.Dispose();
        Assert.Equal(Plain, Settings);
    }
}
