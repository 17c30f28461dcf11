using System.Globalization;
using System.Runtime.InteropServices;
using DeepNet.IO;

namespace DeepNet.Onnx;

/// <summary>The elements of tensors in files.</summary>
internal static class TensorData
{
    /// <summary>Makes a tensor.</summary>
    /// <param name="proto">The tensor as it was read.</param>
    /// <param name="path">The file that it is from, for messages.</param>
    /// <param name="folder">The folder of the model, in which other files with elements may be; null if there is none.</param>
    /// <param name="limits">The limits of what is read.</param>
    public static Tensor Load(TensorProto proto, string path, string? folder, OnnxLimits limits)
    {
        string what = $"the tensor {Damage.Quote(proto.Name)}";
        if (!ElementTypes.TryGet(proto.Type, out _, out int bytes))
            throw new NotSupportedException(
                $"[onnx] {path}: {what} has elements of {ElementTypes.NameOf(proto.Type)}, which no tensor here can hold.");
        var shape = ShapeOf(proto, path, what, limits);
        long count = shape.Count;
        if (proto.IsExternal) return ElementTypes.FromRaw(proto.Type, ReadExternal(proto, path, folder, what, count * bytes), shape);
        if (proto.Raw is { } raw)
        {
            Check(raw.Length, count * bytes, "bytes");
            return ElementTypes.FromRaw(proto.Type, raw.Span, shape);
        }
        switch (proto.Type)
        {
            case ElementType.Float:
                Check(proto.Floats.Count, count, "elements");
                return Tensor.From(CollectionsMarshal.AsSpan(proto.Floats)[..], shape);
            case ElementType.Double:
                Check(proto.Doubles.Count, count, "elements");
                return Tensor.From(CollectionsMarshal.AsSpan(proto.Doubles)[..], shape);
            default:
                Check(proto.Integers.Count, count, "elements");
                return ElementTypes.FromIntegers(proto.Type, CollectionsMarshal.AsSpan(proto.Integers), shape);
        }

        void Check(long got, long wanted, string unit)
        {
            if (got != wanted) throw Wrong(path, $"{what} of shape {shape} has {got:N0} {unit} instead of {wanted:N0}");
        }
    }

    /// <summary>Makes a tensor as it is written, with its elements as raw bytes.</summary>
    public static TensorProto Save(string name, Tensor tensor) => new()
    {
        Name = name,
        Type = ElementTypes.Of(tensor.DType),
        Lengths = [.. tensor.Shape.Select(length => (long)length)],
        Raw = BytesOf(tensor),
    };

    private static byte[] BytesOf(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => Bytes<bool>(tensor),
        DType.UInt8 => Bytes<byte>(tensor),
        DType.Int8 => Bytes<sbyte>(tensor),
        DType.Int32 => Bytes<int>(tensor),
        DType.Int64 => Bytes<long>(tensor),
        DType.Float16 => Bytes<Half>(tensor),
        DType.BFloat16 => Bytes<BFloat16>(tensor),
        DType.Float32 => Bytes<float>(tensor),
        _ => Bytes<double>(tensor),
    };

    private static byte[] Bytes<T>(Tensor tensor) where T : unmanaged
    {
        var bytes = new byte[checked((int)((long)tensor.Count * tensor.DType.Size()))];
        if (bytes.Length > 0) tensor.Detach().CopyTo(MemoryMarshal.Cast<byte, T>(bytes.AsSpan()));
        return bytes;
    }

    private static Shape ShapeOf(TensorProto proto, string path, string what, OnnxLimits limits)
    {
        if (proto.Lengths.Count > Shape.MaxRank) throw Wrong(path, $"{what} has {proto.Lengths.Count} axes; {Shape.MaxRank} are the most");
        var lengths = new int[proto.Lengths.Count];
        long count = 1;
        for (int i = 0; i < lengths.Length; i++)
        {
            long length = proto.Lengths[i];
            if (length is < 0 or > int.MaxValue) throw Wrong(path, $"{what} has an axis of length {length}");
            lengths[i] = (int)length;
            if (length == 0) count = 0;
            else if (count > limits.MaxElements / length)
                throw Wrong(path, $"{what} has more than {limits.MaxElements:N0} elements, the limit of OnnxLimits.MaxElements");
            else count *= length;
        }
        return new Shape(lengths);
    }

    // Only a plain name, or one in a folder below that of the model, is followed, and no link out of it: a model from a stranger must not
    // read what is not its own.
    private static byte[] ReadExternal(TensorProto proto, string path, string? folder, string what, long bytes)
    {
        string Value(string key) => proto.External.LastOrDefault(entry => entry.Key == key).Value ?? "";
        if (folder is null)
            throw new InvalidDataException(
                $"[onnx] {what} lies in a file of its own, and a model that is read from a stream has no folder. Load it by its path.");
        string location = Value("location");
        string file = Path.GetFullPath(Path.Combine(folder, location));
        string inside = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location)
            || !file.StartsWith(inside, StringComparison.Ordinal)
            || LeadsOut(file, inside))
            throw Wrong(path, $"{what} is said to lie in {Damage.Quote(location)}, which is not in the model's folder");
        if (!File.Exists(file)) throw new FileNotFoundException($"[onnx] {path}: {what} lies in {file}, which is not there.", file);
        if (UnixFiles.SpecialKind(file) is { } kind) throw Wrong(path, $"{what} lies in {Damage.Quote(location)}, which is {kind}");
        long offset = Number(Value("offset"), 0), length = Number(Value("length"), bytes);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (length != bytes || offset < 0 || bytes > Array.MaxLength || offset > stream.Length - bytes)
            throw Wrong(path,
                $"{what} of {bytes:N0} bytes is said to be {length:N0} bytes at {offset:N0} of {Damage.Quote(location)}, which "
                + $"has {stream.Length:N0}");
        var read = new byte[bytes];
        stream.Position = offset;
        stream.ReadExactly(read);
        return read;

        long Number(string text, long otherwise) => text.Length == 0 ? otherwise
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw Wrong(path, $"{what} has {Damage.Quote(text)} where a number is expected");
    }

    private static bool LeadsOut(string file, string inside)
    {
        for (string? at = file; at is not null && at.Length >= inside.Length; at = Path.GetDirectoryName(at))
            if (new FileInfo(at).LinkTarget is not null) return true;
        return false;
    }

    private static InvalidDataException Wrong(string path, string what) => new(Printable.Text($"[onnx] {path}: {what}."));
}
