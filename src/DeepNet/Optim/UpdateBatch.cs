using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Optim;

/// <summary>
/// Gathers the tensors of one update and runs the rule over all of them: one parallel pass a device, whatever their number,
/// sizes and element types. Kept and used again, it allocates nothing.
/// </summary>
internal sealed class UpdateBatch<TRule> where TRule : unmanaged, IUpdateRule<TRule>
{
    private UpdateItem<TRule>[] items = new UpdateItem<TRule>[8];
    private int count;
    private List<(Tensor Part, Tensor Target, Tensor? Rows)>? copies;

    public bool IsEmpty => count == 0;

    /// <summary>Adds a tensor. It may be strided: it is then updated through a dense copy, as are the rows of a sparse gradient.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="parameter">The parameter that is changed.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="state0">The state of the parameter.</param>
    /// <param name="state1">The second.</param>
    /// <param name="state2">The third.</param>
    /// <param name="rows">The indices of the rows that the gradient has and the rule is applied to; null for all.</param>
    public void Add(
        TRule rule, Tensor parameter, Tensor gradient, Tensor? state0 = null, Tensor? state1 = null, Tensor? state2 = null,
        Tensor? rows = null)
    {
        bool alone = ReferenceEquals(parameter, gradient);
        var dense = parameter;
        if (rows is not null || !parameter.IsContiguous) dense = Part(parameter, rows);
        if (rows is not null) (state0, state1, state2) = (Part(state0, rows), Part(state1, rows), Part(state2, rows));
        if (count == items.Length) Array.Resize(ref items, 2 * count);
        items[count++] = new UpdateItem<TRule>
        {
            Rule = rule,
            Parameter = dense,
            Gradient = alone ? dense : Dense(gradient, dense),
            State0 = state0,
            State1 = state1,
            State2 = state2,
        };
    }

    /// <summary>Applies the rule to all that was added, and forgets it.</summary>
    /// <param name="share">A factor for all gradients that is on their device.</param>
    public void Run(Tensor? share = null)
    {
        int pinned = 0;
        try
        {
            for (; pinned < count; pinned++) items[pinned].Parameter.Storage.Pin();
            for (int from = 0; from < count;)
            {
                var device = items[from].Parameter.Device;
                int to = from + 1;
                while (to < count && ReferenceEquals(items[to].Parameter.Device, device)) to++;
                items[from].Parameter.Kernels.Update<TRule>(items.AsSpan(from, to - from), share);
                from = to;
            }
            for (int i = 0; i < count; i++)
            {
                items[i].Parameter.MarkChanged();
                items[i].Gradient.EndRead("step");
            }
            if (copies is null) return;
            foreach (var (part, target, rows) in copies)
            {
                using var writing = target.Storage.Write();
                if (rows is null) target.Kernels.Copy(part, target);
                else Ops.Indexing.Write(target.Detach(), [rows], part);
                target.MarkChanged();
                part.Dispose();
            }
        }
        finally
        {
            for (int i = 0; i < pinned; i++) items[i].Parameter.Storage.Unpin();
            Clear();
        }
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear()
    {
        Array.Clear(items, 0, count);   // a pass keeps no gradient alive
        count = 0;
        copies?.Clear();
    }

    [return: NotNullIfNotNull(nameof(target))]
    private Tensor? Part(Tensor? target, Tensor? rows)
    {
        if (target is null) return null;
        if (!target.IsContiguous) target.CheckNoOverlap("step");
        var part = rows is null ? target.CopyDense() : Ops.IndexSelect.OfChecked(target.Detach(), 0, rows);
        (copies ??= []).Add((part, target, rows));
        return part;
    }

    private static Tensor Dense(Tensor gradient, Tensor parameter)
    {
        if (!ReferenceEquals(gradient.Device, parameter.Device))
            throw new InvalidOperationException(
                $"[step] a gradient is on {gradient.Device}, its parameter on {parameter.Device}. Move the model before the backward pass, "
                    + "not between it and the step.");
        if (gradient.DType != parameter.DType) gradient = gradient.Detach().To(parameter.DType);
        return gradient.IsContiguous ? gradient : gradient.CopyDense();
    }
}
