namespace DeepNet;

/// <summary>
/// A family of devices that a backend adds to <see cref="Device.All"/>. The core knows none of them: a program that wants GPUs refers to
/// the backend's package and calls its <c>Register</c> once, at the start.
/// </summary>
public abstract class DeviceProvider
{
    /// <summary>Initializes the provider.</summary>
    protected DeviceProvider() { }

    /// <summary>The devices of this machine, the preferred ones first. Asked for once; must not throw.</summary>
    public abstract IReadOnlyList<Device> Devices { get; }

    /// <summary>
    /// The words that name kinds of its devices, such as <c>cuda</c>, each with the reason why there is none of it, or null if there is.
    /// </summary>
    public abstract IReadOnlyList<(string Kind, string? Missing)> Kinds { get; }
}
