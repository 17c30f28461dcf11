using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DeepNet.IO;

/// <summary>
/// Reads pickles, Python's form of objects, of protocols 2 to 5: a program for a machine with a stack. Here it makes lists, dictionaries,
/// numbers, texts and views of tensors, and calls nothing but <see cref="TorchGlobals"/>.
/// </summary>
/// <param name="stream">The stream, which is left behind the pickle.</param>
/// <param name="path">The file, for errors.</param>
/// <param name="most">The number of bytes that the pickle may have.</param>
internal sealed class Unpickler(Stream stream, string path, long most)
{
    private const int MostOfAName = 200;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly long end = Math.Min(stream.Length, stream.Position + most);
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>Gets the storages that were named, by key.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = [];

    /// <exception cref="InvalidDataException">The pickle is damaged, or holds what is not read.</exception>
    public object? Read()
    {
        while (true)
        {
            int code = Byte();
            if (code == '.') return Pop();
            Do((char)code);
        }
    }

    private void Do(char code)
    {
        switch (code)
        {
            case '\x80': Check(Byte() is >= 2 and <= 5, "is a pickle of an unknown protocol"); break;
            case '\x95': Take(8); break;                                             // the length of what follows
            case '(': marks.Add(stack.Count); break;
            case '0': Pop(); break;
            case '1': Marked(); break;

            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'J': Push((long)(int)Number(4)); break;
            case 'K': Push(Number(1)); break;
            case 'M': Push(Number(2)); break;
            case '\x8a': PushLong(Take(Number(1))); break;
            case '\x8b': PushLong(Take(Number(4))); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;

            case 'X': Push(Text(4)); break;
            case '\x8c': Push(Text(1)); break;
            case '\x8d': Push(Text(8)); break;
            case 'U': Push(Encoding.Latin1.GetString(Take(Number(1)))); break;      // texts of Python 2
            case 'T': Push(Encoding.Latin1.GetString(Take(Number(4)))); break;
            case 'C': Push(Take(Number(1))); break;
            case 'B': Push(Take(Number(4))); break;
            case '\x8e' or '\x96': Push(Take(Number(8))); break;

            case ')': Push(System.Array.Empty<object?>()); break;
            case 't': Push(Marked()); break;
            case '\x85': Push(new[] { Pop() }); break;
            case '\x86': Push(Last(2)); break;
            case '\x87': Push(Last(3)); break;

            case ']' or '\x8f': Push(new List<object?>()); break;
            case '\x91': Push(Marked()); break;
            case 'a': Append(Last(1)); break;
            case 'e' or '\x90': Append(Marked()); break;

            case '}': Push(new PythonDictionary()); break;
            case 's': Set(Last(2)); break;
            case 'u': Set(Marked()); break;

            case 'q': memo[Number(1)] = Top<object>(); break;
            case 'r': memo[Number(4)] = Top<object>(); break;
            case '\x94': memo[memo.Count] = Top<object>(); break;
            case 'h': Push(Known(Number(1))); break;
            case 'j': Push(Known(Number(4))); break;

            case 'c': Push(Global(Line(), Line())); break;
            case '\x93': Push(Last(2) is [string module, string name] ? Global(module, name) : throw Damaged("names no function")); break;
            case 'R' or '\x81': Push(Call()); break;
            case 'b': Pop(); break;                                                  // attributes, such as the versions of layers
            case 'Q': Push(Storage(Pop())); break;

            default: throw Damaged($"is a pickle with the instruction 0x{(int)code:x2}, which PyTorch does not write");
        }
    }

    private object? Call()
    {
        if (Last(2) is not [PythonGlobal function, object?[] args]) throw Damaged("calls what is no function of PyTorch's files");
        return function.Call(args) ?? throw Damaged($"calls {function.Name} with arguments that it does not take");
    }

    private object Global(string module, string name)
        => TorchGlobals.Find($"{module}.{name}") ?? throw Damaged($"holds {Damage.Quote($"{module}.{name}")}, which is not read: only "
            + "tensors, numbers, texts, lists and dictionaries are. Save model.state_dict(), not the model");

    private TorchStorage Storage(object? id)
    {
        if (id is not (object?[] and ["storage", TorchStorageType type, string key, string, long count, ..]) || count < 0)
            throw Damaged("names a storage in a way that is unknown");
        if (id is object?[] and [_, _, _, _, _, not null]) throw Damaged($"has the storage {Damage.Quote(key)} as a part of another one");
        var storage = new TorchStorage(key, type.Stored, count);
        return Storages.TryAdd(key, storage) || storage == Storages[key] ? storage
            : throw Damaged($"describes the storage {Damage.Quote(key)} in two ways");
    }

    private void Append(object?[] items) => Top<List<object?>>().AddRange(items);

    private void Set(object?[] items)
    {
        Check(items.Length % 2 == 0, "sets a key without a value");
        var dictionary = Top<PythonDictionary>();
        for (int i = 0; i < items.Length; i += 2) dictionary.Items.Add((items[i], items[i + 1]));
    }

    private void Push(object? value) => stack.Add(value);

    private object? Pop() => Last(1)[0];

    private object?[] Last(int count)
    {
        Check(stack.Count - count >= (marks.Count > 0 ? marks[^1] : 0), "takes more values than there are");
        object?[] last = [.. stack[^count..]];
        stack.RemoveRange(stack.Count - count, count);
        return last;
    }

    private object?[] Marked()
    {
        Check(marks.Count > 0, "ends a list that did not begin");
        object?[] marked = Last(stack.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return marked;
    }

    private T Top<T>() where T : class
    {
        Check(stack.Count > (marks.Count > 0 ? marks[^1] : 0), "takes more values than there are");
        return stack[^1] as T ?? throw Damaged("changes what is no list or dictionary");
    }

    private object? Known(long place)
        => memo.TryGetValue(place, out object? value) ? value : throw Damaged("names an object that there is not");

    private int Byte()
    {
        Check(stream.Position < end, "ends within a pickle, or has a longer one than is allowed");
        return stream.ReadByte();
    }

    private byte[] Take(long count)
    {
        Check(count >= 0 && count <= end - stream.Position, "ends within a pickle, or has a longer one than is allowed");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private long Number(int bytes)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        Take(bytes).CopyTo(number);
        return BinaryPrimitives.ReadInt64LittleEndian(number);
    }

    /// <summary>Pushes a whole number of any size: as an Int64 where it fits.</summary>
    private void PushLong(byte[] bytes)
    {
        var number = new BigInteger(bytes);
        if (number >= long.MinValue && number <= long.MaxValue) Push((long)number);
        else Push(number);
    }

    private string Text(int lengthBytes) => Utf8.GetString(Take(Number(lengthBytes)));

    private string Line()
    {
        var line = new StringBuilder();
        for (int c = Byte(); c != '\n'; c = Byte())
        {
            Check(line.Length < MostOfAName, "has a name that is too long");
            line.Append((char)c);
        }
        return line.ToString();
    }

    private void Check(bool holds, string what)
    {
        if (!holds) throw Damaged(what);
    }

    private InvalidDataException Damaged(string what) => Damage.In(path, stream.Position, what, format: TorchFile.Format);
}
