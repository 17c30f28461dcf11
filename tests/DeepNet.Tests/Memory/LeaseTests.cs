using System.Runtime.CompilerServices;

namespace DeepNet.Tests;

/// <summary>Tests of leases: their memory stays, autograd sees their changes, and each ends once.</summary>
public class LeaseTests
{
    [Fact]
    public void A_write_between_forward_and_backward_is_noticed_however_the_lease_lies()
    {
        var x = Tensor.Ones(3).WithGrad();
        foreach (var order in new[] { "before", "around", "after", "open" })
        {
            var factor = Tensor.Ones(3);
            if (order is "around" or "before")
            {
                using var lease = factor.Lease<float>();
                if (order == "around")
                {
                    // The span is there before Forward and could be written after it.
                    Assert.StartsWith(
                        "[lease] a float32 tensor of shape (3,)", Assert.Throws<InvalidOperationException>(() => x * factor).Message);
                    continue;
                }
                lease.Span.Fill(2);
            }
            var y = x * factor;
            if (order == "before")
            {
                y.Backward(Tensor.Ones(3));
                Assert.Equal([2f, 2, 2], x.Grad!.ToArray());
            }
            else if (order == "after")
            {
                using (var lease = factor.Lease<float>()) lease.Span.Fill(2);
                Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(3)));
            }
            else
            {
                using var lease = factor[1..].Lease<float>();
                Assert.Contains(
                    "leased for writing", Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.Ones(3))).Message,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Reading_disturbs_no_backward_pass()
    {
        var x = Tensor.Ones(3).WithGrad();
        var factor = Tensor.Full(new Shape(3), 4);
        using var lease = factor.LeaseReadOnly<float>();
        (x * factor).Sum().Backward();
        Assert.Equal([4f, 4, 4], x.Grad!.ToArray());
    }

    [Fact]
    public void Labels_and_class_weights_are_watched_too()
    {
        var logits = Tensor.Arange(6f).Reshape(2, 3).WithGrad();
        var labels = Tensor.From<long>(0, 2);
        var loss = DeepNet.Nn.Loss.CrossEntropy(logits, labels);
        using (var lease = labels.Lease<long>()) lease.Span[0] = 1;
        Assert.Contains(
            "[cross_entropy]", Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_keeps_the_memory_of_a_tensor_that_nobody_else_holds()
    {
        using var lease = Temporary().Lease<float>();
        var span = lease.Span;
        for (int i = 0; i < 3; i++)
        {
            Memory.Reclaim();
            Memory.Trim();
            var other = Tensor.Full(new Shape(1000), 5);
            Assert.Equal(0, span.IndexOfAnyExcept(3f) + 1);
            other.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Temporary() => Tensor.Full(new Shape(1000), 3);

    [Fact]
    public void Memory_released_under_a_lease_is_given_back_when_it_ends()
    {
        Memory.Reclaim();       // what earlier tests left is no part of it
        long before = Memory.LiveBytes;
        var x = Temporary();
        using (var first = x.Lease<float>())
        {
            using (var second = x.LeaseReadOnly<float>())
            {
                x.Dispose();
                Assert.Throws<ObjectDisposedException>(() => x + 1);
                Assert.Throws<ObjectDisposedException>(() => { using var third = x.Lease<float>(); });
            }
            MakeOthers(x.Storage.Block);
            Assert.Equal(3f, first.Span[999]);
            first.Span[0] = 8;
        }
        Memory.Reclaim();
        Assert.Equal(before, Memory.LiveBytes);
        using (Memory.Scope())
        {
            var y = Temporary();
            using var lease = y.Lease<float>();
            Assert.Equal(3f, lease.Span[0]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeOthers(Devices.Block taken)
    {
        var others = Enumerable.Range(0, 600).Select(_ => Temporary()).ToArray();
        Assert.DoesNotContain(others, other => other.Storage.Block == taken);
        foreach (var other in others) other.CopyFrom(9f);
    }

    [Fact]
    public void A_scope_that_ends_inside_a_lease_leaves_the_span_valid()
    {
        var scope = Memory.Scope();
        var x = Temporary();
        using var lease = x.LeaseReadOnly<float>();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x + 1);
        var other = Tensor.Full(new Shape(1000), 5);
        Assert.Equal(3f, lease.Span[0]);
        Assert.Equal(5f, other[0].Item());
    }

    [Fact]
    public void Copies_of_a_lease_end_with_it_and_it_ends_once()
    {
        var x = Tensor.Ones(2);
        int version;
        {
            TensorLease<float> copy;
            using (var lease = x.Lease<float>())
            {
                copy = lease;
                copy.Span[0] = 5;
                End(lease);
                End(copy);
            }
            version = x.Storage.Version;
            bool isRefused = false;
            try
            {
                copy.Span[0] = 6;
            }
            catch (ObjectDisposedException)
            {
                isRefused = true;
            }
            Assert.True(isRefused);
            End(copy);
        }
        Assert.Equal(version, x.Storage.Version);
        Assert.Equal(2, version);
        Assert.Equal([5f, 1], x.ToArray());
        static void End<T>(T disposable) where T : IDisposable, allows ref struct => disposable.Dispose();
    }

    [Fact]
    public void Two_threads_may_write_parts_at_once()
    {
        var x = Tensor.Zeros(2, 1000);
        Parallel.For(0, 2, row =>
        {
            using var lease = x[row].Lease<float>();
            lease.Span.Fill(row + 1);
        });
        Assert.Equal(3000f, x.Sum().Item());
        Assert.Equal(4, x.Storage.Version);
        Assert.Equal(0, x.Storage.Block.Pool.Leases.Count(x.Storage));
    }
}
