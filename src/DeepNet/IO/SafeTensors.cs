using System.Text;

namespace DeepNet.IO;

/// <summary>
/// Files of named tensors in the safetensors format, which Python's library of that name reads and writes too: eight bytes of
/// header length, a JSON header, then the elements, dense and little-endian.
/// </summary>
public static class SafeTensors
{
    /// <summary>
    /// Writes tensors, atomically: the file is the old or the new one, never a part. They lie in the given order, but wider
    /// element types first, so that each is aligned for readers that map the file into memory.
    /// </summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <param name="tensors">The tensors by name; any layout and device.</param>
    /// <param name="metadata">Strings to keep beside them.</param>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is reserved, or cannot be written: half of a surrogate pair is no character.
    /// </exception>
    /// <exception cref="IOException">
    /// The file could not be written, or is a folder, a device or a pipe; what had the name is as it was.
    /// </exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Writer(tensors, metadata));
    }

    /// <summary>Writes tensors to a stream, from its position on; the rest as for a file. The stream stays open.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="tensors">The tensors by name; any layout and device.</param>
    /// <param name="metadata">Strings to keep beside them.</param>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is reserved, or cannot be written: half of a surrogate pair is no character. Nothing was written then.
    /// </exception>
    public static void Save(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Writer(tensors, metadata)(stream);
        stream.Flush();
    }

    private static Action<Stream> Writer(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var list = InFileOrder(tensors);
        foreach (var (name, _) in list) CheckText(name, "the name");
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            CheckText(key, "the metadata");
            CheckText(value, $"the metadata '{key}'");
        }
        byte[] header = SafeTensorsHeader.Write(list, metadata);
        return stream =>
        {
            stream.Write(header);
            foreach (var (_, tensor) in list) Elements.Visit(tensor, stream.Write);
        };
    }

    /// <summary>Reads all tensors of a file, in the order in which their elements lie.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the file may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">The file is damaged, exceeds a limit or was not written in this format; the message says
    /// how.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, Device? device = null, ReadLimits? limits = null)
        => Load(path, out _, device, limits);

    /// <summary>Reads all tensors of a file, and its metadata.</summary>
    /// <inheritdoc cref="Load(string, Device?, ReadLimits?)"/>
    public static IReadOnlyDictionary<string, Tensor> Load(
        string path, out IReadOnlyDictionary<string, string> metadata, Device? device = null, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Load(out metadata, device, () => Read(path, stream =>
        {
            var header = SafeTensorsParser.Read(stream, path, limits);
            return (header, Elements.Read(stream, header.Entries));
        }));
    }

    /// <summary>
    /// Reads tensors from a stream, from its position on, as <see cref="Save(Stream, IEnumerable{KeyValuePair{string, Tensor}},
    /// IReadOnlyDictionary{string, string})"/> has written them. What follows the last one is left in the stream, which stays open.
    /// </summary>
    /// <param name="stream">The stream; it need not seek. Memory for elements is taken as they come, however many it claims.</param>
    /// <param name="device">The device of the tensors; the CPU if null.</param>
    /// <param name="limits">The limits of what the stream may hold; <see cref="ReadLimits.Default"/> if null.</param>
    /// <exception cref="InvalidDataException">The content is damaged, exceeds a limit or was not written in this format; the message says
    /// how.</exception>
    public static IReadOnlyDictionary<string, Tensor> Load(Stream stream, Device? device = null, ReadLimits? limits = null)
        => Load(stream, out _, device, limits);

    /// <summary>Reads tensors from a stream, and their metadata.</summary>
    /// <inheritdoc cref="Load(Stream, Device?, ReadLimits?)"/>
    public static IReadOnlyDictionary<string, Tensor> Load(
        Stream stream, out IReadOnlyDictionary<string, string> metadata, Device? device = null, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        const string name = "the stream";
        long start = stream.CanSeek ? stream.Position : 0;
        long At() => stream.CanSeek ? stream.Position - start : 0;
        return Load(out metadata, device, () => Guard(name, "ends before its last tensor", At, () =>
        {
            var header = SafeTensorsParser.Read(stream, name, stream.CanSeek ? stream.Length - start : long.MaxValue, limits);
            return (header, Elements.Read(stream, header.Entries, stream.CanSeek));
        }));
    }

    private static Dictionary<string, Tensor> Load(out IReadOnlyDictionary<string, string> metadata, Device? device,
        Func<(SafeTensorsHeader, Dictionary<string, Tensor>)> read)
    {
        using var scope = Memory.Scope();                // gives back what was read before an error
        var (header, tensors) = read();
        if (device is not null && device.Kind != DeviceKind.Cpu)
            foreach (string name in tensors.Keys.ToList()) tensors[name] = tensors[name].To(device);
        foreach (var tensor in tensors.Values) Memory.Keep(tensor);
        metadata = header.Metadata;
        return tensors;
    }

    /// <summary>Reads which tensors a file holds, without their elements.</summary>
    /// <inheritdoc cref="Load(string, Device?, ReadLimits?)" path="/exception"/>
    public static IReadOnlyList<SafeTensorsEntry> Describe(string path, ReadLimits? limits = null) => Describe(path, out _, limits);

    /// <summary>Reads which tensors a file holds, and its metadata, without the elements.</summary>
    /// <inheritdoc cref="Load(string, Device?, ReadLimits?)" path="/exception"/>
    public static IReadOnlyList<SafeTensorsEntry> Describe(
        string path, out IReadOnlyDictionary<string, string> metadata, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var header = Read(path, stream => SafeTensorsParser.Read(stream, path, limits));
        metadata = header.Metadata;
        return header.Entries;
    }

    internal static List<KeyValuePair<string, Tensor>> InFileOrder(IEnumerable<KeyValuePair<string, Tensor>> tensors)
        => [.. tensors.OrderByDescending(t => t.Value.DType.Size())];

    /// <summary>
    /// Refuses text that would not come back: JSON and UTF-8 have no form for half of a surrogate pair, and writers put U+FFFD in its
    /// place.
    /// </summary>
    internal static void CheckText(string text, string what)
    {
        int at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && text[at] != '\uFFFD')
                throw new ArgumentException($"[save] {what} {Damage.Quote(text)} cannot be saved: half of a surrogate pair at {at}.");
            at += rune.Utf16SequenceLength;
        }
    }

    /// <summary>
    /// Reads from a file that anybody may have written. The one place where exceptions of other parts become the documented one: a
    /// file may become shorter between the check of a length and the reading of its bytes.
    /// </summary>
    internal static T Read<T>(string path, Func<FileStream, T> read, string format = "safetensors")
    {
        if (UnixFiles.SpecialKind(path) is { } kind) throw Damage.In(path, 0, $"is {kind}, not a file", format: format);
        // Unbuffered: the pieces read are large.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return Guard(path, "became shorter while it was read", () => stream.Position, () => read(stream), format);
    }

    internal static T Guard<T>(string path, string ended, Func<long> at, Func<T> read, string format = "safetensors")
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException e)
        {
            throw Damage.In(path, at(), ended, e, format);
        }
        catch (Exception e) when (
            e is ArgumentException or ArithmeticException or FormatException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw Damage.In(path, at(), $"cannot be read: {e.Message.TrimEnd('.')}", e, format);
        }
    }
}
