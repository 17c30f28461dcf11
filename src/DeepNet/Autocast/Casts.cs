namespace DeepNet;

/// <summary>One autocast region: its type, and the parameters that were cast in it, so that each is cast once.</summary>
internal sealed class Casts
{
    /// <summary>A cast parameter: valid as long as the parameter was not changed, and for recording only if it was recorded.</summary>
    private readonly record struct Entry(Tensor Cast, int Version, bool IsRecorded);

    private readonly Dictionary<Tensor, Entry> known;

    /// <param name="type">What is cast to.</param>
    /// <param name="outer">The region around, whose casts serve here too if they are of the same type.</param>
    public Casts(DType type, Casts? outer)
    {
        Type = type;
        known = outer?.Type == type ? outer.known : new(ReferenceEqualityComparer.Instance);
    }

    public DType Type { get; }

    /// <summary>Gets or sets the innermost region of this thread.</summary>
    public static Casts? Current
    {
        get => Unsafe.As<Casts>(ThreadContext.Current.Autocast);
        set => ThreadContext.Current.Autocast = value;
    }

    public DType TypeOn(Device device)
        => device.Supports(Type) ? Type : throw Missing(Type, $"{device} ({device.Description})", device.Capabilities);

    internal static NotSupportedException Missing(DType type, string device, DeviceCapabilities has)
    {
        string other = type == DType.BFloat16
            && (has & DeviceCapabilities.Float16) != 0 ? "Use Autocast.To(DType.Float16) with a LossScaler, which it can, or leave"
            : type == DType.Float16 && (has & DeviceCapabilities.BFloat16) != 0
                ? "Use Autocast.To(DType.BFloat16), which it can, or leave"
                : "Leave";
        return new($"[autocast] {device} cannot compute with {type.Name()}. {other} out the autocast region: float32 runs everywhere.");
    }

    public Tensor Of(Tensor x)
    {
        if (x.DType == Type) return x;
        var type = TypeOn(x.Device);
        // Only leaves are worth remembering: everything else is made anew each time. Not while a lease writes to them, though.
        if (x.Node is not Leaf || x.Storage.Version < 0) return x.To(type);
        bool records = Autograd.IsEnabled;
        if (known.TryGetValue(x, out var entry) && entry.Version == x.Storage.Version && (entry.IsRecorded || !records)
            && IsUsable(entry.Cast))
            return records ? entry.Cast : entry.Cast.Detach();
        var cast = x.To(type);
        known[x] = new Entry(cast, x.Storage.Version, records);
        return cast;
    }

    // A memory scope may have given it back, and a backward pass let go of it.
    private static bool IsUsable(Tensor cast) => !cast.Storage.IsReleased && cast.Node is not { IsFreed: true };
}
