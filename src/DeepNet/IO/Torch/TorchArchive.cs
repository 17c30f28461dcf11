using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepNet.IO;

/// <summary>A file of <c>torch.save</c>: an object, and the storages that its tensors look at.</summary>
/// <param name="root">The object.</param>
/// <param name="path">The file, for errors.</param>
/// <param name="open">Opens the elements of a storage.</param>
internal sealed class TorchArchive(object? root, string path, Func<TorchStorage, Stream> open)
{
    private const int LegacyProtocol = 1001;

    public object? Root => root;

    /// <summary>Reads the object. The stream stays in use for the storages.</summary>
    public static TorchArchive Read(Stream stream, string path, ReadLimits limits)
    {
        int first = stream.ReadByte();
        stream.Position = 0;
        return first switch
        {
            'P' => ReadZip(stream, path, limits),
            0x80 => ReadLegacy(stream, path, limits),
            _ => throw Damage.In(path, 0, "was not written by torch.save", format: TorchFile.Format),
        };
    }

    /// <summary>Reads the elements of a storage, as a vector on the CPU.</summary>
    public Tensor Load(TorchStorage storage)
    {
        if (storage.Count > int.MaxValue)
            throw Damage.In(path, 0, $"has {storage.Count} elements in the storage {Damage.Quote(storage.Key)}, and {int.MaxValue} are the "
                + "most that are read", format: TorchFile.Format);
        return Elements.Read(open(storage), new(storage.Key, storage.Stored, new Shape((int)storage.Count), 0, storage.Bytes));
    }

    // Since PyTorch 1.6: an archive NAME/data.pkl, NAME/data/KEY…, in which nothing is compressed.
    private static TorchArchive ReadZip(Stream stream, string path, ReadLimits limits)
    {
        InvalidDataException Damaged(string what, Exception? inner = null) => Damage.In(path, 0, what, inner, TorchFile.Format);
        T Unpacked<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is InvalidDataException or IOException and not EndOfStreamException)
            {
                throw Damaged($"is an archive that cannot be read ({e.Message.TrimEnd('.')})", e);
            }
        }
        var entries = new Dictionary<string, ZipArchiveEntry>();
        foreach (var entry in Unpacked(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true).Entries))
            entries.TryAdd(entry.FullName, entry);
        long left = stream.Length;
        Stream Open(string name, long? bytes)
        {
            if (!entries.TryGetValue(name, out var entry)) throw Damaged($"has no {Damage.Quote(name)}");
            if (entry.Length != entry.CompressedLength)
                throw Damaged($"has a compressed {Damage.Quote(name)}, which PyTorch does not write");
            if (bytes is { } wanted && wanted != entry.Length)
                throw Damaged($"has {entry.Length} bytes in {Damage.Quote(name)}, and {wanted} belong there");
            // Entries may lie on one another.
            if ((left -= entry.Length) < 0) throw Damaged("has entries that are longer than the file");
            return Unpacked(entry.Open);
        }

        string pickle = entries.Keys.FirstOrDefault(name => name.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw Damaged("is an archive without data.pkl, which torch.save writes");
        string folder = pickle[..^"data.pkl".Length];
        if (entries.ContainsKey(folder + "byteorder"))
        {
            using var order = new StreamReader(Open(folder + "byteorder", null));
            if (order.Read() == 'b') throw Damaged("has big-endian numbers, which are not read");
        }
        if (entries[pickle].Length > limits.MaxHeaderBytes)
            throw Damaged($"has a pickle of {entries[pickle].Length} bytes, and {nameof(ReadLimits)}.{nameof(limits.MaxHeaderBytes)} is "
                + $"{limits.MaxHeaderBytes}");
        using var packed = Open(pickle, null);           // by now the length is not beyond that of the file
        byte[] bytes = new byte[entries[pickle].Length];
        Unpacked(() => packed.ReadAtLeast(bytes, bytes.Length));
        object? root = new Unpickler(new MemoryStream(bytes), $"{path}/data.pkl", limits.MaxHeaderBytes).Read();
        return new(root, path, storage => Open($"{folder}data/{storage.Key}", storage.Bytes));
    }

    // Before: five pickles (a mark, a version, the machine, the object, the keys of the storages), then each storage behind its length.
    private static TorchArchive ReadLegacy(Stream stream, string path, ReadLimits limits)
    {
        InvalidDataException Damaged(string what) => Damage.In(path, stream.Position, what, format: TorchFile.Format);
        var buffered = new BufferedStream(stream);
        var unpickler = new Unpickler(buffered, path, limits.MaxHeaderBytes);
        if (unpickler.Read()?.ToString() != "119547037146038801333356" || unpickler.Read() is not (long)LegacyProtocol)
            throw Damaged("is a pickle, but not one that torch.save wrote");
        if (unpickler.Read() is PythonDictionary machine && machine.Items.Contains(("little_endian", false)))
            throw Damaged("has big-endian numbers, which are not read");
        object? root = unpickler.Read();
        if (unpickler.Read() is not List<object?> keys) throw Damaged("has no list of storages");
        var places = new Dictionary<string, long>();
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (object? key in keys)
        {
            if (key is not string name || !unpickler.Storages.TryGetValue(name, out var storage))
                throw Damaged("has a storage that no tensor looks at");
            buffered.ReadExactly(count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count || storage.Bytes > buffered.Length - buffered.Position)
                throw Damaged($"has other than the {storage.Count} elements of the storage {Damage.Quote(name)}");
            places[name] = buffered.Position;
            buffered.Position += storage.Bytes;
        }
        return new(root, path, storage =>
        {
            if (!places.TryGetValue(storage.Key, out long place)) throw Damaged($"has no storage {Damage.Quote(storage.Key)}");
            stream.Position = place;
            return stream;
        });
    }
}
