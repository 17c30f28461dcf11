using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DeepNet.Onnx;

/// <summary>
/// Writes the fields of one message in the protocol buffers' binary form. It gathers pieces, since a message says its length before
/// its content; large pieces are referred to and not copied.
/// </summary>
internal sealed class WireWriter
{
    private const int LargePiece = 4096;

    private readonly List<ReadOnlyMemory<byte>> pieces = [];
    private ArrayBufferWriter<byte> open = new();
    private long closed;

    /// <summary>Gets the number of bytes so far.</summary>
    public long Length => closed + open.WrittenCount;

    public void Int64(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    public void Single(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(open.GetSpan(4), value);
        open.Advance(4);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Writes a text unless it is empty.</summary>
    public void TextIfAny(int field, string value)
    {
        if (value.Length > 0) Text(field, value);
    }

    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        Append(value);
    }

    /// <summary>Writes a repeated field of integers, packed.</summary>
    public void Int64s(int field, IReadOnlyCollection<long> values)
    {
        if (values.Count == 0) return;
        var packed = new WireWriter();
        foreach (long value in values) packed.Varint((ulong)value);
        Message(field, packed);
    }

    /// <summary>Writes a repeated field of numbers, packed.</summary>
    public void Singles(int field, IReadOnlyCollection<float> values)
    {
        if (values.Count == 0) return;
        var packed = new byte[4 * values.Count];
        int at = 0;
        foreach (float value in values) BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(4 * at++), value);
        Bytes(field, packed);
    }

    /// <summary>Writes what another writer gathered as a message of this one.</summary>
    public void Message(int field, WireWriter message)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)message.Length);
        foreach (var piece in message.pieces) Append(piece);
        Append(message.open.WrittenMemory);
    }

    public void CopyTo(Stream stream)
    {
        foreach (var piece in pieces) stream.Write(piece.Span);
        stream.Write(open.WrittenSpan);
    }

    private void Append(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length < LargePiece)
        {
            open.Write(piece.Span);
            return;
        }
        if (open.WrittenCount > 0) pieces.Add(open.WrittenMemory);
        pieces.Add(piece);
        closed += open.WrittenCount + piece.Length;
        open = new();
    }

    private void Tag(int field, WireType type) => Varint((ulong)((field << 3) | (int)type));

    private void Varint(ulong value)
    {
        var span = open.GetSpan(10);
        int count = 0;
        for (; value > 127; value >>= 7) span[count++] = (byte)(value | 128);
        span[count++] = (byte)value;
        open.Advance(count);
    }
}
