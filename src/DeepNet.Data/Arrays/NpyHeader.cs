using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DeepNet.Data.Files;
using DeepNet.IO;

namespace DeepNet.Data.Arrays;

/// <summary>
/// The header of an npy file: a dictionary as Python writes it, of three keys. It is read by a parser that knows these and nothing else;
/// nothing is evaluated.
/// </summary>
internal sealed record NpyHeader(string StoredType, bool IsBigEndian, bool IsFortran, Shape Shape, long Bytes)
{
    private const int Alignment = 64, VersionBytes = 2, MostBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyHeader Read(ByteReader reader)
    {
        Span<byte> start = stackalloc byte[Magic.Length + VersionBytes];
        long at = reader.Offset;
        if (reader.ReadUpTo(start) < start.Length || !start.StartsWith(Magic))
            throw reader.Damaged(at, "the array does not begin as an npy file does. Is it another kind of file, or a pickle?");
        int version = start[Magic.Length];
        if (version is < 1 or > 3) throw reader.Damaged(at + Magic.Length, $"version {version} of the format is not known");
        byte[] length = reader.ReadBytes(version == 1 ? sizeof(ushort) : sizeof(uint), "the length of the header");
        uint bytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > MostBytes) throw reader.Damaged(reader.Offset, $"the header should take {bytes} bytes, and {MostBytes} is the most");
        at = reader.Offset;
        return new Parser(reader, at, Encoding.UTF8.GetString(reader.ReadBytes(bytes, "the header"))).Parse();
    }

    public static byte[] Write(Tensor tensor)
    {
        string descr = tensor.DType switch
        {
            DType.Bool => "|b1",
            DType.UInt8 => "|u1",
            DType.Int8 => "|i1",
            DType.Int32 => "<i4",
            DType.Int64 => "<i8",
            DType.Float16 => "<f2",
            DType.Float32 => "<f4",
            DType.Float64 => "<f8",
            _ => throw new ArgumentException(
                $"[npy] {tensor.DType.Name()} is no type of NumPy. Convert it: To(DType.Float32) keeps every value."),
        };
        var text = new StringBuilder($"{{'descr': '{descr}', 'fortran_order': False, 'shape': (");
        foreach (int axis in tensor.Shape.Axes) text.Append(CultureInfo.InvariantCulture, $"{axis}, ");
        if (tensor.Rank > 1) text.Length -= 2;
        else if (tensor.Rank == 1) text.Length--;
        text.Append("), }");
        int before = Magic.Length + VersionBytes + sizeof(ushort),
            bytes = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        text.Append(' ', bytes - before - text.Length - 1).Append('\n');
        byte[] result = [.. Magic, 1, 0, 0, 0, .. Encoding.ASCII.GetBytes(text.ToString())];
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(before - sizeof(ushort)), (ushort)text.Length);
        return result;
    }

    private sealed class Parser(ByteReader reader, long start, string text)
    {
        private int at;

        public NpyHeader Parse()
        {
            string? descr = null;
            bool? isFortran = null;
            List<int>? axes = null;
            Take('{');
            while (!Has('}'))
            {
                int keyAt = at;
                string key = String("a key");
                Take(':');
                switch (key)
                {
                    case "descr" when descr is null:
                        if (Next() is '[' or '(')
                            throw Wrong("the elements have fields (a structured array). Save each field as an array of its own");
                        descr = String("the type");
                        break;
                    case "fortran_order" when isFortran is null:
                        isFortran = Has("True") || (Has("False") ? false : throw Wrong("True or False should be here"));
                        break;
                    case "shape" when axes is null:
                        axes = Tuple();
                        break;
                    default:
                        at = keyAt;
                        throw Wrong($"'{key}' is none of the keys descr, fortran_order and shape, or there twice");
                }
                if (!Has(',') && Next() != '}') throw Wrong("a comma should be here");
            }
            if (Next() != '\0') throw Wrong("something follows the header");
            if (descr is null || isFortran is null || axes is null) throw Wrong("the header lacks descr, fortran_order or shape");
            return Checked(descr, isFortran.Value, axes);
        }

        private NpyHeader Checked(string descr, bool isFortran, List<int> axes)
        {
            bool isBig = descr is ['>', ..];
            string type = descr is ['<' or '>' or '|' or '=', ..] ? descr[1..] : descr;
            string stored = type switch
            {
                "b1" or "?" => "BOOL",
                "u1" => "U8",
                "i1" => "I8",
                "u2" => "U16",
                "i2" => "I16",
                "u4" => "U32",
                "i4" => "I32",
                "i8" => "I64",
                "f2" => "F16",
                "f4" => "F32",
                "f8" => "F64",
                ['O', ..] => throw Wrong(
                    "the elements are Python objects, stored as a pickle, which is a program and is never run here. Save numbers: "
                        + "numpy.save(path, array.astype(numpy.float32))"),
                "u8" => throw Wrong("uint64 has no type here that holds it. Save it as int64 or float64"),
                ['c', ..] => throw Wrong("complex numbers have no type here. Save the real and the imaginary part"),
                ['U' or 'S' or 'a', ..] => throw Wrong("the elements are texts. Save numbers, or a CSV file"),
                ['M' or 'm', ..] => throw Wrong("the elements are times. Save them as int64: array.astype(numpy.int64)"),
                _ => throw Wrong($"'{descr}' is no type that is read: bool, int8 to int64, uint8 to uint32, float16 to float64 are"),
            };
            SafeTensorsTypes.TryGet(stored, out var known);
            Int128 bytes = known.Bytes, span = known.DType.Size();
            // An axis of length 0 leaves no elements, but the others must make sense all the same: strides are products of them.
            foreach (int axis in axes)
            {
                (bytes, span) = (bytes * axis, span * Math.Max(1, axis));
                if (span > long.MaxValue) throw Wrong($"an array of {string.Join("×", axes)} elements cannot be");
            }
            return new(stored, isBig, isFortran, new Shape([.. axes]), (long)bytes);
        }

        private List<int> Tuple()
        {
            var axes = new List<int>();
            Take('(');
            while (!Has(')'))
            {
                Next();
                int from = at;
                while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
                if (!int.TryParse(text.AsSpan(from, at - from), NumberStyles.None, CultureInfo.InvariantCulture, out int axis))
                    throw Wrong($"the length of axis {axes.Count} should be here, a number below 2³¹");
                axes.Add(axis);
                if (axes.Count > Shape.MaxRank) throw Wrong($"the array has more than {Shape.MaxRank} axes");
                Has('L');                                // as Python 2 wrote long numbers
                if (!Has(',') && Next() != ')') throw Wrong("a comma should be here");
            }
            return axes;
        }

        private string String(string what)
        {
            char quote = Next();
            int end = quote is '\'' or '"' ? text.IndexOf(quote, at + 1) : -1;
            if (end < 0) throw Wrong($"{what} should be here, in quotes");
            string value = text[(at + 1)..end];
            at = end + 1;
            return value;
        }

        private char Next()
        {
            while (at < text.Length && text[at] is ' ' or '\n' or '\t' or '\r') at++;
            return at < text.Length ? text[at] : '\0';
        }

        private bool Has(char c)
        {
            if (Next() != c) return false;
            at++;
            return true;
        }

        private bool Has(string word)
        {
            Next();
            if (!text.AsSpan(at).StartsWith(word, StringComparison.Ordinal)) return false;
            at += word.Length;
            return true;
        }

        private void Take(char c)
        {
            if (!Has(c)) throw Wrong($"'{c}' should be here");
        }

        private DataFormatException Wrong(string what) => reader.Damaged(start + at, what);
    }
}
