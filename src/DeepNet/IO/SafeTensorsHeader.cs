using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DeepNet.IO;

/// <summary>The header of a safetensors file.</summary>
/// <param name="Entries">The tensors, in the order in which their elements lie.</param>
/// <param name="Metadata">The strings beside them.</param>
/// <param name="MetadataAt">The byte of the file where those begin.</param>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long MetadataAt)
{
    public const int PrefixBytes = 8;
    public const long MaxBytes = 100_000_000;            // the limit of the format
    public const string MetadataName = "__metadata__";
    private const int Alignment = 8;

    /// <summary>The header of tensors whose elements follow in this order.</summary>
    public static byte[] Write(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[PrefixBytes]);
        // Nothing here is pasted into a web page, so quotes in metadata need no six characters each.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var names = new HashSet<string>();
            long at = 0;
            foreach (var (name, tensor) in tensors)
            {
                if (name == MetadataName) throw new ArgumentException($"[safetensors] '{name}' is reserved.");
                if (!names.Add(name)) throw new ArgumentException($"[safetensors] the name '{name}' occurs twice.");
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
        if (bytes.Length - PrefixBytes > MaxBytes)
            throw new ArgumentException(
                $"[safetensors] the header would take {bytes.Length - PrefixBytes} bytes; the format allows {MaxBytes}. Are there too many "
                    + "tensors, or too much metadata?");
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - PrefixBytes);
        return bytes;
    }
}
