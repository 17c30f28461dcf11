using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace DeepNet.Tests.IO;

/// <summary>
/// The safetensors format from its description, sharing nothing with the library: what another program would read and write.
/// </summary>
internal static class FormatByHand
{
    /// <summary>A file of the given header text and data, right or wrong.</summary>
    public static byte[] Write(string header, byte[] data, ulong? length = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length ?? (ulong)text.Length);
        text.CopyTo(file, 8);
        data.CopyTo(file, 8 + text.Length);
        return file;
    }

    public static Dictionary<string,
        (string Type, long[] Shape, byte[] Data, long At)> Read(byte[] file, out Dictionary<string, string> metadata)
    {
        long length = BitConverter.ToInt64(file);
        long dataStart = 8 + length;
        metadata = [];
        var tensors = new Dictionary<string, (string, long[], byte[], long)>();
        using var document = JsonDocument.Parse(file.AsMemory(8, (int)length));
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (var text in property.Value.EnumerateObject()) metadata.Add(text.Name, text.Value.GetString()!);
                continue;
            }
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64())];
            byte[] data = file[(int)(dataStart + offsets[0])..(int)(dataStart + offsets[1])];
            tensors.Add(property.Name, (property.Value.GetProperty("dtype").GetString()!, shape, data, dataStart + offsets[0]));
        }
        return tensors;
    }
}
