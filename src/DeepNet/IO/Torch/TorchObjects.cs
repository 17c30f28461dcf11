namespace DeepNet.IO;

/// <summary>A dictionary of Python, in order.</summary>
internal sealed class PythonDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A function or class of Python that files may call, with what is called here in its place.</summary>
/// <param name="Name">The name with its module.</param>
/// <param name="Call">Makes the object from the arguments; null if it does not take these.</param>
internal sealed record PythonGlobal(string Name, Func<object?[], object?> Call);

/// <summary>The class of a storage.</summary>
/// <param name="Stored">The element type as safetensors names it.</param>
internal sealed record TorchStorageType(string Stored);

/// <summary>Elements that lie in the file under a key.</summary>
internal sealed record TorchStorage(string Key, string Stored, long Count)
{
    public long Bytes => SafeTensorsTypes.TryGet(Stored, out var type) ? checked(Count * type.Bytes) : 0;
}

/// <summary>A view of a storage.</summary>
internal sealed class TorchTensor
{
    /// <exception cref="FormatException">It is not within the storage.</exception>
    public TorchTensor(TorchStorage storage, long offset, object?[] shape, object?[] strides)
    {
        (Storage, Offset) = (storage, offset);
        Shape = new Shape([.. shape.Select(length => checked((int)Number(length)))]);
        Strides = [.. strides.Select(stride => (nint)Number(stride))];
        Int128 last = offset;
        bool fits = Strides.Length == Shape.Rank && offset >= 0;
        for (int i = 0; i < Strides.Length && fits; i++)
        {
            last += (Int128)Strides[i] * Math.Max(0, Shape[i] - 1);
            fits = Strides[i] >= 0;
        }
        if (!fits || (Shape.Count > 0 ? last >= storage.Count : offset > storage.Count))
            throw new FormatException($"a tensor of shape {Shape} with strides ({string.Join(", ", Strides)}) from element {offset} on is "
                + $"not within the {storage.Count} elements of storage {Damage.Quote(storage.Key)}");
    }

    public TorchStorage Storage { get; }

    public Shape Shape { get; }

    public nint[] Strides { get; }

    public long Offset { get; }

    private static long Number(object? value) => value as long? ?? throw new FormatException("a shape or strides hold no whole numbers");
}
