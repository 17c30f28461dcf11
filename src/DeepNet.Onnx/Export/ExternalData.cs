using System.Globalization;
using DeepNet.IO;

namespace DeepNet.Onnx;

/// <summary>Models whose weights lie in a file of their own.</summary>
internal static class ExternalData
{
    // What the format's documents recommend, so that the file can be mapped.
    private const int Alignment = 4096;

    /// <summary>Writes the weights first, then the model that says where they are.</summary>
    public static void Save(ModelProto model, string path)
    {
        string file = Path.GetFileName(path) + ".data";
        var pieces = new List<(long Offset, ReadOnlyMemory<byte> Bytes)>();
        long at = 0;
        foreach (var tensor in model.Graph!.Initializers)
        {
            var raw = tensor.Raw!.Value;
            pieces.Add((at, raw));
            string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
            tensor.External.AddRange([("location", file), ("offset", Text(at)), ("length", Text(raw.Length))]);
            (tensor.IsExternal, tensor.Raw) = (true, null);
            at = (at + raw.Length + Alignment - 1) / Alignment * Alignment;
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        AtomicFile.Write(Path.Combine(folder, file), stream =>
        {
            long written = 0;
            foreach (var (offset, bytes) in pieces)
            {
                stream.Write(new byte[offset - written]);
                stream.Write(bytes.Span);
                written = offset + bytes.Length;
            }
        });
        AtomicFile.Write(path, model.Write().CopyTo);
    }
}
