namespace DeepNet.Nn;

/// <summary>Class labels as the kernels take them: dense int64, each a class or to be ignored.</summary>
internal readonly record struct Labels(Tensor Dense, bool SomeIgnored)
{
    /// <summary>Checks labels against the number of classes; the error says which one is wrong and where.</summary>
    public static Labels Of(string op, Tensor labels, int classes, long ignoreIndex, Device device)
    {
        if (labels.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"[{op}] labels of shape {labels.Shape} are {labels.DType.Name()}; they must be int64 or int32, "
                + "or, as probabilities of all classes, floating and of the shape of the predictions.");
        if (labels.Device != device)
            throw new ArgumentException($"[{op}] the labels are on {labels.Device}, the predictions on {device}. Move them: labels.To(predictions.Device).");
        var dense = labels.Detach().To(DType.Int64).Contiguous();
        if (dense.Rank != 1) dense = dense.Reshape(-1);
        bool mayIgnore = ignoreIndex >= 0 && ignoreIndex < classes;
        if (dense.Count == 0 || (device.FindOutside(dense, 0, classes) < 0 && !mayIgnore)) return new(dense, false);
        var counted = Tensor.Where(dense.Equal(ignoreIndex), 0, dense);
        nint at = device.FindOutside(counted, 0, classes);
        if (at >= 0) throw OutOfRange(op, dense.Select(0, (int)at).Item<long>(), at, labels.Shape, classes);
        return new(dense, true);
    }

    private static ArgumentException OutOfRange(string op, long label, nint at, Shape shape, int classes)
    {
        var place = new nint[shape.Rank];
        for (int i = shape.Rank - 1; i >= 0; at /= shape[i--]) place[i] = at % shape[i];
        string index = place.Length == 1 ? $"{place[0]}" : $"({string.Join(", ", place)})";
        string hint = label == classes ? " Do the labels start at 1? Subtract it."
            : label < 0 ? " To leave out a label, name it as ignoreIndex." : "";
        return new ArgumentException($"[{op}] label {label} at index {index} is out of range: there are {classes} classes, so labels go from 0 to {classes - 1}.{hint}");
    }
}
