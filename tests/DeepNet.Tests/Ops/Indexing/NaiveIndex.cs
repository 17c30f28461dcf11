namespace DeepNet.Tests.Operators;

/// <summary>NumPy's rules of indexing, element by element.</summary>
internal static class NaiveIndex
{
    /// <summary>One part: exactly one of these is set, or none for an ellipsis.</summary>
    internal sealed record Part(int? Place = null, Range? Range = null, bool IsNew = false, Nested? Index = null, Nested? Mask = null)
    {
        public TensorIndex ToIndex()
            => Place is { } place ? place
            : Range is { } range ? range
            : IsNew ? Tensor.NewAxis
            : Index is { } index ? index.ToTensor(DType.Int64)
            : Mask is { } mask ? mask.ToTensor(DType.Bool)
            : Tensor.Ellipsis;

        public int Axes => Mask?.Shape.Length ?? (Place is not null || Range is not null || Index is not null ? 1 : 0);
    }

    public static List<Part> Draw(Choices choices, int[] shape)
    {
        var parts = new List<Part>();
        bool mayEllipsis = true;
        int[] common = choices.Shape(2, 3);
        bool isMaskFree = true;
        for (int axis = 0; axis < shape.Length;)
        {
            int length = shape[axis];
            switch (choices.Below(8))
            {
                case 0 when length > 0:
                    parts.Add(new Part(Place: choices.Between(-length, length - 1)));
                    axis++;
                    break;
                case 1 or 2:
                    int start = choices.Below(length + 1), end = choices.Between(start, length);
                    parts.Add(new Part(Range: choices.Coin() ? start..end : ^(length - start)..^(length - end)));
                    axis++;
                    break;
                case 3 when parts.Count < shape.Length + 2:
                    parts.Add(new Part(IsNew: true));
                    break;
                case 4 when mayEllipsis:
                    // What it stands for may be nothing.
                    mayEllipsis = false;
                    parts.Add(new Part());
                    axis += choices.Below(shape.Length - axis + 1);
                    break;
                case 5 or 6 when length > 0:
                    int[] part = [.. common[choices.Below(common.Length + 1)..].Select(n => choices.Coin() ? 1 : n)];
                    var places = Enumerable.Range(0, part.Aggregate(1, (a, b) => a * b))
                        .Select(_ => (double)choices.Between(-length, length - 1)).ToArray();
                    parts.Add(new Part(Index: new Nested(part, at => places[(int)Nested.Counting(part).At(at)])));
                    axis++;
                    break;
                case 7 when isMaskFree && common.Length == 0:
                    // A mask alone among broadcast scalars always fits.
                    isMaskFree = false;
                    int[] over = shape[axis..(axis + choices.Between(1, shape.Length - axis))];
                    var bits = Enumerable.Range(0, over.Aggregate(1, (a, b) => a * b)).Select(_ => (double)choices.Below(2)).ToArray();
                    parts.Add(new Part(Mask: new Nested(over, at => bits[(int)Nested.Counting(over).At(at)])));
                    axis += over.Length;
                    break;
                default:
                    if (choices.Coin() && mayEllipsis) return parts;
                    parts.Add(new Part(Range: ..));
                    axis++;
                    break;
            }
        }
        return parts;
    }

    public static Nested Read(Nested x, List<Part> parts)
    {
        int used = parts.Sum(part => part.Axes);
        // Without an ellipsis, one stands at the end; there it separates nothing.
        var all = parts.Exists(IsEllipsis) ? parts : [.. parts, new Part()];
        bool isAdvanced = all.Exists(part => part.Index is not null || part.Mask is not null);

        // For each axis of the source, in order: how to find the place; for each axis of the result: its length.
        var sources = new List<Func<int[], int[], int>>();
        var lengths = new List<int>();
        int[] common = [];
        int firstPoint = -1;
        bool ended = false, isApart = false;
        foreach (var part in all)
        {
            bool isPoint = part.Place is not null || part.Index is not null || part.Mask is not null;
            if (isPoint && ended) isApart = true;
            if (isPoint && firstPoint < 0) firstPoint = lengths.Count;
            if (!isPoint && firstPoint >= 0) ended = true;
            if (part.Place is { } place)
            {
                int at = place < 0 ? place + x.Shape[sources.Count] : place;
                sources.Add((_, _) => at);
            }
            else if (part.Range is { } range)
            {
                var (start, length) = range.GetOffsetAndLength(x.Shape[sources.Count]);
                int axis = lengths.Count;
                sources.Add((slices, _) => start + slices[axis]);
                lengths.Add(length);
            }
            else if (part.IsNew)
            {
                lengths.Add(1);
            }
            else if (part.Index is { } index)
            {
                int length = x.Shape[sources.Count];
                common = Broadcast(common, index.Shape);
                sources.Add((_, points) => (int)At(index, points) is var i && i < 0 ? i + length : i);
            }
            else if (part.Mask is { } mask)
            {
                var hits = mask.Places().Where(at => mask.At(at) != 0).ToArray();
                common = Broadcast(common, [hits.Length]);
                for (int i = 0; i < mask.Shape.Length; i++)
                {
                    int axis = i;
                    var column = new Nested([hits.Length], at => hits[at[0]][axis]);
                    sources.Add((_, points) => (int)At(column, points));
                }
            }
            else
            {
                for (int rest = x.Shape.Length - used; rest > 0; rest--)
                {
                    int axis = lengths.Count;
                    lengths.Add(x.Shape[sources.Count]);
                    sources.Add((slices, _) => slices[axis]);
                }
            }
        }
        int put = isApart ? 0 : Math.Max(firstPoint, 0);
        if (!isAdvanced) put = 0;
        int[] shape = [.. lengths[..put], .. common, .. lengths[put..]];
        return new Nested(shape, at =>
        {
            int[] points = at[put..(put + common.Length)], slices = [.. at[..put], .. at[(put + common.Length)..]];
            return x.At([.. sources.Select(source => source(slices, points))]);
        });
    }

    private static bool IsEllipsis(Part part) => part.Axes == 0 && !part.IsNew;

    private static double At(Nested index, int[] points)
    {
        int[] own = points[^index.Shape.Length..];
        return index.At([.. own.Select((p, i) => index.Shape[i] == 1 ? 0 : p)]);
    }

    private static int[] Broadcast(int[] a, int[] b)
    {
        int rank = Math.Max(a.Length, b.Length);
        int[] p = [.. Enumerable.Repeat(1, rank - a.Length), .. a], q = [.. Enumerable.Repeat(1, rank - b.Length), .. b];
        return [.. p.Zip(q, (i, j) => i == 1 ? j : i)];
    }
}
