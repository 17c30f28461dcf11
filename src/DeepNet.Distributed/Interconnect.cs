namespace DeepNet.Distributed;

/// <summary>Represents what connects ranks, by two numbers: what a message costs whatever its size, and what its bytes cost.</summary>
/// <param name="Name">The name.</param>
/// <param name="Latency">The time of a message without content.</param>
/// <param name="BytesPerSecond">The bytes that a rank sends in a second, while it receives as many.</param>
public sealed record Interconnect(string Name, TimeSpan Latency, double BytesPerSecond)
{
    /// <summary>Gets Ethernet of 1 Gbit/s.</summary>
    public static Interconnect Ethernet1G { get; } = new("1 Gbit/s", TimeSpan.FromMicroseconds(50), 0.117e9);

    /// <summary>Gets Ethernet of 10 Gbit/s.</summary>
    public static Interconnect Ethernet10G { get; } = new("10 Gbit/s", TimeSpan.FromMicroseconds(30), 1.17e9);

    /// <summary>Gets Ethernet of 25 Gbit/s.</summary>
    public static Interconnect Ethernet25G { get; } = new("25 Gbit/s", TimeSpan.FromMicroseconds(20), 2.9e9);

    /// <summary>Gets Ethernet of 100 Gbit/s with remote memory access.</summary>
    public static Interconnect Ethernet100G { get; } = new("100 Gbit/s", TimeSpan.FromMicroseconds(5), 11.7e9);

    /// <summary>Gets InfiniBand of 400 Gbit/s.</summary>
    public static Interconnect InfiniBand400G { get; } = new("400 Gbit/s InfiniBand", TimeSpan.FromMicroseconds(2), 47e9);

    /// <summary>Gets NVLink of the fourth generation.</summary>
    public static Interconnect NVLink { get; } = new("NVLink", TimeSpan.FromMicroseconds(2), 350e9);
}
