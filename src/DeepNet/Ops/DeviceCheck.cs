namespace DeepNet.Ops;

/// <summary>Tensors meet on one device only: a kernel that were given another device's address would read whatever is there.</summary>
internal static class DeviceCheck
{
    /// <summary>Throws if an operator's tensors are on different devices.</summary>
    public static void Same(string op, ReadOnlySpan<Tensor> tensors)
    {
        for (int i = 1; i < tensors.Length; i++)
            if (!ReferenceEquals(tensors[i].Device, tensors[0].Device)) throw Elementwise.DifferentDevices(op, tensors[0], tensors[i]);
    }

    /// <summary>The same for two of them.</summary>
    public static void Same(string op, Tensor a, Tensor b)
    {
        if (!ReferenceEquals(a.Device, b.Device)) throw Elementwise.DifferentDevices(op, a, b);
    }
}
