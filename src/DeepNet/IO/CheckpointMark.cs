namespace DeepNet.IO;

/// <summary>Distinguishes checkpoints from other safetensors files.</summary>
internal static class CheckpointMark
{
    /// <summary>The key of the metadata that holds the record of a run.</summary>
    public const string Key = "deepnet.checkpoint";

    /// <summary>Returns whether a file's metadata are those of a checkpoint.</summary>
    public static bool IsIn(IReadOnlyDictionary<string, string> metadata) => metadata.ContainsKey(Key);
}
