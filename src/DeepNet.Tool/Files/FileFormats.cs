using DeepNet.Data;
using DeepNet.Data.Images;
using DeepNet.IO;

namespace DeepNet.Tool.Files;

/// <summary>All formats, found by what a file begins with or by its name.</summary>
internal static class FileFormats
{
    public static FileFormat SafeTensorsFormat { get; } = new("safetensors", [".safetensors", ".ckpt"], WeightFiles.InspectSafeTensors)
    {
        Tensors = WeightFiles.SafeTensorsToConvert,
        Save = (path, tensors) => SafeTensors.Save(path, tensors),
    };

    public static FileFormat Torch { get; } = new("PyTorch", [".pt", ".pth", ".bin"], WeightFiles.InspectTorch)
    {
        Tensors = WeightFiles.TorchToConvert,
        Save = (path, tensors) => TorchFile.Save(path, tensors),
    };

    public static FileFormat Npz { get; } = new("NumPy archive", [".npz"], (path, all) => FileContents.Of(NpzFile.Load(path), all))
    {
        Tensors = path => (NpzFile.Load(path), null),
        Save = (path, tensors) => NpzFile.Save(path, tensors),
    };

    public static FileFormat Npy { get; } = new("NumPy array", [".npy"], (path, all) => FileContents.Of(Single(NpyFile.Load(path)), all))
    {
        Tensors = path => (Single(NpyFile.Load(path)), null),
        Save = (path, tensors) => NpyFile.Save(path, tensors.Count == 1 ? tensors.Values.First()
            : throw new NotSupportedException($"an .npy file holds one array, and there are {tensors.Count} tensors. Write an .npz file.")),
    };

    public static FileFormat IdxFormat { get; } = new(
        "IDX", ["-ubyte", "-ubyte.gz", ".idx"], (path, all) => FileContents.Of(Single(Idx.Load(path)), all))
    {
        Tensors = path => (Single(Idx.Load(path)), null),
    };

    public static FileFormat OnnxFormat { get; } = new("ONNX", [".onnx"], OnnxContents.Inspect) { Tensors = OnnxContents.ToConvert };

    public static FileFormat Csv { get; } = new(
        "CSV", [".csv", ".tsv", ".txt"], (path, all) => TableContents.Inspect(CsvTable.Read(path), all))
    {
        Table = path => CsvTable.Read(path),
    };

    public static FileFormat Parquet { get; } = new(
        "Parquet", [".parquet"], (path, all) => TableContents.Inspect(ParquetTable.Read(path), all))
    {
        Table = path => ParquetTable.Read(path),
        SaveTable = (path, table) => ParquetTable.Write(path, table),
    };

    public static IReadOnlyList<FileFormat> All { get; } = [SafeTensorsFormat, Torch, Npz, Npy, IdxFormat, OnnxFormat, Csv, Parquet];

    /// <summary>Gets the format that a file is in: its first bytes decide where they tell, else its name.</summary>
    /// <exception cref="NotSupportedException">The format is not known.</exception>
    public static FileFormat OfFile(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder. deepnet runs compares the runs in it.");
        using (var stream = File.OpenRead(path))
        {
            Span<byte> start = stackalloc byte[9];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            if (start.StartsWith("GGUF"u8))
                throw new NotSupportedException(
                    $"{path} is a GGUF file, whose quantised blocks are not read. The model's safetensors file is.");
            if (start.StartsWith("PAR1"u8)) return Parquet;
            if (start is [0x93, (byte)'N', (byte)'U', ..]) return Npy;
            if (start is [_, _, _, _, _, _, 0, 0, (byte)'{']) return SafeTensorsFormat;
        }
        return ByName(path) ?? throw new NotSupportedException($"{path}: neither its first bytes nor its name say what it is. {Known}");
    }

    /// <summary>Gets the format that a name asks for.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static FileFormat ToWrite(string path) => ByName(path)
        ?? throw new NotSupportedException($"{path}: the ending of the name says which format to write. {Known}");

    /// <summary>Gets the endings that are known, for messages and help.</summary>
    public static string Known => $"Known are {string.Join(", ", All.SelectMany(f => f.Endings))}.";

    private static FileFormat? ByName(string path)
        => All.FirstOrDefault(f => f.Endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    private static Dictionary<string, Tensor> Single(Tensor tensor) => new() { ["array"] = tensor };
}
