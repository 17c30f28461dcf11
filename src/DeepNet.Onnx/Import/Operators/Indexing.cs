namespace DeepNet.Onnx;

/// <summary>Elements by their places, read and written.</summary>
internal static class Indexing
{
    public static void AddTo(OperatorTable table)
    {
        table.One("Gather", Gather);
        table.One("GatherElements", call => call[0].Gather(call.Axis("axis", 0, call[0].Rank), call[1].To(DType.Int64)));
        table.One("GatherND", GatherND);
        table.One("Scatter", ScatterElements);
        table.One("ScatterElements", ScatterElements);
        table.One("ScatterND", ScatterND);
        table.One("NonZero", call => call[0].Rank == 0 ? Tensor.Zeros(new Shape(0, 0), DType.Int64) : call[0].NotEqual(0).NonZero().T);
        table.One("Compress", Compress);
        table.Many("Unique", Unique);
    }

    private static Tensor Gather(Call call)
    {
        Tensor x = call[0], index = call[1];
        int axis = call.Axis("axis", 0, x.Rank);
        if (index.Rank == 0 && index.Device.Kind == DeviceKind.Cpu)
        {
            long place = index.ToArray<long>()[0];
            return x.Select(axis, (int)(place < 0 ? place + x.Shape[axis] : place));
        }
        var y = x.IndexSelect(axis, index.Reshape(-1));
        return index.Rank == 1 ? y : y.Reshape([.. x.Shape.Axes[..axis], .. index.Shape.Axes, .. x.Shape.Axes[(axis + 1)..]]);
    }

    private static Tensor GatherND(Call call)
    {
        Tensor x = call[0], indices = call[1].To(DType.Int64);
        int batch = (int)call.Int("batch_dims", 0), depth = indices.Shape[^1];
        int[] outer = [.. x.Shape.Axes[..batch]], inner = [.. x.Shape.Axes[(batch + depth)..]];
        int batches = Product(outer), places = Product(x.Shape.Axes[batch..(batch + depth)]), rest = Product(inner);
        var flat = Linear(indices, x.Shape.Axes[batch..(batch + depth)]).Reshape(batches, -1);
        if (batch > 0) flat = flat + Tensor.Arange(0L, batches, 1, DType.Int64, x.Device).Unsqueeze(1) * (long)places;
        var rows = x.Reshape(batches * places, rest).IndexSelect(0, flat.Reshape(-1));
        return rows.Reshape([.. indices.Shape.Axes[..^1], .. inner]);
    }

    private static Tensor ScatterND(Call call)
    {
        Tensor x = call[0], indices = call[1].To(DType.Int64), updates = call[2];
        int depth = indices.Shape[^1];
        int places = Product(x.Shape.Axes[..depth]), rest = Product(x.Shape.Axes[depth..]);
        var flat = Linear(indices, x.Shape.Axes[..depth]).Reshape(-1, 1);
        var source = updates.Reshape((int)flat.Count, rest);
        if (call.Text("reduction", "none") == "add")
            return x.Reshape(places, rest).IndexAdd(0, flat.Reshape(-1), source).Reshape(x.Shape.Axes);
        var y = Scatter(x.Reshape(places, rest), 0, flat.Expand(source.Shape), source, call.Text("reduction", "none"));
        return y.Reshape(x.Shape.Axes);
    }

    private static Tensor ScatterElements(Call call)
        => Scatter(call[0], call.Axis("axis", 0, call[0].Rank), call[1].To(DType.Int64), call[2], call.Text("reduction", "none"));

    private static Tensor Scatter(Tensor x, int axis, Tensor index, Tensor source, string reduction) => reduction switch
    {
        "none" => x.Scatter(axis, index, source),
        "add" => x.ScatterReduce(axis, index, source, ScatterReduction.Sum),
        "mul" => x.ScatterReduce(axis, index, source, ScatterReduction.Prod),
        "max" => x.ScatterReduce(axis, index, source, ScatterReduction.Max),
        "min" => x.ScatterReduce(axis, index, source, ScatterReduction.Min),
        _ => throw new NotSupportedException($"the reduction '{reduction}' is not known."),
    };

    /// <summary>Places along several axes, the last axis of the indices, as places along one.</summary>
    private static Tensor Linear(Tensor indices, ReadOnlySpan<int> lengths)
    {
        var places = Tensor.Zeros(new Shape(indices.Shape.Axes[..^1]), DType.Int64, indices.Device);
        for (int i = 0; i < lengths.Length; i++)
        {
            var at = indices.Select(-1, i);
            places = places * (long)lengths[i] + Tensor.Where(at < 0, at + (long)lengths[i], at);
        }
        return places;
    }

    private static int Product(ReadOnlySpan<int> lengths)
    {
        int product = 1;
        foreach (int length in lengths) product = checked(product * length);
        return product;
    }

    private static Tensor Compress(Call call)
    {
        var x = call.Has("axis") ? call[0] : call[0].Reshape(-1);
        int axis = call.Has("axis") ? call.Axis("axis", 0, x.Rank) : 0;
        var chosen = call[1].ToArray<bool>();
        long[] places = [.. Enumerable.Range(0, chosen.Length).Where(i => chosen[i]).Select(i => (long)i)];
        return x.IndexSelect(axis, Tensor.From<long>(places));
    }

    private static Tensor?[] Unique(Call call)
    {
        var x = call[0];
        int? axis = call.Has("axis") ? call.Axis("axis", 0, x.Rank) : null;
        var (values, inverse, counts) = axis is { } along ? x.UniqueWithCounts(along) : x.UniqueWithCounts();
        var of = inverse.ToArray<long>();
        var first = new long[(int)counts.Count];
        for (int i = of.Length - 1; i >= 0; i--) first[of[i]] = i;
        inverse = inverse.Reshape(-1);
        var firsts = Tensor.From<long>(first);
        if (call.Flag("sorted", true)) return [values, firsts, inverse, counts];

        // In the order in which they first occur.
        var order = firsts.ArgSort();
        return [values.IndexSelect(axis ?? 0, order), firsts.IndexSelect(0, order), order.ArgSort().IndexSelect(0, inverse),
            counts.IndexSelect(0, order)];
    }
}
