using DeepNet.Data;
using DeepNet.Data.Images;
using DeepNet.Data.Transforms;

/// <summary>The images to learn from, and those to be judged by.</summary>
sealed record Images(IDataset Train, IDataset Test, IReadOnlyList<string> Classes, string Name)
{
    /// <summary>Digits that are drawn here, MNIST's four files, or a folder of images for each class.</summary>
    public static Images Load(string? folder)
    {
        if (folder is null)
        {
            var (drawn, others) = (SyntheticData.Digits(8000, seed: 1), SyntheticData.Digits(2000, seed: 2));
            return new(drawn, others, drawn.Classes, "drawn digits");
        }
        if (Mnist.IsIn(folder))
        {
            var (train, test) = (Mnist.Load(folder, train: true), Mnist.Load(folder, train: false));
            return new(train, test, train.Classes, folder);
        }
        var files = new ImageFolder(folder) { Options = new() { Color = ImageColor.Grey }, Transforms = [new Resize(28, 28)] };
        var split = files.StratifiedSplit(test: 0.2);
        return new(split.Train, split.Test, files.Classes, folder);
    }
}
