namespace DeepNet.Analysis;

/// <summary>Tensors laid end to end as one vector of doubles, and back.</summary>
internal static class Flat
{
    public static double[] Join(IReadOnlyList<Tensor> parts) => Join(parts, parts);

    /// <summary>The same where a part may be missing, which stands for zeros in the shape of its like.</summary>
    public static double[] Join(IReadOnlyList<Tensor?> parts, IReadOnlyList<Tensor> like)
    {
        var all = new double[like.Sum(p => (int)p.Count)];
        Join(parts, like, all);
        return all;
    }

    public static void Join(IReadOnlyList<Tensor?> parts, IReadOnlyList<Tensor> like, Span<double> all)
    {
        int at = 0;
        for (int i = 0; i < like.Count; i++)
        {
            int count = (int)like[i].Count;
            if (parts[i] is { } part) part.Detach().To(DType.Float64).Contiguous().CopyTo(all.Slice(at, count));
            else all.Slice(at, count).Clear();
            at += count;
        }
    }

    /// <summary>New tensors like the given ones, holding the parts of the vector.</summary>
    public static Tensor[] Split(ReadOnlySpan<double> all, IReadOnlyList<Tensor> like)
    {
        var parts = new Tensor[like.Count];
        int at = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int count = (int)like[i].Count;
            parts[i] = Tensor.From(all.Slice(at, count), like[i].Shape).To(like[i].DType).To(like[i].Device);
            at += count;
        }
        return parts;
    }

    /// <summary>Overwrites tensors with the parts of the vector, unrecorded.</summary>
    public static void Write(ReadOnlySpan<double> all, IReadOnlyList<Tensor> into)
    {
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        var parts = Split(all, into);
        for (int i = 0; i < parts.Length; i++) into[i].CopyFrom(parts[i]);
    }
}
