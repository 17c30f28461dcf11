using System.Runtime.CompilerServices;
using System.Text.Json;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>PNG, JPEG and BMP images: damaged anywhere, in their first bytes most often, and with ends of others.</summary>
public sealed class ImageFormat : Format
{
    private const int HeadBytes = 700, MostPixels = 1 << 18;

    private readonly Lazy<byte[][]> files = new(() =>
    [
        .. JsonDocument.Parse(File.ReadAllBytes(Where())).RootElement.GetProperty("files").EnumerateObject()
            .Where(file => !file.Name.StartsWith("orientation", StringComparison.Ordinal)
                || file.Name.Contains('6', StringComparison.Ordinal))
            .Select(file => file.Value.GetBytesFromBase64()),
    ]);

    public override string Name => "image";

    // An image of the most pixels in three colours: planes and coefficients of a JPEG, the pixels, and those turned upright.
    public override Bound Managed => new(64, 64 * MostPixels);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds() => files.Value;

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        int head = Math.Min(HeadBytes, seed.Length);
        return chance.Next(8) switch
        {
            0 => ByteMutation.Truncate(seed, chance),
            1 => ByteMutation.Splice(seed, chance.Pick(Seeds()), chance),
            2 or 3 => ByteMutation.Mutate(seed, chance),
            _ => [.. ByteMutation.Mutate(seed[..head], chance), .. seed[head..]],
        };
    }

    public override void Read(string path)
    {
        foreach (var color in Enum.GetValues<ImageColor>())
        {
            var image = Image.Load(path, new() { Color = color, Limits = new() { MaxPixels = MostPixels } });
            Require(image.Pixels.Length == image.Height * image.Width * image.Channels, "there are not as many bytes as pixels");
            Require((long)image.Height * image.Width <= MostPixels, "there are more pixels than the limit");
        }
    }

    private static string Where([CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "golden", "data", "pictures.json");
}
