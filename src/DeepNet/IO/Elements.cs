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

    /// <summary>
    /// The tensors of entries that were checked against the stream's length and lie one after the other from its position on, on the CPU;
    /// they belong to the scope around.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="hasLength">False if the stream's length is not known, and memory must not be taken for what it only claims.</param>
    public static Dictionary<string, Tensor> Read(Stream stream, IReadOnlyList<SafeTensorsEntry> entries, bool hasLength = true)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            if (hasLength || entry.Bytes <= ChunkBytes)
            {
                tensors.Add(entry.Name, Read(stream, entry));
                continue;
            }
            using var received = new ReceivedBytes(stream, entry.Bytes);
            tensors.Add(entry.Name, Read(received, entry));
        }
        return tensors;
    }

    /// <summary>The tensor of an entry that lies at the stream's position.</summary>
    public static unsafe Tensor Read(Stream stream, SafeTensorsEntry entry)
    {
        SafeTensorsTypes.TryGet(entry.StoredType, out var type);
        var tensor = Tensor.Allocate(entry.Shape, type.DType, Device.Cpu);
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
