namespace DeepNet.IO;

/// <summary>Words errors about files: which file, what is wrong with it, and at which byte.</summary>
internal static class Damage
{
    private const int MostOfAName = 80;

    public static InvalidDataException In(string path, long at, string what, Exception? inner = null, string format = "safetensors")
        => new(Printable.Text($"[{format}] {path} {what} (byte {at})."), inner);

    /// <summary>A text from a file as it can stand in a message: not longer than a line, and nothing a terminal would obey.</summary>
    public static string Quote(string text) => $"'{Printable.Line(text.Length > MostOfAName ? $"{text[..MostOfAName]}…" : text)}'";
}
