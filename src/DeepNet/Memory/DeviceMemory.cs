namespace DeepNet;

/// <summary>The memory of one device as its tensors use it. That of the processor is <see cref="Memory"/> too.</summary>
public sealed class DeviceMemory
{
    private readonly Device device;

    internal DeviceMemory(Device device) => this.device = device;

    private BlockPool Pool => device.Pool;

    /// <summary>Bytes that the device has in all; 0 if it does not say.</summary>
    public long TotalBytes => device.TotalMemory;

    /// <inheritdoc cref="Memory.LiveBytes"/>
    public long LiveBytes => Pool.LiveBytes();

    /// <inheritdoc cref="Memory.PeakBytes"/>
    public long PeakBytes => Pool.PeakBytes;

    /// <inheritdoc cref="Memory.ReservedBytes"/>
    public long ReservedBytes => Pool.ReservedBytes;

    /// <inheritdoc cref="Memory.Limit"/>
    public long Limit
    {
        get => Pool.Limit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Pool.Limit = value;
        }
    }

    /// <inheritdoc cref="Memory.Reclaim"/>
    public void Reclaim() => Pool.ReclaimAll();

    /// <inheritdoc cref="Memory.Trim"/>
    public void Trim() => Pool.Trim();

    /// <inheritdoc cref="Memory.ResetPeak"/>
    public void ResetPeak() => Pool.ResetPeak();

    /// <inheritdoc cref="Memory.Report"/>
    public string Report() => MemoryReport.Table(Pool);
}
