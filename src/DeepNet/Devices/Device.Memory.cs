namespace DeepNet;

public abstract partial class Device
{
    /// <summary>Finds the elements of a tensor of this device. Its steps are <see cref="Tensor.Strides"/>.</summary>
    /// <returns>The memory, and the index in it of the tensor's first element.</returns>
    /// <exception cref="ArgumentException">The tensor is on another device.</exception>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    protected (MemoryBlock Memory, nint Offset) Locate(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var storage = tensor.Storage;
        _ = storage.Address;
        if (!ReferenceEquals(storage.Device, this))
            throw new ArgumentException($"A tensor of shape {tensor.Shape} is on {tensor.Device}, and what it meets on {Name}. Move it: "
                + $"x.To(Device.Parse(\"{Name}\")).");
        return (storage.Block.Memory, tensor.Offset);
    }
}
