namespace DeepNet.IO;

/// <summary>
/// Files of named tensors in the safetensors format, which Python's library of that name reads and writes too: eight bytes of
/// header length, a JSON header, then the elements, dense and little-endian.
/// </summary>
public static class SafeTensors
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Writes tensors in the given order, atomically: the file is the old or the new one, never a part.</summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <param name="tensors">The tensors by name; any layout and device.</param>
    /// <param name="metadata">Strings to keep beside them.</param>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var list = tensors.ToList();
        byte[] header = SafeTensorsHeader.Write(list, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (_, tensor) in list) WriteElements(stream, tensor);
        });
    }

    /// <summary>Reads all tensors of a file, in the order in which their elements lie.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or was not written in this format; the message says how.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, Device? device = null) => Load(path, out _, device);

    /// <summary>Reads all tensors of a file, and its metadata.</summary>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, out IReadOnlyDictionary<string, string> metadata, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        var header = SafeTensorsHeader.Read(stream, path);
        metadata = header.Metadata;
        var tensors = new Dictionary<string, Tensor>(header.Entries.Count);
        foreach (var entry in header.Entries) tensors.Add(entry.Name, ReadElements(stream, entry, device ?? Device.Cpu));
        return tensors;
    }

    /// <summary>What a file holds, without reading the elements.</summary>
    public static IReadOnlyList<SafeTensorsEntry> Describe(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return SafeTensorsHeader.Read(stream, path).Entries;
    }

    private static unsafe void WriteElements(Stream stream, Tensor tensor)
    {
        var dense = tensor.Detach().To(Device.Cpu).Contiguous();
        long bytes = (long)dense.Count * dense.DType.Size();
        for (long at = 0; at < bytes; at += ChunkBytes)
            stream.Write(new ReadOnlySpan<byte>(dense.RawPointer + at, (int)Math.Min(ChunkBytes, bytes - at)));
        GC.KeepAlive(dense);
    }

    private static unsafe Tensor ReadElements(FileStream stream, SafeTensorsEntry entry, Device device)
    {
        var type = SafeTensorsTypes.Stored(entry.StoredType);
        var tensor = Memory.Keep(Tensor.Allocate(entry.Shape, type.DType, Device.Cpu));
        stream.Position = entry.FileOffset;
        if (type.Widen is null)
        {
            for (long at = 0; at < entry.Bytes; at += ChunkBytes)
                stream.ReadExactly(new Span<byte>(tensor.RawPointer + at, (int)Math.Min(ChunkBytes, entry.Bytes - at)));
            if (type.DType == DType.Bool) MakeBool(tensor);
        }
        else
        {
            byte[] small = new byte[entry.Bytes];
            stream.ReadExactly(small);
            type.Widen(small, new Span<int>(tensor.RawPointer, (int)tensor.Count));
        }
        GC.KeepAlive(tensor);
        return device is CpuDevice ? tensor : tensor.To(device);
    }

    // Anything but 0 counts as true elsewhere; here a bool is 0 or 1.
    private static unsafe void MakeBool(Tensor tensor)
    {
        byte* p = tensor.RawPointer;
        for (nint i = 0; i < tensor.Count; i++) p[i] = p[i] != 0 ? (byte)1 : (byte)0;
        GC.KeepAlive(tensor);
    }
}
