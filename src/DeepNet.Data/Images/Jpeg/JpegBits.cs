using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DeepNet.Data.Images.Jpeg;

/// <summary>
/// The bits of a scan, first the uppermost of each byte. After the last byte come zeros, which are counted: a scan that takes them is cut
/// off.
/// </summary>
internal struct JpegBits(byte[] file, int at)
{
    private const int Word = 64, EnoughForASymbol = 32;

    private ulong buffer;                            // the next bits, from the uppermost on
    private int count, zeros;

    /// <summary>Gets the place of the marker that ended the bits, once they were read; else of the next byte.</summary>
    public int At { get; private set; } = at;

    /// <summary>Gets a value that is true if bits were taken that the file does not have.</summary>
    public readonly bool IsCut => zeros > count;

    /// <summary>Takes the next symbol of a code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(JpegCode code)
    {
        if (count < EnoughForASymbol) Fill();
        int entry = code.Fast[(int)(buffer >> (Word - JpegCode.FastBits))];
        if (entry == 0) entry = code.Slow((int)(buffer >> (Word - 16)));
        Drop(entry >> 8);
        return entry & 0xFF;
    }

    /// <summary>Takes a signed number of some bits, of which there are enough after a symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Signed(int bits)
    {
        if (bits == 0) return 0;
        int value = (int)(buffer >> (Word - bits));
        Drop(bits);
        return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    }

    /// <summary>Takes some bits, 16 at most.</summary>
    public int Take(int bits)
    {
        if (bits == 0) return 0;
        if (count < EnoughForASymbol) Fill();
        int value = (int)(buffer >> (Word - bits));
        Drop(bits);
        return value;
    }

    /// <summary>Forgets the rest of the byte, and goes on behind a restart marker if there is one.</summary>
    public void Restart()
    {
        (buffer, count, zeros) = (0, 0, 0);
        // Bytes that nobody asked for may stand before it.
        while (At + 1 < file.Length && !(file[At] == 0xFF && file[At + 1] is not (0 or 0xFF))) At++;
        if (At + 1 < file.Length && file[At + 1] is >= 0xD0 and <= 0xD7) At += 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(int bits)
    {
        buffer <<= bits;
        count -= bits;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill()
    {
        if (At + sizeof(ulong) <= file.Length)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(At));
            // No byte of 0xFF among them. What does not fit is read again, and meets itself.
            if ((~next - 0x0101010101010101 & next & 0x8080808080808080) == 0)
            {
                buffer |= next >> count;
                int bytes = (Word - count) / 8;
                At += bytes;
                count += 8 * bytes;
                return;
            }
        }
        while (count <= Word - 8)
        {
            byte next = 0;
            if (At < file.Length && file[At] != 0xFF) next = file[At++];
            else if (At + 1 < file.Length && file[At + 1] == 0) (next, At) = (0xFF, At + 2);
            else zeros += 8;
            buffer |= (ulong)next << (Word - 8 - count);
            count += 8;
        }
    }
}
