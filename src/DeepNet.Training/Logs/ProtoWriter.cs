using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DeepNet.Training.Logs;

/// <summary>Writes the fields of a protocol buffer message: a key of number and kind, then the value.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public ProtoWriter Int(int field, long value)
    {
        Key(field, Varint);
        Number((ulong)value);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Key(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.GetSpan(8), value);
        bytes.Advance(8);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Delimited);
        Number((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    public ProtoWriter String(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.Written);

    /// <summary>Many numbers behind one key.</summary>
    public ProtoWriter Packed(int field, ReadOnlySpan<double> values)
    {
        Key(field, Delimited);
        Number((ulong)values.Length * 8);
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.GetSpan(8), value);
            bytes.Advance(8);
        }
        return this;
    }

    private void Key(int field, int kind) => Number((ulong)((field << 3) | kind));

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private void Number(ulong value)
    {
        int length = Math.Max(1, (70 - BitOperations.LeadingZeroCount(value)) / 7);
        var span = bytes.GetSpan(length);
        for (int i = 0; i < length; i++, value >>= 7) span[i] = (byte)((value & 0x7f) | (i < length - 1 ? 0x80u : 0));
        bytes.Advance(length);
    }
}
