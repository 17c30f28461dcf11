namespace DeepNet.Ops;

/// <summary>Places at which values would be inserted into rows of rising numbers.</summary>
internal static class SortedSearch
{
    public static Tensor Of(string op, Tensor sorted, Tensor values, bool isRight)
    {
        bool fits = sorted.Rank == 1 || (sorted.Rank == values.Rank && sorted.Rank > 0);
        for (int i = 0; fits && sorted.Rank > 1 && i < sorted.Rank - 1; i++) fits = sorted.Shape[i] == values.Shape[i];
        if (!fits)
            throw new ArgumentException(
                $"[{op}] values of shape {values.Shape} in sorted numbers of shape {sorted.Shape}: these must have one axis, or the same "
                + "axes but for the last one.");
        if (sorted.Device != values.Device) throw Elementwise.DifferentDevices(op, sorted, values);
        var type = DTypes.Compute(DTypes.Promote(sorted.DType, values.DType));
        if (type < DType.Int32) type = DType.Int32;
        using var off = GradSwitch.Off();
        Tensor numbers = sorted.To(type).Contiguous(), dense = values.To(type).Contiguous();
        var places = Tensor.Allocate(values.Shape, DType.Int64, values.Device);
        ComposedSearcher.Of(values.Device).SearchSorted(numbers, dense, places, isRight);
        numbers.EndRead(op);
        dense.EndRead(op);
        return places;
    }
}
