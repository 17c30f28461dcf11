namespace DeepNet.Devices.Cpu;

/// <summary>A row operator on the processor: each row by itself, in registers if it is short.</summary>
/// <typeparam name="TFirst">The first fold.</typeparam>
/// <typeparam name="TSecond">The second fold.</typeparam>
/// <typeparam name="TMap">The map.</typeparam>
/// <typeparam name="V">The vectors.</typeparam>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="N">The scalar that a row's numbers are computed in.</typeparam>
internal unsafe struct RowBody<TFirst, TSecond, TMap, V, T, N>(TFirst first, TSecond second, TMap map, in RowOperands on) : IParallelBody
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> where N : unmanaged, INumber<N>
{
    private readonly TFirst first = first;
    private readonly TSecond second = second;
    private readonly TMap map = map;
    private readonly RowTable<T> table = new(on);

    public readonly void Run(nint from, nint to)
    {
        if (table.Length > 0 && table.Length <= V.Lanes)
            ShortRows.Run<TFirst, TSecond, TMap, C1, V, T, N>(first, second, map, table, from, to, Prefix<T>.Ones);
        else if (table.Length > 0 && table.Length <= 2 * V.Lanes)
            ShortRows.Run<TFirst, TSecond, TMap, C2, V, T, N>(first, second, map, table, from, to, Prefix<T>.Ones);
        else
            for (nint row = from; row < to; row++) RunRow(row);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void RunRow(nint row)
    {
        table.At(row, default(TMap) is IResult, out RowPointers<T> at);
        RowState<N> k = default;
        nint label = -1;
        bool counts = true;
        if (default(TMap) is IGiven) counts = table.Begin(map, row, ref k, out label);
        if (default(TMap) is ILabelled && default(TMap) is not IResult && !counts)
        {
            new Span<T>(at.Y, checked((int)table.Length)).Clear();
            return;
        }
        RowSums<T> sums1 = default, sums2 = default;
        if (typeof(TFirst) != typeof(NoFold))
        {
            sums1 = RowLoop.Fold<TFirst, C2, V, T>(first, at, RowTable<T>.From(ref k), table.Length);
            TFirst.Close(first, RowTable<T>.As<N>(sums1), N.Constant(table.Length), ref k);
        }
        if (typeof(TSecond) != typeof(NoFold))
        {
            sums2 = default(TMap) is IMapsTerms
                ? RowLoop.Fold<TSecond, C1, V, T>(second, at, RowTable<T>.From(ref k), table.Length)
                : RowLoop.Fold<TSecond, C2, V, T>(second, at, RowTable<T>.From(ref k), table.Length);
            TSecond.Close(second, RowTable<T>.As<N>(sums2), N.Constant(table.Length), ref k);
        }
        if (table.Saves) table.Save(row, k.A, k.B, sums1.A, sums2.A);
        if (default(TMap) is IResult)
        {
            RowElement<N> atLabel = default;
            if (default(TMap) is ILabelled && counts) atLabel = table.AtLabel<N>(at.X, label);
            *at.Y = counts ? Unsafe.BitCast<N, T>(TMap.Of(map, atLabel, k)) : default;
            return;
        }
        RowLoop.Map<TMap, V, T>(map, at, RowTable<T>.From(ref k), table.Length);
        if (default(TMap) is ILabelled) RowTable<T>.SetLabel(map, at.Y + label, k);
    }
}
