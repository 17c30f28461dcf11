namespace DeepNet.Ilgpu;

/// <summary>Computes one step of a cell from its gates, with a thread for each unit of a sequence.</summary>
internal struct CellJob<TCell, V, T> : IJob where TCell : unmanaged, ICell where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Products, Bias, Before, Saved, Hidden;
    public Divisor Units;
    public int HasBias;

    public static string Name => TCell.Name;

    public void Run(long i)
    {
        long row = Units.Of(i), n = Units, unit = i - row * n, at = row * TCell.Gates * n + unit;
        CellValues<V> cell = default;
        cell.Gate0 = V.From(Gates[at]);
        if (TCell.Gates > 1) cell.Gate1 = V.From(Gates[at + n]);
        if (TCell.Gates > 2) cell.Gate2 = V.From(Gates[at + 2 * n]);
        if (TCell.Gates > 3) cell.Gate3 = V.From(Gates[at + 3 * n]);
        if (TCell.KeepsProducts)
        {
            cell.Product0 = Product(at, unit);
            if (TCell.Gates > 1) cell.Product1 = Product(at + n, unit + n);
            if (TCell.Gates > 2) cell.Product2 = Product(at + 2 * n, unit + 2 * n);
            if (TCell.Gates > 3) cell.Product3 = Product(at + 3 * n, unit + 3 * n);
        }
        cell.Before = V.From(Before[i]);
        TCell.Forward(ref cell);
        Gates[at] = V.To(cell.Gate0);
        if (TCell.Gates > 1) Gates[at + n] = V.To(cell.Gate1);
        if (TCell.Gates > 2) Gates[at + 2 * n] = V.To(cell.Gate2);
        if (TCell.Gates > 3) Gates[at + 3 * n] = V.To(cell.Gate3);
        Saved[i] = V.To(cell.Saved);
        Hidden[i] = V.To(cell.Hidden);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly V Product(long at, long gate)
    {
        V product = V.From(Products[at]);
        return HasBias != 0 ? product + V.From(Bias[gate]) : product;
    }
}

/// <summary>
/// The way back through one step; what does not go through the product is left in the gradient of the memory or hidden state.
/// </summary>
internal struct CellBackwardJob<TCell, V, T> : IJob where TCell : unmanaged, ICell where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Gates, Before, Saved, G, DHidden, DBefore, DGates, DProducts;
    public Divisor Units;

    public static string Name => TCell.Name + " backward";

    public void Run(long i)
    {
        long row = Units.Of(i), n = Units, at = row * TCell.Gates * n + i - row * n;
        CellValues<V> cell = default;
        cell.Gate0 = V.From(Gates[at]);
        if (TCell.Gates > 1) cell.Gate1 = V.From(Gates[at + n]);
        if (TCell.Gates > 2) cell.Gate2 = V.From(Gates[at + 2 * n]);
        if (TCell.Gates > 3) cell.Gate3 = V.From(Gates[at + 3 * n]);
        cell.Before = V.From(Before[i]);
        cell.Saved = V.From(Saved[i]);
        CellGradients<V> gradients = default;
        gradients.Hidden = V.From(G[i]) + V.From(DHidden[i]);
        if (TCell.HasMemory) gradients.Memory = V.From(DBefore[i]);
        TCell.Backward(cell, ref gradients);
        DGates[at] = V.To(gradients.Gate0);
        if (TCell.Gates > 1) DGates[at + n] = V.To(gradients.Gate1);
        if (TCell.Gates > 2) DGates[at + 2 * n] = V.To(gradients.Gate2);
        if (TCell.Gates > 3) DGates[at + 3 * n] = V.To(gradients.Gate3);
        if (TCell.KeepsProducts)
        {
            DProducts[at] = V.To(gradients.Product0);
            if (TCell.Gates > 1) DProducts[at + n] = V.To(gradients.Product1);
            if (TCell.Gates > 2) DProducts[at + 2 * n] = V.To(gradients.Product2);
            if (TCell.Gates > 3) DProducts[at + 3 * n] = V.To(gradients.Product3);
        }
        DBefore[i] = V.To(gradients.Before);
    }
}
