using System.Text;

namespace DeepNet.IO;

/// <summary>
/// The functions and classes of Python that files may name. Nothing is looked up anywhere else: what is not here is refused by name.
/// </summary>
internal static class TorchGlobals
{
    /// <summary>Gets what a name stands for; null if files may not have it.</summary>
    public static object? Find(string name)
    {
        if (TorchTypes.OfStorage(name) is { } stored) return new TorchStorageType(stored);
        if (TorchTypes.OfName(name) is not null) return name;
        Func<object?[], object?>? call = name switch
        {
            "collections.OrderedDict" or "collections.Counter" => Dictionary,
            "builtins.set" or "__builtin__.set" or "builtins.frozenset" or "__builtin__.frozenset" or "torch.Size" => Items,
            "_codecs.encode" => Encode,
            "torch.device" => Device,
            "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2" => Tensor,
            "torch._utils._rebuild_tensor_v3" => TypedTensor,
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => Parameter,
            "torch._tensor._rebuild_from_type_v2" => OfType,
            // Only named, as the type of what the function above makes.
            "torch.Tensor" or "torch._tensor.Tensor" or "torch.nn.parameter.Parameter" => _ => null,
            _ => null,
        };
        return call is not null ? new PythonGlobal(name, call)
            : name is "torch.storage.UntypedStorage" or "torch.UntypedStorage" ? new TorchStorageType("U8") : null;
    }

    private static PythonDictionary? Dictionary(object?[] args)
    {
        var made = new PythonDictionary();
        if (args is [PythonDictionary from]) made.Items.AddRange(from.Items);
        else if (args is [List<object?> pairs])
            foreach (object? pair in pairs)
            {
                if (pair is object?[] { Length: 2 } both) made.Items.Add((both[0], both[1]));
                else if (pair is List<object?> { Count: 2 } list) made.Items.Add((list[0], list[1]));
                else return null;
            }
        else if (args.Length > 0) return null;
        return made;
    }

    private static object? Items(object?[] args)
        => args is [] ? System.Array.Empty<object?>() : args is [List<object?> or object?[]] ? args[0] : null;

    // Bytes, in protocols that have no bytes.
    private static byte[]? Encode(object?[] args) => args is [string text, "latin1"] ? Encoding.Latin1.GetBytes(text) : null;

    private static string? Device(object?[] args) => args switch
    {
        [string type] => type,
        [string type, long index] => $"{type}:{index}",
        _ => null,
    };

    private static TorchTensor? Tensor(object?[] args)
        => args is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]
            ? new(storage, offset, shape, strides) : null;

    // The storage is of bytes, and the seventh argument says of what type they are.
    private static TorchTensor? TypedTensor(object?[] args)
    {
        if (args is not [TorchStorage storage, long offset, object?[] shape, object?[] strides, _, _, string name, ..]
            || TorchTypes.OfName(name) is not { } stored || !SafeTensorsTypes.TryGet(stored, out var type))
            return null;
        return new(storage with { Stored = stored, Count = storage.Bytes / type.Bytes }, offset, shape, strides);
    }

    private static TorchTensor? Parameter(object?[] args) => args is [TorchTensor tensor, ..] ? tensor : null;

    // Of the function that makes the object, its type and the arguments, the type says nothing here.
    private static object? OfType(object?[] args)
        => args is [PythonGlobal { Call: var call }, _, object?[] inner, ..] && call != OfType ? call(inner) : null;
}
