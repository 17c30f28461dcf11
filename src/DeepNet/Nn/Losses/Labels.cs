namespace DeepNet.Nn;

/// <summary>Class labels as the kernels take them: dense int64, each a class or to be ignored.</summary>
/// <param name="Dense">The labels.</param>
/// <param name="SomeIgnored">True if some may be ignored.</param>
/// <param name="Counted">The number that are not ignored, on the device, where it was counted along with the check.</param>
internal readonly record struct Labels(Tensor Dense, bool SomeIgnored, Tensor? Counted = null)
{
    /// <summary>Checks labels against the number of classes; the error says which one is wrong and where.</summary>
    public static Labels Of(string op, Tensor labels, int classes, long? ignoreIndex, Device device, DType losses)
    {
        if (labels.DType is not (DType.Int64 or DType.Int32))
            throw new ArgumentException($"[{op}] labels of shape {labels.Shape} are {labels.DType.Name()} and must be integers: use "
                + "labels.To(DType.Int64).");
        if (labels.Device != device)
            throw new ArgumentException(
                $"[{op}] the labels are on {labels.Device}, the predictions on {device}. Move them: labels.To(predictions.Device).");
        var dense = labels.Detach().To(DType.Int64).Contiguous();
        if (dense.Rank != 1) dense = dense.Reshape(-1);
        var check = new IndexCheck(op, IndexKind.Label, labels.Shape, 0, classes, Ignored: ignoreIndex);
        bool isCounted = device.Kind != DeviceKind.Cpu && losses is DType.Float32 or DType.Float64;
        var counted = isCounted ? Tensor.Allocate(Shape.Scalar, losses, device) : null;
        return dense.Kernels.CheckIndex(dense, check, counted) ? new(dense, true, counted) : new(dense, false);
    }
}
