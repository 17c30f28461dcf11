using DeepNet.Data;
using DeepNet.Data.Transforms;

namespace DeepNet.Samples.FineTune;

/// <summary>A task: pictures to learn from, others to judge by, and the names of their classes.</summary>
internal sealed record Pictures(string Name, IDataset Train, IDataset Test, IReadOnlyList<string> Classes)
{
    // What the course does to pictures of any size for a network that knows ImageNet.
    private const int Resized = 256, Cut = 224;
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406], ImageNetStd = [0.229, 0.224, 0.225];

    // The test pictures are drawn with seeds of their own.
    private const ulong TestSeeds = 1000, DigitSeeds = 2000;

    /// <summary>Signs of an invented alphabet.</summary>
    public static Pictures OfSigns(int signs, int count, ulong seed)
    {
        var (train, test) = (Signs.Alphabet(signs, count, seed), Signs.Alphabet(signs, 10 * signs, TestSeeds + seed));
        return new($"{signs} signs", Small(train), Small(test), train.Classes);
    }

    /// <summary>Digits from the same pens.</summary>
    public static Pictures OfDigits(int count, int testCount, ulong seed, bool isForImageNet)
    {
        var (train, test) = (Signs.Digits(count, DigitSeeds + seed), Signs.Digits(testCount, DigitSeeds + TestSeeds + seed));
        return new("made digits", Scaled(train, isForImageNet), Scaled(test, isForImageNet), train.Classes);
    }

    /// <summary>Some of CIFAR-10.</summary>
    public static Pictures OfCifar10(string folder, int count, int testCount, bool isForImageNet)
    {
        var (train, test) = (Cifar10.Load(folder, train: true), Cifar10.Load(folder, train: false));
        IDataset Some(ImageDataset all, int wanted) => Scaled(all, isForImageNet).Take(Math.Min(wanted, all.Count));
        return new("CIFAR-10", Some(train, count), Some(test, testCount), train.Classes);
    }

    private static IDataset Scaled(ImageDataset pictures, bool isForImageNet)
        => isForImageNet ? pictures.Normalize(ImageNetMean, ImageNetStd).Map(new Enlarge(Resized), Crop.Center(Cut, Cut)) : Small(pictures);

    private static ImageDataset Small(ImageDataset pictures) => pictures.Normalize([0.5, 0.5, 0.5], [0.3, 0.3, 0.3]);

    private sealed class Enlarge(int side) : ITransform
    {
        public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
            => batch with { X = batch.X.Interpolate([side, side], InterpolationMode.Linear, antialias: true) };
    }
}
