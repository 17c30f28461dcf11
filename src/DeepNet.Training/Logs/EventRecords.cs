using System.Buffers.Binary;
using DeepNet.IO;

namespace DeepNet.Training.Logs;

/// <summary>
/// The frames of an event file: length (8 bytes), its checksum, the message, its checksum. Checksums are CRC-32C, rotated and shifted so
/// that a checksum of something that holds checksums is not degenerate.
/// </summary>
internal static class EventRecords
{
    private const uint Shift = 0xa282ead8;

    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        byte[] frame = new byte[8 + 4 + message.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), Masked(frame.AsSpan(0, 8)));
        message.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + message.Length), Masked(message));
        return frame;
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32C();
        crc.Add(bytes);
        return ((crc.Value >> 15) | (crc.Value << 17)) + Shift;
    }
}
