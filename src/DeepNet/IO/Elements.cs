using System.Buffers;

namespace DeepNet.IO;

/// <summary>The elements of tensors as bytes, piece by piece.</summary>
internal static class Elements
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Shows the dense elements of a tensor of any layout and device.</summary>
    public static unsafe void Visit(Tensor tensor, Action<ReadOnlySpan<byte>> visit)
    {
        var dense = tensor.Detach().To(Device.Cpu).Contiguous();
        long bytes = (long)dense.Count * dense.DType.Size();
        for (long at = 0; at < bytes; at += ChunkBytes)
            visit(new ReadOnlySpan<byte>(dense.RawPointer + at, (int)Math.Min(ChunkBytes, bytes - at)));
        dense.EndRead("save");
    }

    /// <summary>The tensors of entries that were checked against the file's length, on the CPU; they belong to the scope around.</summary>
    public static Dictionary<string, Tensor> Read(FileStream stream, IReadOnlyList<SafeTensorsEntry> entries)
        => entries.ToDictionary(entry => entry.Name, entry => Read(stream, entry));

    private static unsafe Tensor Read(FileStream stream, SafeTensorsEntry entry)
    {
        SafeTensorsTypes.TryGet(entry.StoredType, out var type);
        var tensor = Tensor.Allocate(entry.Shape, type.DType, Device.Cpu);
        stream.Position = entry.FileOffset;
        byte[]? stored = type.Widen is null ? null : ArrayPool<byte>.Shared.Rent((int)Math.Min(ChunkBytes, entry.Bytes));
        int ratio = type.DType.Size() / type.Bytes;
        for (long at = 0; at < entry.Bytes; at += ChunkBytes)
        {
            int count = (int)Math.Min(ChunkBytes, entry.Bytes - at);
            var target = new Span<byte>(tensor.RawPointer + at * ratio, count * ratio);
            if (stored is null)
            {
                stream.ReadExactly(target);
                continue;
            }
            stream.ReadExactly(stored, 0, count);
            type.Widen!(stored.AsSpan(0, count), target);
        }
        if (stored is not null) ArrayPool<byte>.Shared.Return(stored);
        GC.KeepAlive(tensor);
        return tensor;
    }
}
