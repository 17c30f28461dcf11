using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepNet.Samples.Embedding;

/// <summary>The made digits that lie beside the program, read without DeepNet.Data: a server needs the core alone.</summary>
internal static class Digits
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "digits");

    /// <summary>Mean and standard deviation of the training part, by which samples/Mnist scales it.</summary>
    public static (double Mean, double Deviation) Measured
    {
        get
        {
            double sum = 0, squares = 0;
            byte[] pixels = Images("train");
            foreach (byte b in pixels)
            {
                double v = b / 255.0;
                sum += v;
                squares += v * v;
            }
            double mean = sum / pixels.Length;
            return (mean, Math.Sqrt(squares / pixels.Length - mean * mean));
        }
    }

    public static byte[] Images(string part) => Read($"{part}-images-idx3-ubyte.gz", 3);

    public static byte[] Labels(string part) => Read($"{part}-labels-idx1-ubyte.gz", 1);

    /// <summary>An IDX file: two zero bytes, the type (8: bytes), the number of axes, the axes, the bytes.</summary>
    private static byte[] Read(string name, int axes)
    {
        string path = Path.Combine(Folder, name);
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        byte[] head = new byte[4 + 4 * axes];
        file.ReadExactly(head);
        if (head[2] != 8 || head[3] != axes) throw new InvalidDataException($"{path} is no IDX file of bytes with {axes} axes.");
        int count = 1;
        for (int i = 0; i < axes; i++) count *= BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4 + 4 * i));
        byte[] bytes = new byte[count];
        file.ReadExactly(bytes);
        return bytes;
    }
}
