namespace DeepNet.Devices.Cpu;

/// <summary>A cell's formulas over the units of one sequence at one step; its gates lie n apart.</summary>
/// <remarks>Loads and stores stand in the loops themselves: behind a call for each, the JIT runs out of its budget for inlining.</remarks>
internal static unsafe class CellLoop<TCell, V, T> where TCell : unmanaged, ICell where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    /// <param name="gates">The projected input, or the sum of both projections; then the values of the gates.</param>
    /// <param name="products">The projected hidden state, where it is apart.</param>
    /// <param name="before">The memory or hidden state before the step.</param>
    /// <param name="saved">What is saved.</param>
    /// <param name="hidden">The hidden state after the step.</param>
    /// <param name="n">The number of units.</param>
    [MethodImpl(NoInlining | AggressiveOptimization), SkipLocalsInit]
    public static void Forward(T* gates, T* products, T* before, T* saved, T* hidden, nint n)
    {
        Unsafe.SkipInit(out CellValues<V> cell);
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i;
            cell.Gate0 = Load(at, rest);
            if (TCell.Gates > 1) cell.Gate1 = Load(at + n, rest);
            if (TCell.Gates > 2) cell.Gate2 = Load(at + 2 * n, rest);
            if (TCell.Gates > 3) cell.Gate3 = Load(at + 3 * n, rest);
            if (TCell.KeepsProducts)
            {
                T* product = products + i;
                cell.Product0 = Load(product, rest);
                if (TCell.Gates > 1) cell.Product1 = Load(product + n, rest);
                if (TCell.Gates > 2) cell.Product2 = Load(product + 2 * n, rest);
                if (TCell.Gates > 3) cell.Product3 = Load(product + 3 * n, rest);
            }
            cell.Before = Load(before + i, rest);
            TCell.Forward(ref cell);
            Store(cell.Gate0, at, rest);
            if (TCell.Gates > 1) Store(cell.Gate1, at + n, rest);
            if (TCell.Gates > 2) Store(cell.Gate2, at + 2 * n, rest);
            if (TCell.Gates > 3) Store(cell.Gate3, at + 3 * n, rest);
            Store(cell.Saved, saved + i, rest);
            Store(cell.Hidden, hidden + i, rest);
        }
    }

    /// <param name="gates">The values of the gates.</param>
    /// <param name="before">The memory or hidden state before the step.</param>
    /// <param name="saved">What was saved.</param>
    /// <param name="g">The gradient of the hidden state from outside.</param>
    /// <param name="dHidden">The one from the next step.</param>
    /// <param name="dBefore">The gradient of the memory after the step; then that of the memory or hidden state before it.</param>
    /// <param name="dGates">The gradient of the projected input.</param>
    /// <param name="dProducts">The gradient of the projected hidden state, where it is apart.</param>
    /// <param name="n">The number of units.</param>
    [MethodImpl(NoInlining | AggressiveOptimization), SkipLocalsInit]
    public static void Backward(T* gates, T* before, T* saved, T* g, T* dHidden, T* dBefore, T* dGates, T* dProducts, nint n)
    {
        Unsafe.SkipInit(out CellValues<V> cell);
        Unsafe.SkipInit(out CellGradients<V> gradients);
        for (nint i = 0; i < n; i += V.Lanes)
        {
            nint rest = n - i;
            T* at = gates + i, to = dGates + i;
            cell.Gate0 = Load(at, rest);
            if (TCell.Gates > 1) cell.Gate1 = Load(at + n, rest);
            if (TCell.Gates > 2) cell.Gate2 = Load(at + 2 * n, rest);
            if (TCell.Gates > 3) cell.Gate3 = Load(at + 3 * n, rest);
            cell.Before = Load(before + i, rest);
            cell.Saved = Load(saved + i, rest);
            gradients.Hidden = Load(g + i, rest) + Load(dHidden + i, rest);
            if (TCell.HasMemory) gradients.Memory = Load(dBefore + i, rest);
            TCell.Backward(cell, ref gradients);
            Store(gradients.Gate0, to, rest);
            if (TCell.Gates > 1) Store(gradients.Gate1, to + n, rest);
            if (TCell.Gates > 2) Store(gradients.Gate2, to + 2 * n, rest);
            if (TCell.Gates > 3) Store(gradients.Gate3, to + 3 * n, rest);
            if (TCell.KeepsProducts)
            {
                T* product = dProducts + i;
                Store(gradients.Product0, product, rest);
                if (TCell.Gates > 1) Store(gradients.Product1, product + n, rest);
                if (TCell.Gates > 2) Store(gradients.Product2, product + 2 * n, rest);
                if (TCell.Gates > 3) Store(gradients.Product3, product + 3 * n, rest);
            }
            Store(gradients.Before, dBefore + i, rest);
        }
    }

    /// <summary>Loads a vector of which no more than <paramref name="rest"/> lanes are there.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V Load(T* p, nint rest) => rest >= V.Lanes ? V.Load(p) : V.LoadPart(p, (int)rest);

    /// <inheritdoc cref="Load"/>
    [MethodImpl(AggressiveInlining)]
    private static void Store(V value, T* p, nint rest)
    {
        if (rest >= V.Lanes) value.Store(p);
        else value.StorePart(p, (int)rest);
    }
}
