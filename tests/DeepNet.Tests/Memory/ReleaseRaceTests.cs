using DeepNet.Devices;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests;

/// <summary>Memory that is given back while it is being computed with: an error, never another tensor's numbers.</summary>
public class ReleaseRaceTests
{
    // An operator that is disposed of in the middle: deterministic, where a second thread would only do it now and then.
    private sealed class Disposing(Action dispose) : Operator
    {
        public override string Name => "disposing";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            dispose();
            return Tensor.Ones(2);
        }
        protected override void Vjp(Tensor gradient) => Give(0, gradient);
    }

    /// <summary>A formula that does something in the middle of a kernel.</summary>
    private readonly unsafe struct Interrupted : Ops.IUnaryOp<Interrupted>, Ops.IBinaryOp<Interrupted>
    {
        [ThreadStatic] public static Action? Do;
        public static string Name => "interrupted";
        public V Forward<V>(V x) where V : INumber<V>
        {
            Do?.Invoke();
            return x * V.Constant(2);
        }
        public V Forward<V>(V a, V b) where V : INumber<V>
        {
            Do?.Invoke();
            return a + b;
        }
        public static V Backward<V>(Interrupted op, V x, V y, V g) where V : INumber<V>
        {
            Do?.Invoke();
            return g * x * y;
        }
        static (V A, V B) Ops.IBinaryOp<Interrupted>.Backward<V>(Interrupted op, V a, V b, V y, V g)
        {
            Do?.Invoke();
            return (g * b, g * a);
        }
    }

    private static string Error(Tensor disposed, Action act)
    {
        try
        {
            Interrupted.Do = disposed.Dispose;
            return Assert.Throws<ObjectDisposedException>(act).Message;
        }
        finally
        {
            Interrupted.Do = null;
        }
    }

    [Fact]
    public void Whatever_an_operator_reads_must_live_until_it_is_done()
    {
        static Tensor New() => Tensor.Ones(2);
        const string text = "was given back while interrupted was computing with it";
        var x = New();
        Assert.Contains(text, Error(x, () => x.Apply(default(Interrupted))), StringComparison.Ordinal);
        var (a, b) = (New(), New());
        Assert.Contains(text, Error(b, () => a.Apply(default(Interrupted), b)), StringComparison.Ordinal);
        Assert.Equal(4f, (a + New()).Sum().Item());
        x = New();
        Assert.Contains(
            "[disposing]", Assert.Throws<ObjectDisposedException>(() => new Disposing(x.Dispose).Apply(a, x)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_derivative_reads_too()
    {
        var x = Tensor.Ones(2).WithGrad();
        foreach (bool binary in new[] { false, true })
        {
            var other = Tensor.Ones(2);
            var kept = x * other;
            var y = binary ? kept.Apply(default(Interrupted), other) : kept.Apply(default(Interrupted));
            Assert.Contains("[interrupted]", Error(binary ? other : kept, () => y.Backward(Tensor.Ones(2))), StringComparison.Ordinal);
        }
        var upstream = Tensor.Ones(2);
        Error(upstream, () => (x * 1).Apply(default(Interrupted)).Backward(upstream));
    }

    [Fact]
    public void Memory_that_is_written_in_place_becomes_nobody_elses_before_the_end()
    {
        var x = Tensor.Ones(100);
        var block = x.Storage.Block;
        using (x.Storage.Write())
        {
            x.Dispose();
            var others = Enumerable.Range(0, 600).Select(_ => Tensor.Ones(100)).ToArray();
            Assert.DoesNotContain(others, other => other.Storage.Block == block);
        }
        Assert.Throws<ObjectDisposedException>(() => { using var writing = x.Storage.Write(); });
        bool isFree = Enumerable.Range(0, 1200).Select(_ => Tensor.Ones(100)).ToArray().Any(other => other.Storage.Block == block);
        Assert.True(isFree);
    }

    [Fact]
    public void Threads_that_pin_and_release_lose_no_block_and_share_none()
    {
        for (int round = 0; round < 2000; round++)
        {
            var x = Tensor.Ones(16);
            var block = x.Storage.Block;
            int written = 0, refused = 0;
            Parallel.For(0, 3, i =>
            {
                if (i == 0)
                {
                    x.Dispose();
                    return;
                }
                try
                {
                    x.AddInPlace(Tensor.Ones(16));
                    Interlocked.Increment(ref written);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            });
            Assert.Equal(2, written + refused);
            Assert.False(block.IsRented && block.Owner.TryGetTarget(out var owner) && owner == x.Storage);
        }
        Memory.Reclaim();
    }

    [Fact]
    public void A_sum_on_one_thread_and_Dispose_on_another_give_the_sum_or_an_error()
    {
        const int n = 300_000;
        for (int round = 0; round < 60; round++)
        {
            var x = Tensor.Ones(n);
            var started = new ManualResetEventSlim();
            var disposing = new Thread(() =>
            {
                started.Wait();
                Thread.SpinWait(round * 40);
                x.Dispose();
                Tensor.Full(new Shape(n), 7);       // takes the very block
            });
            disposing.Start();
            started.Set();
            try
            {
                for (int i = 0; i < 20; i++) Assert.Equal(n, (x * 1).Sum().Item());
            }
            catch (ObjectDisposedException)
            {
            }
            disposing.Join();
        }
    }

    [Fact]
    public void A_step_over_a_parameter_that_was_disposed_of_is_an_error()
    {
        var parameter = new Parameter(Tensor.Ones(2));
        var optimizer = new Sgd([parameter], learningRate: 1f);
        (parameter.Value * 2).Sum().Backward();
        parameter.Value.Dispose();
        Assert.Throws<ObjectDisposedException>(optimizer.Step);
    }
}
