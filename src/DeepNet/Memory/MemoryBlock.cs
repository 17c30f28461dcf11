namespace DeepNet.Devices;

/// <summary>A piece of a device's memory.</summary>
/// <param name="Pointer">The address, or any other number but 0 where the device has no addresses.</param>
/// <param name="Handle">The object that the device needs besides an address, such as a buffer; or null.</param>
/// <param name="Bytes">The size.</param>
public readonly record struct MemoryBlock(nint Pointer, object? Handle, long Bytes);
