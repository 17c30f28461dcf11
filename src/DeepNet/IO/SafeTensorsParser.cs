using System.Buffers.Binary;
using System.Text.Json;
using static DeepNet.IO.SafeTensorsHeader;

namespace DeepNet.IO;

/// <summary>
/// Reads headers that anybody may have written. Everything they claim is checked against the true length of the file before
/// anything is allocated for it: the lengths, the types, that the pieces cover the data without gap or overlap.
/// </summary>
internal ref struct SafeTensorsParser
{
    private const int MaxDepth = 8;

    private readonly string path;
    private readonly long dataStart, dataBytes;
    private readonly bool isOpen;
    private readonly ReadLimits limits;
    private readonly List<SafeTensorsEntry> entries = [];
    private readonly Dictionary<string, string> metadata = [];
    private long metadataAt = PrefixBytes;
    private Utf8JsonReader json;

    private SafeTensorsParser(byte[] header, string path, long fileBytes, bool isOpen, ReadLimits limits)
    {
        this.path = path;
        this.isOpen = isOpen;
        this.limits = limits;
        dataStart = PrefixBytes + header.LongLength;
        dataBytes = fileBytes - dataStart;
        json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads the header of a file, which holds nothing else.</summary>
    public static SafeTensorsHeader Read(FileStream stream, string path, ReadLimits? limits = null)
    {
        if (!stream.CanSeek) throw Damage.In(path, 0, "is a pipe or a device, not a file");
        return Read(stream, path, stream.Length, isOpen: false, limits);
    }

    /// <summary>Reads a header from a stream that has at most so many bytes, and may hold something else behind the tensors.</summary>
    public static SafeTensorsHeader Read(Stream stream, string name, long mostBytes, ReadLimits? limits)
        => Read(stream, name, mostBytes, isOpen: true, limits);

    private static SafeTensorsHeader Read(Stream stream, string path, long fileBytes, bool isOpen, ReadLimits? limits)
    {
        limits ??= ReadLimits.Default;
        if (fileBytes < PrefixBytes) throw Damage.In(path, 0, $"has {fileBytes} bytes, not even the {PrefixBytes} of the header's length");
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        stream.ReadExactly(prefix);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > MaxBytes || (long)headerBytes > fileBytes - PrefixBytes)
            throw Damage.In(
                path, 0, $"claims a header of {headerBytes} bytes, and {fileBytes - PrefixBytes} follow (at most {MaxBytes} are allowed). "
                    + "It is cut off, or not a safetensors file");
        if ((long)headerBytes > limits.MaxHeaderBytes)
            throw Damage.In(
                path, 0, $"has a header of {headerBytes} bytes, and {nameof(ReadLimits)}.{nameof(limits.MaxHeaderBytes)} is "
                    + $"{limits.MaxHeaderBytes}");
        byte[] header = new byte[headerBytes];
        stream.ReadExactly(header);
        return new SafeTensorsParser(header, path, fileBytes, isOpen, limits).Parse(header);
    }

    private SafeTensorsHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length == 0 || header[0] != '{')
            throw Damaged(0, "has a header that does not begin with a brace, as the format demands. It is not a safetensors file");
        try
        {
            ReadTensors();
        }
        catch (JsonException e)
        {
            throw Damaged(json.BytesConsumed, $"has a header that is not valid JSON: {FirstSentence(e.Message)}", e);
        }
        catch (InvalidOperationException e)
        {
            throw Damaged(json.TokenStartIndex, "has a header with text that is not valid Unicode", e);
        }
        entries.Sort((a, b) => a.FileOffset != b.FileOffset ? a.FileOffset.CompareTo(b.FileOffset) : a.Bytes.CompareTo(b.Bytes));
        CheckCover();
        return new SafeTensorsHeader(entries, metadata, metadataAt);
    }

    private void ReadTensors()
    {
        var names = new HashSet<string>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            long at = json.TokenStartIndex;
            string name = json.GetString()!;
            if (!names.Add(name)) throw Damaged(at, $"names {Damage.Quote(name)} twice");
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Damaged(at, $"does not describe {Damage.Quote(name)} by a JSON object");
            if (name == MetadataName) ReadMetadata(at);
            else if (entries.Count == limits.MaxTensors)
                throw Damaged(at, $"holds more than {limits.MaxTensors} tensors, the {nameof(ReadLimits)}.{nameof(limits.MaxTensors)}");
            else entries.Add(ReadEntry(name, at));
        }
        while (json.Read()) { }                          // nothing but space may follow; the reader says so otherwise
    }

    private void ReadMetadata(long at)
    {
        metadataAt = PrefixBytes + at;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Damaged(json.TokenStartIndex, $"has metadata {Damage.Quote(key)} that is not a string");
            if (!metadata.TryAdd(key, json.GetString()!)) throw Damaged(json.TokenStartIndex, $"has metadata {Damage.Quote(key)} twice");
        }
    }

    private SafeTensorsEntry ReadEntry(string name, long at)
    {
        string? typeName = null;
        List<long>? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype" when json.TokenType == JsonTokenType.String && typeName is null: typeName = json.GetString(); break;
                case "shape" when json.TokenType == JsonTokenType.StartArray
                    && shape is null:
                    shape = ReadNumbers(name, "axes", Shape.MaxRank); break;
                case "data_offsets" when json.TokenType == JsonTokenType.StartArray
                    && offsets is null:
                    offsets = ReadNumbers(name, "data_offsets", 2); break;
                default:
                    throw Damaged(
                    json.TokenStartIndex, $"has an unexpected {Damage.Quote(key)} in the description of {Damage.Quote(name)}");
            }
        }
        if (typeName is null || shape is null || offsets is not { Count: 2 })
            throw Damaged(at, $"describes {Damage.Quote(name)} without a dtype, a shape and two data_offsets");
        if (!SafeTensorsTypes.TryGet(typeName, out var type))
            throw Damaged(at, $"holds {Damage.Quote(name)} as {Damage.Quote(typeName)}, which is not one of {SafeTensorsTypes.Known}");
        long begin = offsets[0], end = offsets[1];
        if (begin < 0 || end < begin || end > dataBytes)
            throw Damaged(
                at, $"places {Damage.Quote(name)} at bytes {begin} to {end} of {dataBytes} that there are. It is cut off or was altered");
        if (!TryCount(shape, out long count) || count > (end - begin) / type.Bytes || count * type.Bytes != end - begin)
            throw Damaged(
                at, $"gives {Damage.Quote(name)} the shape ({string.Join(", ", shape)}) of {typeName}, which does not take the "
                    + $"{end - begin} bytes it is given");
        return new SafeTensorsEntry(name, typeName, new Shape([.. shape.Select(l => (int)l)]), dataStart + begin, end - begin);
    }

    private List<long> ReadNumbers(string name, string what, int most)
    {
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number))
                throw Damaged(json.TokenStartIndex, $"describes {Damage.Quote(name)} with something other than whole numbers");
            if (numbers.Count == most) throw Damaged(json.TokenStartIndex, $"gives {Damage.Quote(name)} more than {most} {what}");
            numbers.Add(number);
        }
        return numbers;
    }

    /// <summary>
    /// The number of elements. An axis of length 0 makes it 0, but the others must make sense all the same: strides are products of
    /// them.
    /// </summary>
    private static bool TryCount(List<long> shape, out long count)
    {
        count = 1;
        Int128 size = 1;
        foreach (long length in shape)
        {
            if (length is < 0 or > int.MaxValue) return false;
            size *= Math.Max(1, length);
            if (size > long.MaxValue) return false;
            count *= length;
        }
        return true;
    }

    // Gaps could hide anything and overlaps would let one tensor change another: the format forbids both.
    private readonly void CheckCover()
    {
        long at = 0;
        foreach (var entry in entries)
        {
            long begin = entry.FileOffset - dataStart;
            if (begin < at) throw Damage.In(path, entry.FileOffset, $"lets {Damage.Quote(entry.Name)} overlap the tensor before it");
            if (begin > at) throw Damage.In(path, entry.FileOffset, $"has a gap of {begin - at} bytes before {Damage.Quote(entry.Name)}");
            at += entry.Bytes;
        }
        if (at != dataBytes && !isOpen) throw Damage.In(path, dataStart + at, $"has {dataBytes - at} bytes after the last tensor");
    }

    private readonly InvalidDataException Damaged(long at, string what, Exception? inner = null)
        => Damage.In(path, PrefixBytes + at, what, inner);

    // The reader goes on to count lines, which a header has none of.
    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
