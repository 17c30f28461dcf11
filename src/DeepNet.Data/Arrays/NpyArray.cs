using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data.Arrays;

/// <summary>One array in the npy format, in a file of its own or in an archive.</summary>
internal static class NpyArray
{
    public static Tensor Read(ByteReader reader)
    {
        var header = NpyHeader.Read(reader);
        string what = $"an array of {(header.Shape.Rank == 0 ? "one number" : string.Join("×", header.Shape.Axes.ToArray()))}";
        bool hasLength = reader.Expect(header.Bytes, what);
        SafeTensorsTypes.TryGet(header.StoredType, out var type);
        // Fortran's order is the usual one of the axes in reverse.
        int[] axes = header.Shape.Axes.ToArray();
        if (header.IsFortran) Array.Reverse(axes);
        Tensor tensor;
        try
        {
            using var elements = new NpyStream(reader, header.IsBigEndian ? type.Bytes : 1);
            var entry = new SafeTensorsEntry("", header.StoredType, new Shape(axes), reader.Offset, header.Bytes);
            tensor = Elements.Read(elements, [entry], hasLength)[""];
        }
        catch (EndOfStreamException e)
        {
            throw reader.Damaged(reader.Offset, $"the file ends in {what}, as the header says. It is cut off, or its header is wrong", e);
        }
        reader.ExpectEnd($"{what}, as the header says");
        return header.IsFortran && tensor.Rank > 1 ? tensor.Permute([.. Enumerable.Range(0, tensor.Rank).Reverse()]).Contiguous() : tensor;
    }

    public static void Write(Stream stream, Tensor tensor)
    {
        stream.Write(NpyHeader.Write(tensor));
        Elements.Visit(tensor, stream.Write);
    }
}
