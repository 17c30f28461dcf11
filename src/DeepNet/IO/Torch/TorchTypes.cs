namespace DeepNet.IO;

/// <summary>The element types of PyTorch's files: the class of their storages, their own name, and what safetensors calls them.</summary>
internal static class TorchTypes
{
    private static readonly (string Storage, string Name, string Stored)[] All =
    [
        ("torch.DoubleStorage", "torch.float64", "F64"),
        ("torch.FloatStorage", "torch.float32", "F32"),
        ("torch.HalfStorage", "torch.float16", "F16"),
        ("torch.BFloat16Storage", "torch.bfloat16", "BF16"),
        ("torch.LongStorage", "torch.int64", "I64"),
        ("torch.IntStorage", "torch.int32", "I32"),
        ("torch.ShortStorage", "torch.int16", "I16"),
        ("torch.CharStorage", "torch.int8", "I8"),
        ("torch.ByteStorage", "torch.uint8", "U8"),
        ("torch.BoolStorage", "torch.bool", "BOOL"),
        // These have no class of their own: such tensors look at bytes.
        ("", "torch.uint16", "U16"),
        ("", "torch.uint32", "U32"),
    ];

    public static string? OfStorage(string storage) => Array.Find(All, type => type.Storage == storage).Stored;

    public static string? OfName(string name) => Array.Find(All, type => type.Name == name).Stored;

    public static string StorageOf(DType dtype) => Array.Find(All, type => type.Stored == SafeTensorsTypes.NameOf(dtype)).Storage;
}
