namespace DeepNet.Tests;

/// <summary>Scopes give back what was made inside, at once and exactly.</summary>
public class ScopeTests
{
    [Fact]
    public void A_scope_gives_back_all_that_was_not_kept()
    {
        long before = Memory.LiveBytes;
        Tensor kept, dropped;
        using (var scope = Memory.Scope())
        {
            dropped = Tensor.Full(new Shape(100), 1);
            kept = scope.Keep(dropped * 2);
            for (int i = 0; i < 500; i++) dropped = dropped + 1;    // more than the ledger's first size
        }
        Assert.Equal(448, Memory.LiveBytes - before);
        Assert.Equal(2, kept.ToArray()[99]);
        var error = Assert.Throws<ObjectDisposedException>(() => dropped.ToArray());
        Assert.Contains("Memory.Scope ended", error.Message, StringComparison.Ordinal);
        kept.Dispose();
        Assert.Equal(before, Memory.LiveBytes);
    }

    [Fact]
    public void What_was_made_before_is_not_touched()
    {
        var x = Tensor.Ones(3);
        using (Memory.Scope()) x.AddInPlace(x);
        Assert.Equal([2f, 2, 2], x.ToArray());
    }

    [Fact]
    public void Keep_moves_to_the_scope_around()
    {
        long before = Memory.LiveBytes;
        Tensor a, b;
        using (var outer = Memory.Scope())
        {
            using (var inner = Memory.Scope())
            {
                a = inner.Keep(Tensor.Ones(3));
                b = outer.Keep(inner.Keep(Tensor.Ones(3) * 5));
            }
            Assert.Equal([1f, 1, 1], a.ToArray());
        }
        Assert.Throws<ObjectDisposedException>(() => a.ToArray());
        Assert.Equal([5f, 5, 5], b.ToArray());
        b.Dispose();
        Assert.Equal(before, Memory.LiveBytes);
    }

    [Fact]
    public void The_outer_scope_may_keep_what_an_inner_one_made()
    {
        Tensor a;
        using (var outer = Memory.Scope())
        {
            using (Memory.Scope()) a = outer.Keep(Tensor.Ones(3));
            Assert.Equal([1f, 1, 1], a.ToArray());
        }
        Assert.Equal([1f, 1, 1], a.ToArray());
    }

    [Fact]
    public void Memory_Keep_outlives_all_scopes()
    {
        Tensor a;
        using (Memory.Scope())
        using (Memory.Scope())
            a = Memory.Keep(Tensor.Ones(3));
        Assert.Equal([1f, 1, 1], a.ToArray());
    }

    [Fact]
    public void Keeping_a_view_keeps_its_memory()
    {
        Tensor view;
        using (var scope = Memory.Scope()) view = scope.Keep(Tensor.Full(new Shape(2, 3), 4).T);
        Assert.Equal([4f, 4, 4, 4, 4, 4], view.ToArray());
    }

    [Fact]
    public void A_scope_disposed_twice_ends_once()
    {
        var first = Memory.Scope();
        first.Dispose();
        var second = Memory.Scope();        // reuses the first one's ledger
        var a = Tensor.Ones(3);
        first.Dispose();
        Assert.Equal([1f, 1, 1], a.ToArray());
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a.ToArray());
        default(MemoryScope).Dispose();
    }

    [Fact]
    public void Scopes_end_in_order()
    {
        var outer = Memory.Scope();
        var inner = Memory.Scope();
        string message = "";
        try
        {
            outer.Dispose();
        }
        catch (InvalidOperationException e)
        {
            message = e.Message;
        }
        Assert.Contains("before a scope inside it", message, StringComparison.Ordinal);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void A_scope_ends_when_an_exception_passes_through()
    {
        long before = Memory.LiveBytes;
        Assert.Throws<FormatException>(new Action(() =>
        {
            using var scope = Memory.Scope();
            _ = Tensor.Ones(1000);
            throw new FormatException();
        }));
        Assert.Equal(before, Memory.LiveBytes);
    }

    [Fact]
    public void A_scope_is_its_thread_s_own()
    {
        Tensor? other = null;
        using (Memory.Scope())
        {
            var thread = new Thread(() => other = Tensor.Full(new Shape(3), 5));
            thread.Start();
            thread.Join();
        }
        Assert.Equal([5f, 5, 5], other!.ToArray());
    }

    [Fact]
    public void A_tensor_disposed_inside_is_not_given_back_twice()
    {
        Tensor b;
        using (var scope = Memory.Scope())
        {
            Tensor.Full(new Shape(5), 1).Dispose();
            b = scope.Keep(Tensor.Full(new Shape(5), 2));       // the same block, another tenancy
        }
        Assert.Equal([2f, 2, 2, 2, 2], b.ToArray());
    }

    [Fact]
    public void A_step_returns_exactly_what_it_took()
    {
        var w = Tensor.Full(new Shape(20, 30), 0.1).WithGrad();
        var b = Tensor.Full(new Shape(30), 0.1).WithGrad();
        Step(w, b);
        long before = Memory.LiveBytes;
        for (int i = 0; i < 5; i++)
        {
            Step(w, b);
            Assert.Equal(before, Memory.LiveBytes);
        }
        Assert.Equal([.. w.Grad!.ToArray()], w.Grad!.ToArray());
    }

    private static void Step(Tensor w, Tensor b)
    {
        using var scope = Memory.Scope();
        w.ZeroGrad();
        b.ZeroGrad();
        var y = ((w.Tanh() + b) * w).Exp().T.SumTo(Shape.Scalar);
        y.Backward();
    }

    [Fact]
    public void Gradients_of_parameters_outlive_the_scope()
    {
        var w = Tensor.Full(new Shape(3), 2).WithGrad();
        var shared = Tensor.Full(new Shape(3), 2).WithGrad();
        using (Memory.Scope())
        {
            var y = w.Square() + shared;
            y.Backward(Tensor.Ones(3), retainGraph: true);
            y.Backward(Tensor.Ones(3), createGraph: true);
        }
        Assert.Equal([8f, 8, 8], w.Grad!.ToArray());
        Assert.Equal([2f, 2, 2], shared.Grad!.ToArray());
        using (Memory.Scope()) w.Grad = w.Grad * 0.5;
        Assert.Equal([4f, 4, 4], w.Grad!.ToArray());
    }

    [Fact]
    public void What_Grad_returns_belongs_to_the_scope()
    {
        var w = Tensor.Full(new Shape(3), 2).WithGrad();
        long before = Memory.LiveBytes;
        Tensor kept;
        using (var scope = Memory.Scope())
        {
            var y = w.Exp() * w;
            kept = scope.Keep(Autograd.Grad(y, w, Tensor.Ones(3), retainGraph: true));
            _ = Autograd.Grad(y, [w, y], Tensor.Ones(3));
        }
        Assert.Equal(64, Memory.LiveBytes - before);
        Assert.Equal(3 * Math.Exp(2), kept.ToArray()[0], 1e-4);
    }

    [Fact]
    public void A_backward_pass_that_fails_gives_everything_back()
    {
        var w = Tensor.Full(new Shape(1000), 2).WithGrad();
        long before = Memory.LiveBytes;
        using (Memory.Scope())
        {
            var y = w.Square();
            y.RegisterHook(g => throw new FormatException());
            var z = y.Exp() + w.Sin() * y + w.Cos();
            var upstream = Tensor.Ones(1000);
            long inside = Memory.LiveBytes;
            Assert.Throws<FormatException>(() => z.Backward(upstream));
            // All that is left is what the leaf had gathered before the error, and the gradient that the hook was shown.
            Assert.Equal(2 * 4096, Memory.LiveBytes - inside);
        }
        Assert.Equal(4096, Memory.LiveBytes - before);
    }

    [Fact]
    public void Without_a_scope_a_pass_gives_its_own_gradients_back()
    {
        var w = Tensor.Full(new Shape(1000), 2).WithGrad();
        w.Sum().Backward();                             // there is a gradient to add to
        Memory.Reclaim();
        var y = w;
        for (int i = 0; i < 20; i++) y = y.Sin() * w;
        var upstream = Tensor.Ones(1000);
        long before = Memory.LiveBytes;
        y.Backward(upstream);
        Assert.Equal(before, Memory.LiveBytes);
    }
}
