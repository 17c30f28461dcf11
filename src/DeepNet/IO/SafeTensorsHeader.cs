using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace DeepNet.IO;

/// <summary>
/// The header of a safetensors file. Everything it claims is checked against the true length of the file before anything is
/// allocated for it: the lengths, the types, that the pieces cover the data without gap or overlap.
/// </summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private const int PrefixBytes = 8, Alignment = 8;
    private const long MaxHeaderBytes = 100_000_000;     // the limit of the format
    private const string MetadataName = "__metadata__";

    public static byte[] Write(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[PrefixBytes]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var names = new HashSet<string> { MetadataName };
            long at = 0;
            foreach (var (name, tensor) in tensors)
            {
                if (!names.Add(name)) throw new ArgumentException(name == MetadataName ? $"[safetensors] '{name}' is reserved." : $"[safetensors] the name '{name}' occurs twice.");
                long end = at + (long)tensor.Count * tensor.DType.Size();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafeTensorsTypes.NameOf(tensor.DType));
                json.WriteStartArray("shape");
                foreach (int length in tensor.Shape.Axes) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                at = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');   // so that elements can be mapped where they lie
        byte[] bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - PrefixBytes);
        return bytes;
    }

    public static SafeTensorsHeader Read(FileStream stream, string path)
    {
        long fileBytes = stream.Length;
        if (fileBytes < PrefixBytes) throw Damaged(path, 0, $"has {fileBytes} bytes, not even the {PrefixBytes} of the header's length");
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        stream.ReadExactly(prefix);
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > MaxHeaderBytes || (long)headerBytes > fileBytes - PrefixBytes)
            throw Damaged(path, 0, $"claims a header of {headerBytes} bytes, and {fileBytes - PrefixBytes} follow (at most {MaxHeaderBytes} are allowed). It is cut off, or not a safetensors file");
        byte[] header = new byte[headerBytes];
        stream.ReadExactly(header);
        try
        {
            return Parse(header, path, PrefixBytes + (long)headerBytes, fileBytes);
        }
        catch (JsonException e)
        {
            throw Damaged(path, PrefixBytes + (e.BytePositionInLine ?? 0), $"has a header that is not valid JSON ({e.Message})", e);
        }
        catch (InvalidOperationException e)
        {
            throw Damaged(path, PrefixBytes, $"has a header with text that is not valid Unicode ({e.Message})", e);
        }
    }

    private static SafeTensorsHeader Parse(byte[] header, string path, long dataStart, long fileBytes)
    {
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafeTensorsEntry>();
        var names = new HashSet<string>();
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw Damaged(path, PrefixBytes, "has a header that is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            long at = PrefixBytes + json.TokenStartIndex;
            string name = json.GetString()!;
            if (!names.Add(name)) throw Damaged(path, at, $"names '{name}' twice");
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Damaged(path, at, $"does not describe '{name}' by a JSON object");
            if (name == MetadataName) ReadMetadata(ref json, metadata, path);
            else entries.Add(ReadEntry(ref json, name, path, at, dataStart, fileBytes));
        }
        while (json.Read()) { }                          // nothing but space may follow; the reader says so otherwise
        entries.Sort((a, b) => a.FileOffset != b.FileOffset ? a.FileOffset.CompareTo(b.FileOffset) : a.Bytes.CompareTo(b.Bytes));
        CheckCover(entries, path, dataStart, fileBytes);
        return new SafeTensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata, string path)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw Damaged(path, PrefixBytes + json.TokenStartIndex, $"has metadata '{key}' that is not a string");
            metadata[key] = json.GetString()!;
        }
    }

    private static SafeTensorsEntry ReadEntry(ref Utf8JsonReader json, string name, string path, long at, long dataStart, long fileBytes)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            switch (key)
            {
                case "dtype" when json.TokenType == JsonTokenType.String: type = json.GetString(); break;
                case "shape" when json.TokenType == JsonTokenType.StartArray: shape = ReadNumbers(ref json, name, path); break;
                case "data_offsets" when json.TokenType == JsonTokenType.StartArray: offsets = ReadNumbers(ref json, name, path); break;
                default: throw Damaged(path, PrefixBytes + json.TokenStartIndex, $"has an unexpected '{key}' in the description of '{name}'");
            }
        }
        if (type is null || shape is null || offsets is not { Count: 2 })
            throw Damaged(path, at, $"describes '{name}' without a dtype, a shape and two data_offsets");
        if (!SafeTensorsTypes.TryGet(type, out var stored))
            throw Damaged(path, at, $"holds '{name}' as {type}, which is not one of F64, F32, F16, BF16, I64, I32, I16, U16, I8, U8, BOOL");
        long begin = offsets[0], end = offsets[1], dataBytes = fileBytes - dataStart;
        if (begin < 0 || end < begin || end > dataBytes)
            throw Damaged(path, at, $"places '{name}' at bytes {begin} to {end} of {dataBytes} that there are. It is cut off or was altered");
        if (shape.Count > Shape.MaxRank) throw Damaged(path, at, $"gives '{name}' {shape.Count} axes; at most {Shape.MaxRank} are supported");
        Int128 bytes = stored.Bytes;
        foreach (long length in shape)
        {
            if (length is < 0 or > int.MaxValue) throw Damaged(path, at, $"gives '{name}' an axis of length {length}");
            bytes *= length;
            if (bytes > dataBytes) break;                // an axis of length 0 may follow; the exact check below decides
        }
        if (shape.Contains(0)) bytes = 0;
        if (bytes != end - begin)
            throw Damaged(path, at, $"gives '{name}' the shape ({string.Join(", ", shape)}) of {type}, which does not take the {end - begin} bytes it is given");
        return new SafeTensorsEntry(name, type, new Shape([.. shape.Select(l => (int)l)]), dataStart + begin, end - begin);
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader json, string name, string path)
    {
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number))
                throw Damaged(path, PrefixBytes + json.TokenStartIndex, $"describes '{name}' with something other than whole numbers");
            numbers.Add(number);
        }
        return numbers;
    }

    // Gaps could hide anything and overlaps would let one tensor change another: the format forbids both.
    private static void CheckCover(List<SafeTensorsEntry> entries, string path, long dataStart, long fileBytes)
    {
        long at = dataStart;
        foreach (var entry in entries)
        {
            if (entry.FileOffset != at)
                throw Damaged(path, entry.FileOffset, entry.FileOffset < at ? $"lets '{entry.Name}' overlap the tensor before it" : $"has a gap of {entry.FileOffset - at} bytes before '{entry.Name}'");
            at += entry.Bytes;
        }
        if (at != fileBytes) throw Damaged(path, at, $"has {fileBytes - at} bytes after the last tensor");
    }

    private static InvalidDataException Damaged(string path, long at, string what, Exception? inner = null)
        => new($"[safetensors] {path} {what} (byte {at}).", inner);
}
