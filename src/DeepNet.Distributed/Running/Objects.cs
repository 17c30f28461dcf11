using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DeepNet.Distributed.Transports;

namespace DeepNet.Distributed.Running;

/// <summary>Objects between ranks: as JSON, of any length.</summary>
internal static unsafe class Objects
{
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    public static T Read<T>(byte[] bytes, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(bytes, type)!;

    /// <summary>Sends the length, then the bytes.</summary>
    public static byte[] Broadcast(ITransport transport, byte[] bytes, int root)
    {
        long length = bytes.Length;
        transport.Broadcast((nint)(&length), sizeof(long), root);
        if (transport.Rank != root) bytes = new byte[length];
        fixed (byte* data = bytes) transport.Broadcast((nint)data, length, root);
        return bytes;
    }

    /// <summary>Gathers numbers, equally many of each rank.</summary>
    public static double[][] AllGatherEqual(ITransport transport, double[] numbers)
    {
        double[] all = new double[numbers.Length * transport.Size];
        fixed (double* from = numbers, to = all) transport.AllGather((nint)from, (nint)to, numbers.Length * sizeof(double));
        return [.. all.Chunk(Math.Max(1, numbers.Length))];
    }

    /// <summary>Gathers numbers, of each rank as many as it gives.</summary>
    public static double[][] AllGather(ITransport transport, double[] numbers)
        => [.. AllGather(transport, MemoryMarshal.AsBytes<double>(numbers).ToArray())
            .Select(b => MemoryMarshal.Cast<byte, double>(b).ToArray())];

    /// <summary>Sends the lengths, then all bytes with parts as long as the longest.</summary>
    public static byte[][] AllGather(ITransport transport, byte[] bytes)
    {
        int size = transport.Size;
        long own = bytes.Length;
        long[] lengths = new long[size];
        fixed (long* all = lengths) transport.AllGather((nint)(&own), (nint)all, sizeof(long));
        int longest = checked((int)lengths.Max());
        byte[] parts = new byte[(long)longest * size], part = new byte[Math.Max(1, longest)];
        bytes.CopyTo(part, 0);
        fixed (byte* from = part, to = parts) transport.AllGather((nint)from, (nint)to, longest);
        return [.. lengths.Select((l, r) => parts.AsSpan(r * longest, (int)l).ToArray())];
    }
}
