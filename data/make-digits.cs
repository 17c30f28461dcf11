#:project ../src/DeepNet.Data/DeepNet.Data.csproj
#:property PublishAot=false

// Makes data/digits: run "dotnet run data/make-digits.cs" in the root of the repository.
// It writes what is there already, byte for byte once unpacked; change the generator (src/DeepNet.Data/Made/Digits) and it writes that.

using DeepNet;
using DeepNet.Data;
using DeepNet.Data.Images;

string folder = args is [var given] ? given : Path.Combine("data", "digits");
Write("train", 8000, seed: 1);
Write("t10k", 2000, seed: 2);

void Write(string part, int count, ulong seed)
{
    var digits = SyntheticData.Digits(count, seed);
    var pixels = new byte[count * digits.Height * digits.Width];
    for (int i = 0; i < count; i++) digits.Image(i).CopyTo(pixels.AsSpan(i * digits.Height * digits.Width));
    byte[] labels = [.. digits.Labels.Select(label => (byte)label)];
    Idx.Save(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"), pixels, new Shape(count, digits.Height, digits.Width));
    Idx.Save(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"), labels, new Shape(count));
    Console.WriteLine($"{folder}: {count} digits ({part})");
}
