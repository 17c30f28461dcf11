namespace DeepNet.Data.ParquetFiles;

/// <summary>
/// Goes through a description in Thrift's compact form without making anything of it: every field has the type that Parquet gives it, and
/// no list is longer than the bytes that follow. The library believes both, and can be sent around for hours by a damaged file.
/// </summary>
internal ref struct ThriftCheck(ReadOnlySpan<byte> bytes)
{
    private const int MostDepth = 24;
    private const int True = 1, False = 2, Byte = 3, Int16 = 4, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11,
        Struct = 12;

    // The fields of the structures of Parquet by their numbers from 1: i a whole number, b a truth value, s bytes, [ ] a list, - anything;
    // else another structure.
    private static readonly Dictionary<string, string[]> Structures = new()
    {
        ["File"] = ["i", "[Element]", "i", "[Group]", "[Pair]", "s", "[Order]", "-", "s"],
        ["Element"] = ["i", "i", "i", "s", "i", "i", "i", "i", "i", "Logical"],
        ["Logical"] = ["None", "None", "None", "None", "Decimal", "None", "Time", "Time", "-", "Integer", "None", "None", "None", "None",
            "None"],
        ["None"] = [],
        ["Decimal"] = ["i", "i"],
        ["Time"] = ["b", "Unit"],
        ["Unit"] = ["None", "None", "None"],
        ["Integer"] = ["-", "b"],
        ["Group"] = ["[Chunk]", "i", "i", "[Sorting]", "i", "i", "i"],
        ["Sorting"] = ["i", "b", "b"],
        ["Order"] = ["None"],
        ["Pair"] = ["s", "s"],
        ["Chunk"] = ["s", "i", "Column", "i", "i", "i", "i", "-", "s"],
        ["Column"] = ["i", "[i]", "[s]", "i", "i", "i", "i", "[Pair]", "i", "i", "i", "Statistics", "[EncodingCount]", "i", "i", "Sizes",
            "-"],
        ["EncodingCount"] = ["i", "i", "i"],
        ["Sizes"] = ["i", "[i]", "[i]"],
        ["Statistics"] = ["s", "s", "i", "i", "s", "s", "b", "b"],
        ["Page"] = ["i", "i", "i", "i", "DataPage", "None", "Dictionary", "DataPage2"],
        ["DataPage"] = ["i", "i", "i", "i", "Statistics"],
        ["Dictionary"] = ["i", "i", "b"],
        ["DataPage2"] = ["i", "i", "i", "i", "i", "i", "b", "Statistics"],
    };

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Gets the number of bytes that were gone through.</summary>
    public int At { get; private set; }

    /// <summary>Gets the unpacked and the packed size of a page, once its header was gone through.</summary>
    public (long Unpacked, long Packed) Sizes { get; private set; }

    /// <summary>Goes through a structure.</summary>
    public void Structure(string? name, int depth = 0)
    {
        if (depth > MostDepth) throw new InvalidDataException("structures lie in each other too deeply");
        string[] fields = name is null ? [] : Structures[name];
        for (int id = 0; ;)
        {
            int head = Next(), type = head & 15;
            if (head == 0) return;
            id = head >> 4 != 0 ? id + (head >> 4) : (int)Zigzag();
            string expected = id >= 1 && id <= fields.Length ? fields[id - 1] : "-";
            Field(expected, type, depth, name == "Page" ? id : 0);
        }
    }

    private void Field(string expected, int type, int depth, int pageField)
    {
        bool isRight = expected switch
        {
            "-" => true,
            "i" => type is >= Int16 and <= Int64,
            "b" => type is True or False,
            "s" => type == Binary,
            ['[', ..] => type == List,
            _ => type == Struct,
        };
        if (!isRight) throw new InvalidDataException("a field of the description has another type");
        switch (type)
        {
            case True or False:
                break;
            case List or Set:
                int head = Next(), element = head & 15;
                long count = head >> 4 == 15 ? (long)Varint() : head >> 4;
                if (count < 0 || count > bytes.Length - At)
                    throw new InvalidDataException("a list of the description is longer than the file");
                string inner = expected is ['[', ..] ? expected[1..^1] : "-";
                for (long i = 0; i < count; i++)
                    if (element is True or False) Next();
                    else Field(inner, element, depth + 1, 0);
                break;
            case Map:
                if (Varint() != 0) throw new InvalidDataException("the description has a map, and Parquet has none");
                break;
            case Struct:
                Structure(expected == "-" ? null : expected, depth + 1);
                break;
            case Byte:
                Next();
                break;
            case >= Int16 and <= Int64:
                long value = Zigzag();
                if (pageField == 2) Sizes = (value, Sizes.Packed);
                if (pageField == 3) Sizes = (Sizes.Unpacked, value);
                break;
            case Double:
                Skip(sizeof(double));
                break;
            case Binary:
                Skip((long)Varint());
                break;
            default:
                throw new InvalidDataException($"the description has a field of type {type}");
        }
    }

    private int Next() => At < bytes.Length ? bytes[At++] : throw new InvalidDataException("the description is cut off");

    private void Skip(long count)
    {
        if (count < 0 || count > bytes.Length - At) throw new InvalidDataException("the description is cut off");
        At += (int)count;
    }

    private long Zigzag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            int next = Next();
            value |= (ulong)(next & 127) << Math.Min(shift, 63);
            if (next < 128) return value;
        }
        throw new InvalidDataException("a number of the description has too many bytes");
    }
}
