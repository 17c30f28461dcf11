namespace DeepNet.Ops;

/// <summary>
/// Sums of products by Einstein's notation, from diagonals, permutations, sums and matrix products. Operands are contracted
/// from left to right; a label that nobody needs any more is summed as soon as possible.
/// </summary>
internal static class Einsum
{
    /// <summary>A tensor whose axes have names, each of them once.</summary>
    private readonly record struct Named(Tensor Tensor, List<int> Labels)
    {
        public int Length(int label) => Tensor.Shape[Labels.IndexOf(label)];
    }

    public static Tensor Of(string equation, ReadOnlySpan<Tensor> operands)
    {
        if (operands.IsEmpty) throw new ArgumentException($"[einsum] \"{equation}\": there are no operands.");
        var plan = EinsumPlan.Read(equation, operands);
        CheckLengths(equation, plan, operands);
        var waiting = new Queue<Named>();
        for (int i = 0; i < operands.Length; i++) waiting.Enqueue(Diagonals(operands[i], plan.Operands[i]));

        var left = SumUnneeded(waiting.Dequeue(), waiting, plan.Result);
        while (waiting.Count > 0)
        {
            var right = waiting.Dequeue();
            right = SumUnneeded(right, waiting, [.. plan.Result, .. left.Labels]);
            left = Contract(left, right, waiting, plan.Result);
        }
        return Order(left, plan.Result);
    }

    private static void CheckLengths(string equation, EinsumPlan plan, ReadOnlySpan<Tensor> operands)
    {
        var lengths = new Dictionary<int, (int Length, int Operand)>();
        for (int i = 0; i < operands.Length; i++)
        {
            for (int axis = 0; axis < plan.Operands[i].Count; axis++)
            {
                int label = plan.Operands[i][axis], length = operands[i].Shape[axis];
                if (!lengths.TryGetValue(label, out var seen) || seen.Length == 1) lengths[label] = (length, i);
                else if (length != seen.Length && length != 1)
                    throw new ArgumentException(
                        $"[einsum] \"{equation}\": label {EinsumPlan.Name(label)} has length {seen.Length} in operand {seen.Operand} "
                        + $"of shape {operands[seen.Operand].Shape} and {length} in operand {i} of shape {operands[i].Shape}.");
            }
        }
    }

    /// <summary>A label that is there twice means the diagonal.</summary>
    private static Named Diagonals(Tensor x, List<int> labels)
    {
        labels = [.. labels];
        for (int i = 0; i < labels.Count; i++)
        {
            int twin = labels.IndexOf(labels[i], i + 1);
            if (twin < 0) continue;
            int length = Math.Max(x.Shape[i], x.Shape[twin]);
            if (x.Shape[i] != x.Shape[twin])
            {
                var lengths = x.Shape.Axes.ToArray();
                (lengths[i], lengths[twin]) = (length, length);
                x = x.Expand(lengths);
            }
            int label = labels[i];
            x = x.Diagonal(0, i, twin);     // the diagonal becomes the last axis
            labels.RemoveAt(twin);
            labels.RemoveAt(i);
            labels.Add(label);
            i = -1;
        }
        return new Named(x, labels);
    }

    private static Named SumUnneeded(Named x, IEnumerable<Named> waiting, IReadOnlyList<int> needed)
    {
        var keep = x.Labels.Where(l => needed.Contains(l) || waiting.Any(w => w.Labels.Contains(l))).ToList();
        if (keep.Count == x.Labels.Count) return x;
        int[] axes = [.. Enumerable.Range(0, x.Labels.Count).Where(i => !keep.Contains(x.Labels[i]))];
        return new Named(Sum(x.Tensor, axes).Reshape([.. keep.Select(x.Length)]), keep);
    }

    private static Tensor Sum(Tensor x, ReadOnlySpan<int> axes)
    {
        int[] lengths = x.Shape.Axes.ToArray();
        foreach (int axis in axes) lengths[axis] = 1;
        return x.SumTo(new Shape(lengths));
    }

    /// <summary>
    /// Two operands in one matrix product: labels of both that are needed later are batches, the other common ones are summed.
    /// </summary>
    private static Named Contract(Named a, Named b, Queue<Named> waiting, List<int> result)
    {
        bool IsNeeded(int label) => result.Contains(label) || waiting.Any(w => w.Labels.Contains(label));
        // A common label of length 1 on one side only is not contracted by the product: sum or repeat it there.
        foreach (int label in a.Labels.Where(b.Labels.Contains).ToArray())
        {
            if (a.Length(label) == b.Length(label)) continue;
            if (IsNeeded(label)) continue;      // batches broadcast
            if (a.Length(label) == 1) b = new Named(Sum(b.Tensor, [b.Labels.IndexOf(label)]), b.Labels);
            else a = new Named(Sum(a.Tensor, [a.Labels.IndexOf(label)]), a.Labels);
        }
        var batch = a.Labels.Where(l => b.Labels.Contains(l) && IsNeeded(l)).ToList();
        var summed = a.Labels.Where(l => b.Labels.Contains(l) && !IsNeeded(l)).ToList();
        var rows = a.Labels.Where(l => !b.Labels.Contains(l)).ToList();
        var columns = b.Labels.Where(l => !a.Labels.Contains(l)).ToList();

        if (summed.Count == 0) return Multiply(a, b, batch, rows, columns);

        var x = Fold(a, batch, rows, summed);
        var y = Fold(b, batch, summed, columns);
        var product = x.MatMul(y);
        int[] lengths = [.. product.Shape.Axes[..batch.Count], .. rows.Select(a.Length), .. columns.Select(b.Length)];
        return new Named(product.Reshape(lengths), [.. batch, .. rows, .. columns]);
    }

    /// <summary>With nothing to sum the product is elementwise.</summary>
    private static Named Multiply(Named a, Named b, List<int> batch, List<int> rows, List<int> columns)
    {
        var x = Order(a, [.. batch, .. rows]);
        var y = Order(b, [.. batch, .. columns]);
        x = x.Reshape([.. x.Shape.Axes, .. Enumerable.Repeat(1, columns.Count)]);
        y = y.Reshape([.. y.Shape.Axes[..batch.Count], .. Enumerable.Repeat(1, rows.Count), .. y.Shape.Axes[batch.Count..]]);
        return new Named(x * y, [.. batch, .. rows, .. columns]);
    }

    /// <summary>The axes in groups: each batch label alone, the other two groups as one axis each.</summary>
    private static Tensor Fold(Named x, List<int> batch, List<int> first, List<int> second)
    {
        var ordered = Order(x, [.. batch, .. first, .. second]);
        int Product(List<int> labels) => Axis.Length("einsum", Axis.Product(new Shape([.. labels.Select(x.Length)]), 0, labels.Count),
            ordered.Shape);
        return ordered.Reshape([.. batch.Select(x.Length), Product(first), Product(second)]);
    }

    private static Tensor Order(Named x, List<int> labels) => x.Tensor.Permute([.. labels.Select(l => x.Labels.IndexOf(l))]);
}
