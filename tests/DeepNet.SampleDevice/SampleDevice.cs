namespace DeepNet.SampleDevice;

/// <summary>
/// A device of plain loops over single numbers, in double precision: slow, and short enough to read. The formulas of operators come from
/// the core; what is here is how they go through memory.
/// </summary>
public sealed unsafe partial class SampleDevice : Device
{
    /// <inheritdoc/>
    public override string Name => "sample";

    /// <inheritdoc/>
    public override DeviceKind Kind => DeviceKind.Other;

    /// <inheritdoc/>
    public override string Description => "plain loops, to show how a device is written";

    /// <inheritdoc/>
    public override DeviceCapabilities Capabilities => DeviceCapabilities.Float64;

    /// <inheritdoc/>
    protected override IBlockSource CreateBlockSource() => new HostBlocks();

    private Elements Of(Tensor tensor)
    {
        var (memory, offset) = Locate(tensor);
        return new(tensor, memory.Pointer, offset);
    }

    // Where a tensor is not used, a kernel may be given any other.
    private Elements Of(Tensor? tensor, Tensor instead) => Of(tensor ?? instead);

    private NotSupportedException Lacks(string kernel)
        => new($"{Name} has no kernel {kernel}. The operator runs on the processor: x.To(Device.Cpu).");
}
