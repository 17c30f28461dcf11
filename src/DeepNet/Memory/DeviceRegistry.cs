using System.Globalization;

namespace DeepNet.Devices;

/// <summary>The devices of all registered providers, and how names and the choice of the best one find them.</summary>
internal static class DeviceRegistry
{
    private static readonly Lock Gate = new();
    private static DeviceProvider[] providers = [];
    private static IReadOnlyList<Device>? all;
    private static (Device Device, string Remark)? best;

    public static void Add(DeviceProvider provider)
    {
        lock (Gate)
        {
            if (providers.Contains(provider)) return;
            providers = [.. providers, provider];
            all = null;
            best = null;
        }
    }

    public static IReadOnlyList<Device> All
    {
        get
        {
            lock (Gate) return all ??= [Device.Cpu, .. providers.SelectMany(p => p.Devices)];
        }
    }

    /// <summary>The best device that opens, and in one line why it is this one.</summary>
    public static (Device Device, string Remark) Best
    {
        get
        {
            lock (Gate) return best ??= Choose();
        }
    }

    private static (Device, string) Choose()
    {
        var failures = new List<string>();
        foreach (var device in All.Where(d => d.Kind is DeviceKind.Cuda or DeviceKind.OpenCL).OrderBy(d => d.Kind))
        {
            string? why = device.WhyNotBest;
            if (why is not null) failures.Add($"{device.Name} is passed over: {OneLine(why)}");
            else if (device.TryOpen(out why)) return (device, $"{device.Name}: {device.Description}");
            else failures.Add($"{device.Name} does not open: {OneLine(why)}");
        }
        if (failures.Count == 0) failures.AddRange(Missing());
        string reason = failures.Count > 0 ? string.Join("; ", failures)
            : providers.Length == 0 ? "no GPU backend is registered" : "no GPU was found";
        return (Device.Cpu, $"{Device.Cpu.Name}: {Device.Cpu.Description} ({reason})");
    }

    public static Device Parse(string name)
    {
        string wanted = name.Trim().ToLowerInvariant();
        if (wanted is "best" or "auto") return Best.Device;
        if (wanted is "gpu" && Best.Device.Kind != DeviceKind.Cpu) return Best.Device;
        foreach (var device in All)
            if (device.Name == wanted || device.Name == wanted + ":0") return device;
        throw new ArgumentException(Unknown(name, wanted), nameof(name));
    }

    private static string Unknown(string name, string wanted)
    {
        string kind = wanted.Split(':')[0];
        string known = string.Join(", ", All.Select(d => d.Name));
        var reason = providers.SelectMany(p => p.Kinds).FirstOrDefault(k => k.Kind == kind);
        int count = All.Count(d => d.Name.StartsWith(kind + ":", StringComparison.Ordinal));
        string why = reason.Missing is not null ? $" There is no {kind} device: {OneLine(reason.Missing)}."
            : reason.Kind is not null && count > 0
            ? string.Create(CultureInfo.InvariantCulture, $" This machine has {count} of kind {kind}, numbered from 0.")
            : providers.Length == 0 ? " GPUs come with the package DeepNet.Ilgpu: call IlgpuDevices.Register() at the start of the program."
            : wanted is "gpu" ? $" The best one is {Best.Remark}." : "";
        return $"No device is called \"{name}\".{why} Devices here: {known}; \"best\" takes the fastest of them.";
    }

    private static IEnumerable<string> Missing()
        => providers.SelectMany(p => p.Kinds).Where(k => k.Missing is not null).Select(k => $"no {k.Kind}: {OneLine(k.Missing)}");

    private static string OneLine(string? text) => (text ?? "for no known reason").ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
