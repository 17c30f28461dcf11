using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DeepNet.Data.Tests;

/// <summary>Image files, and what Pillow makes of them: tests/golden/data/pictures.json.</summary>
internal static class Pictures
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Where())).RootElement;

    public static IEnumerable<string> Names => Root.GetProperty("files").EnumerateObject().Select(file => file.Name);

    public static byte[] Bytes(string name) => Root.GetProperty("files").GetProperty(name).GetBytesFromBase64();

    public static Image Decoded(string name, ImageColor color = ImageColor.Rgb) => Image.Decode(Bytes(name), new() { Color = color }, name);

    /// <summary>The cases of an operation.</summary>
    public static IEnumerable<(string File, JsonElement Args, Image Expected)> Cases(string op)
    {
        foreach (var found in Root.GetProperty("cases").EnumerateArray())
        {
            if (found.GetProperty("op").GetString() != op) continue;
            int[] shape = [.. found.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())];
            yield return (
                found.GetProperty("file").GetString()!, found.GetProperty("args"),
                new Image(found.GetProperty("bytes").GetBytesFromBase64(), shape[0], shape[1], shape.Length == 3 ? shape[2] : 1));
        }
    }

    public static void AssertEqual(Image expected, Image actual, string what)
    {
        Assert.Equal((what, expected.Height, expected.Width, expected.Channels), (what, actual.Height, actual.Width, actual.Channels));
        for (int i = 0; i < expected.Pixels.Length; i++)
            if (expected.Pixels[i] != actual.Pixels[i])
                Assert.Fail($"{what}: byte {i} is {actual.Pixels[i]}, and Pillow says {expected.Pixels[i]}");
    }

    private static string Where([CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "golden", "data", "pictures.json");
}
