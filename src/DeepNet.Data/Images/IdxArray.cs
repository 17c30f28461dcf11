using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DeepNet.Data.Files;

namespace DeepNet.Data.Images;

/// <summary>
/// The contents of an IDX file: a magic number with the type and the number of axes, their lengths, the elements, all big-endian.
/// </summary>
internal sealed record IdxArray(IdxType Type, int[] Lengths, byte[] Bytes)
{
    public const int MagicBytes = 4, LengthBytes = 4;

    public int HeaderBytes => MagicBytes + LengthBytes * Lengths.Length;

    public static IdxArray Read(DataFile file, DataLimits? limits)
    {
        using var reader = file.Read(limits);
        uint magic = reader.ReadUInt32("the magic number");
        if (magic >> 16 != 0)
            throw reader.Damaged(
                0, $"the file begins with 0x{magic:x8}, and an IDX file begins with two zero bytes. Is it another kind of file, or an "
                    + "error page saved under this name?");
        var type = (IdxType)(byte)(magic >> 8);
        int size = Size(type);
        if (size == 0) throw reader.Damaged(2, $"0x{(byte)type:x2} is no element type of IDX: those are 08 (bytes), 09, 0b, 0c, 0d and 0e");
        int rank = (byte)magic;
        if (rank is 0 or > Shape.MaxRank) throw reader.Damaged(3, $"the array has {rank} axes; there are from 1 to {Shape.MaxRank}");
        var lengths = new int[rank];
        // An axis of length 0 leaves no elements, but the others must make sense all the same: strides are products of them.
        Int128 bytes = size, span = size;
        for (int axis = 0; axis < rank; axis++)
        {
            long at = reader.Offset;
            uint length = reader.ReadUInt32($"the length of axis {axis}");
            if (length > int.MaxValue) throw reader.Damaged(at, $"axis {axis} has a length of {length}");
            lengths[axis] = (int)length;
            (bytes, span) = (bytes * length, span * Math.Max(1, length));
            if (span > long.MaxValue) throw reader.Damaged(at, $"an array of {string.Join("×", lengths[..(axis + 1)])} elements cannot be");
        }
        byte[] elements = reader.ReadBytes((long)bytes, $"an array of {string.Join("×", lengths)}");
        reader.ExpectEnd($"an array of {string.Join("×", lengths)}, as the header says");
        return new IdxArray(type, lengths, elements);
    }

    public static void Write(Stream stream, ReadOnlySpan<byte> elements, ReadOnlySpan<int> lengths)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, (uint)IdxType.UInt8 << 8 | (uint)lengths.Length);
        stream.Write(word);
        foreach (int length in lengths)
        {
            BinaryPrimitives.WriteInt32BigEndian(word, length);
            stream.Write(word);
        }
        stream.Write(elements);
    }

    public Tensor ToTensor()
    {
        var shape = new Shape(Lengths);
        switch (Type)
        {
            case IdxType.Float32:
                return Tensor.From<float>(Words<float, int>(BinaryPrimitives.ReverseEndianness), shape);
            case IdxType.Float64:
                return Tensor.From<double>(Words<double, long>(BinaryPrimitives.ReverseEndianness), shape);
            case IdxType.Int32:
                return Tensor.From<int>(Words<int, int>(BinaryPrimitives.ReverseEndianness), shape);
            case IdxType.Int16:
                return Tensor.From<int>(Array.ConvertAll(Words<short, short>(BinaryPrimitives.ReverseEndianness), v => (int)v), shape);
            case IdxType.Int8:
                return Tensor.From(MemoryMarshal.Cast<byte, sbyte>(Bytes), shape);
            default:
                return Tensor.From<byte>(Bytes, shape);
        }
    }

    private T[] Words<T, TWord>(Func<TWord, TWord> reverse) where T : unmanaged where TWord : unmanaged
    {
        var words = MemoryMarshal.Cast<byte, TWord>(Bytes).ToArray();
        if (BitConverter.IsLittleEndian)
            foreach (ref var word in words.AsSpan()) word = reverse(word);
        return MemoryMarshal.Cast<TWord, T>(words).ToArray();
    }

    private static int Size(IdxType type) => type switch
    {
        IdxType.UInt8 or IdxType.Int8 => 1,
        IdxType.Int16 => 2,
        IdxType.Int32 or IdxType.Float32 => 4,
        IdxType.Float64 => 8,
        _ => 0,
    };
}
