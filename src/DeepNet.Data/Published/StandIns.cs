using System.Text;

namespace DeepNet.Data.Published;

/// <summary>Sets that are made on the spot, in the form of published ones.</summary>
internal static class StandIns
{
    /// <summary>Stripes in colour, 3×32×32: the class says their direction, width and hue.</summary>
    public static ImageDataset Stripes(int count, IReadOnlyList<string> classes, ulong seed)
    {
        const int side = 32, plane = side * side;
        byte[] pixels = new byte[checked(count * 3 * plane)];
        var labels = new int[count];
        var key = DrawKey.FromSeed(seed);
        for (int i = 0; i < count; i++)
        {
            int label = labels[i] = i % classes.Count;
            var generator = key.At((ulong)i).Generator();
            var (sin, cos) = Math.SinCos(Math.PI * label / classes.Count);
            double width = 0.4 + 0.15 * (label % 5), shift = generator.Uniform(0, 2 * Math.PI);
            double[] hue = [.. Enumerable.Range(0, 3).Select(c => 40 * Math.Cos(2 * Math.PI * (label * 0.37 + c / 3.0)))];
            for (int at = 0; at < plane; at++)
            {
                double wave = 60 * Math.Sin(width * (cos * (at % side) + sin * (at / side)) + shift) + generator.Uniform(-40, 40);
                for (int c = 0; c < 3; c++)
                    pixels[(3 * i + c) * plane + at] = (byte)Math.Clamp(128 + wave + hue[c], 0, 255);
            }
        }
        return new ImageDataset(pixels, labels, 3, side, side, classes);
    }

    /// <summary>Sentences of a small grammar, spoken by turns.</summary>
    public static string Dialogue(int characters, ulong seed)
    {
        string[] speakers = ["FIRST GUARD", "SECOND GUARD", "MERCHANT", "QUEEN"],
            subjects = ["The king", "My lady", "The old ship", "Our town"],
            verbs = ["will not see", "has never known", "must leave", "still remembers"],
            objects = ["the cold sea", "such a night", "a better friend", "the road home"], ends = [".", "!", "?", ", and so do I."];
        var generator = DrawKey.FromSeed(seed).Generator();
        string Any(string[] words) => words[generator.Below(words.Length)];
        var text = new StringBuilder();
        while (text.Length < characters)
        {
            text.Append(Any(speakers)).Append(":\n");
            for (int line = generator.Below(3); line >= 0; line--)
                text.Append(Any(subjects)).Append($" {Any(verbs)} {Any(objects)}{Any(ends)}\n");
            text.Append('\n');
        }
        return text.ToString(0, characters);
    }
}
