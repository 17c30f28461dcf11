namespace DeepNet.Ops;

/// <summary>The axes of a tensor that make up its rows: kernels take them at the end, and dense.</summary>
/// <param name="shape">The shape of the tensor.</param>
/// <param name="mask">The axes that make up a row.</param>
internal readonly struct RowAxes(Shape shape, uint mask)
{
    /// <summary>True if they are the last ones already.</summary>
    public bool AreLast { get; } = mask == 0 || Reduction.IsTrailing(mask, shape.Rank);

    public nint Length { get; } = Reduction.Length(shape, mask);

    public nint Count { get; } = Reduction.Length(shape, ~mask);

    /// <summary>The tensor as dense rows.</summary>
    public Tensor ToRows(Tensor x)
    {
        if (AreLast) return x.Contiguous();
        Span<int> order = stackalloc int[x.Rank];
        Order(order);
        return x.Permute(order).Contiguous();
    }

    /// <summary>Dense rows as the tensor that they were.</summary>
    public Tensor FromRows(Tensor rows)
    {
        if (AreLast) return rows;
        Span<int> order = stackalloc int[rows.Rank], back = stackalloc int[rows.Rank];
        Order(order);
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        return rows.Permute(back).Contiguous();
    }

    private void Order(Span<int> order)
    {
        int at = 0;
        for (uint isLast = 0; isLast < 2; isLast++)
            for (int i = 0; i < order.Length; i++)
                if ((mask >> i & 1) == isLast) order[at++] = i;
    }
}
