namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// Gets what to ask for kernels: the tensor's device or, where somebody listens, a device in front of it that tells of each call.
    /// </summary>
    internal Device Kernels
    {
        [MethodImpl(AggressiveInlining)]
        get => Listener.IsOn ? WatchedKernels() : Device;
    }

    // Apart, so that operators which nobody listens to have no more code than before.
    [MethodImpl(NoInlining)]
    private Device WatchedKernels() => ThreadContext.Current.Listener is not null ? Recording.Of(Device) : Device;
}

public abstract partial class Device
{
    private RecordingDevice? recorded;

    /// <summary>Gets the device that tells of each kernel and hands it on to this one.</summary>
    internal RecordingDevice Recorded => recorded ??= new RecordingDevice(this);
}
