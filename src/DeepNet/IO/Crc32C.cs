using System.Buffers.Binary;

namespace DeepNet.IO;

/// <summary>The checksum CRC-32C (Castagnoli), for which processors have an instruction.</summary>
internal sealed class Crc32C
{
    private uint state = uint.MaxValue;

    public uint Value => ~state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint crc = state;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        state = crc;
    }
}
