namespace DeepNet.IO;

/// <summary>
/// Files of PyTorch's <c>torch.save</c>: <c>.pt</c>, <c>.pth</c>, <c>.bin</c>. They are pickles, which run code where Python reads them;
/// here tensors, numbers, texts, lists and dictionaries of them are read, and anything else is refused by name.
/// </summary>
/// <remarks>
/// What lies in dictionaries and lists has the names or numbers of its places, joined by points: <c>model.layer.weight</c>. Tensors that
/// share memory in the file share it here: what changes or disposes of one does so to the other. Integers of 16 bits become int32, unsigned
/// ones of 32 bits int64. Both forms of file are read, that of PyTorch 1.6 and later and the older one.
/// </remarks>
/// <example><code>
/// var weights = TorchFile.Load("resnet18.pth");
/// var checkpoint = TorchFile.Load("run.pt", out var values);      // values["epoch"] is a long
/// </code></example>
public static class TorchFile
{
    internal const string Format = "torch";

    /// <summary>Reads the tensors of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the file may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, exceeds a limit, or holds what is not read; the message says what.
    /// </exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, Device? device = null, ReadLimits? limits = null)
        => Load(path, out _, device, limits);

    /// <summary>Reads the tensors of a file, and the numbers, texts and other values beside them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">
    /// The values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/> beyond its range,
    /// <see cref="double"/>, <see cref="string"/> or bytes.
    /// </param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the file may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <inheritdoc cref="Load(string, Device?, ReadLimits?)" path="/exception"/>
    public static IReadOnlyDictionary<string, Tensor> Load(
        string path, out IReadOnlyDictionary<string, object?> values, Device? device = null, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (var tensors, values) = SafeTensors.Read(path, stream => Load(stream, path, device, limits), Format);
        return tensors;
    }

    /// <summary>Reads the tensors of a stream, which holds nothing else. It stays open.</summary>
    /// <param name="stream">The stream; it must seek.</param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the stream may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <inheritdoc cref="Load(string, Device?, ReadLimits?)" path="/exception"/>
    public static IReadOnlyDictionary<string, Tensor> Load(Stream stream, Device? device = null, ReadLimits? limits = null)
        => Load(stream, out _, device, limits);

    /// <summary>Reads the tensors of a stream, and the values beside them.</summary>
    /// <param name="stream">The stream; it must seek.</param>
    /// <param name="values">The values, as of a file.</param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the stream may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <inheritdoc cref="Load(Stream, Device?, ReadLimits?)" path="/exception"/>
    public static IReadOnlyDictionary<string, Tensor> Load(
        Stream stream, out IReadOnlyDictionary<string, object?> values, Device? device = null, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) throw new ArgumentException($"[{Format}] the stream cannot seek; copy it to a MemoryStream.", nameof(stream));
        const string name = "the stream";
        (var tensors, values) = SafeTensors.Guard(
            name, "ends too early", () => stream.Position, () => Load(stream, name, device, limits), Format);
        return tensors;
    }

    /// <summary>
    /// Writes tensors as PyTorch's <c>torch.load</c> reads a dictionary of them, with <c>weights_only</c> too. The file is replaced as a
    /// whole.
    /// </summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <param name="tensors">The tensors by name; any layout and device.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or is no Unicode.</exception>
    /// <exception cref="IOException">The file could not be written; what had the name is as it was.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, TorchWriter.Of(tensors));
    }

    /// <summary>Writes tensors to a stream, from its position on; the rest as for a file. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="tensors">The tensors by name; any layout and device.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or is no Unicode. Nothing was written then.</exception>
    public static void Save(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TorchWriter.Of(tensors)(stream);
        stream.Flush();
    }

    private static (IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, object?>) Load(
        Stream stream, string path, Device? device, ReadLimits? limits)
    {
        limits ??= ReadLimits.Default;
        using var scope = Memory.Scope();                // gives back what was read before an error
        var archive = TorchArchive.Read(stream, path, limits);
        var contents = new TorchContents(archive.Root, limits);
        var storages = new Dictionary<TorchStorage, Tensor>();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in contents.Tensors)
        {
            if (!storages.TryGetValue(tensor.Storage, out var elements))
                storages[tensor.Storage] = elements = archive.Load(tensor.Storage).To(device ?? Device.Cpu);
            tensors.Add(name, elements.View(tensor.Shape, tensor.Strides, (nint)tensor.Offset));
        }
        foreach (var tensor in tensors.Values) Memory.Keep(tensor);
        return (tensors, contents.Values);
    }
}
