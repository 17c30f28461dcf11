using System.Buffers.Binary;
using System.Text;

namespace DeepNet.Onnx;

/// <summary>Specifies the way in which a field is stored: the lower three bits of its tag.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads the fields of one message in the protocol buffers' binary form. A message inside it is read by a reader of its own over the same
/// bytes, so that large tensors are not copied and errors say at which byte of the file they are.
/// </summary>
internal struct WireReader
{
    private const int DeepestMessage = 64;

    private readonly ReadOnlyMemory<byte> file;
    private readonly int end, depth;
    private readonly string path;
    private int at;
    private WireType type;

    public WireReader(ReadOnlyMemory<byte> file, string path) : this(file, path, 0, file.Length, 0) { }

    private WireReader(ReadOnlyMemory<byte> file, string path, int at, int end, int depth)
        => (this.file, this.path, this.at, this.end, this.depth) = (file, path, at, end, depth);

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (at >= end) return false;
        ulong tag = Varint();
        (field, type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(tag & 7));
        if (field == 0) throw Damaged("has a field number of 0");
        return true;
    }

    /// <summary>Passes over the field, which is none of those that are known.</summary>
    public void Skip()
    {
        switch (type)
        {
            case WireType.Varint: Varint(); break;
            case WireType.Fixed64: Take(8); break;
            case WireType.Bytes: Take(Length()); break;
            case WireType.Fixed32: Take(4); break;
            default: throw Damaged($"has a field of the unknown wire type {(int)type}");
        }
    }

    public long Int64()
    {
        Require(WireType.Varint);
        return (long)Varint();
    }

    public float Single()
    {
        Require(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Require(WireType.Bytes);
        return Take(Length());
    }

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>A reader of the message that is the field's value.</summary>
    public WireReader Message()
    {
        if (depth >= DeepestMessage) throw Damaged($"nests messages more than {DeepestMessage} deep");
        int length = Bytes().Length;
        return new WireReader(file, path, at - length, at, depth + 1);
    }

    /// <summary>Adds the value, or all values of a packed field.</summary>
    public void AddTo(List<long> values)
    {
        if (type == WireType.Varint)
        {
            values.Add((long)Varint());
            return;
        }
        Require(WireType.Bytes);
        int last = Last();
        while (at < last) values.Add((long)Varint());
        if (at != last) throw Damaged("has a packed field that ends within a number");
    }

    /// <inheritdoc cref="AddTo(List{long})"/>
    public void AddTo(List<float> values)
    {
        if (type == WireType.Fixed32)
        {
            values.Add(Single());
            return;
        }
        Require(WireType.Bytes);
        for (int last = Last(); at < last;) values.Add(BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span));
    }

    /// <inheritdoc cref="AddTo(List{long})"/>
    public void AddTo(List<double> values)
    {
        if (type == WireType.Fixed64)
        {
            values.Add(BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span));
            return;
        }
        Require(WireType.Bytes);
        for (int last = Last(); at < last;) values.Add(BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span));
    }

    public readonly InvalidDataException Damaged(string what) => IO.Damage.In(path, at, what, format: "onnx");

    private int Last()
    {
        int length = Length();
        return at + length;
    }

    private int Length()
    {
        ulong length = Varint();
        if (length > (ulong)(end - at)) throw Damaged($"has a field of {length:N0} bytes where {end - at:N0} are left");
        return (int)length;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > end - at) throw Damaged("ends within a field");
        at += count;
        return file.Slice(at - count, count);
    }

    private ulong Varint()
    {
        var bytes = file.Span;
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= end) throw Damaged("ends within a number");
            byte next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw Damaged("has a number of more than ten bytes");
    }

    private readonly void Require(WireType wanted)
    {
        if (type != wanted) throw Damaged($"has a field of the wire type {(int)type} where the format has {(int)wanted}");
    }
}
