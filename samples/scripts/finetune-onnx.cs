#:package Microsoft.ML.DnnImageFeaturizer.ResNet18@0.23.1
#:project ../../src/DeepNet.Onnx/DeepNet.Onnx.csproj
#:project ../../src/DeepNet.Training/DeepNet.Training.csproj
#:project ../Shared/Shared.csproj
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property NoWarn=$(NoWarn);NU1603

// A ResNet-18 that somebody else trained, from an ONNX file, learns classes of your own pictures.
// Run: dotnet run samples/scripts/finetune-onnx.cs -- --data FOLDER        with a folder of pictures for each class

using DeepNet;
using DeepNet.Data;
using DeepNet.Data.Transforms;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Onnx;
using DeepNet.Optim;
using DeepNet.Samples;
using DeepNet.Training;

var line = new CommandLine("finetune-onnx", "Gives a pretrained ResNet-18 a new head, and trains it on a folder of pictures.");
var data = line.Text("--data", "FOLDER", null, "a folder for each class, with its pictures; shapes are drawn if there is none");
var file = line.Text("--model", "FILE", null, "another ONNX model, of pictures (N, 3, 224, 224) in the scale of ImageNet");
var drawn = line.Number("--pictures", "N", 40, "how many pictures of each shape to draw", least: 4);
var epochs = line.Number("--epochs", "N", 40, "how often the head sees all pictures", least: 1);
var output = line.Text("--out", "FILE", Path.Combine("runs", "finetune-onnx", "model.onnx"), "where the whole model goes, as ONNX again");
var seed = line.Number("--seed", "N", 1, "what all chance comes from", least: 0);
if (!line.Read(args, out int exit)) return exit;
if (data.Value is not null && !Directory.Exists(data.Value)) return line.Fail($"there is no folder {Path.GetFullPath(data.Value)}.");

// The package has the network, which ends at 512 features, and what it wants done to pixels from 0 to 255 before.
string package = Path.Combine(AppContext.BaseDirectory, "DnnImageModels");
Module backbone = file.Value is not null ? OnnxModel.Load(file.Value) : new Sequential(
    OnnxModel.Load(Path.Combine(package, "ResNetPrepOnnx", "ResNetPreprocess.onnx")),
    OnnxModel.Load(Path.Combine(package, "ResNet18Onnx", "ResNet18.onnx")));
backbone.Freeze();

ImageFiles pictures = new ImageFolder(data.Value ?? Shapes.Draw(Path.Combine("runs", "finetune-onnx", "shapes"), drawn.Value!.Value))
{
    Transforms = [new Resize(224), Crop.Center(224)],
};
pictures = file.Value is not null ? pictures.Normalize(ImageNet.Mean, ImageNet.Std)
    : pictures.Normalize([0, 0, 0], [1 / 255.0, 1 / 255.0, 1 / 255.0]);
string names = string.Join(", ", pictures.Classes.Select(Printable.Line));
Console.WriteLine($"{pictures.Count} pictures of {pictures.Classes.Count} classes: {names}");

// The frozen part says the same of a picture in every epoch: it is asked once.
var (train, test) = pictures.StratifiedSplit(test: 0.25, seed: 1);
var (known, unknown) = (Features(train), Features(test));

Generator.SetSeed((ulong)seed.Value!.Value);
var head = new Linear(known.X.Shape[1], pictures.Classes.Count);
var trainer = new Trainer(head, new AdamW(head.Parameters(), learningRate: 1e-3), Loss.CrossEntropy) { Metrics = [new Accuracy()] };
trainer.Fit(new DataLoader(known, batchSize: 16, shuffle: true), epochs: epochs.Value!.Value);
Console.WriteLine($"Pictures that were held out: {trainer.Evaluate(unknown)}");

var whole = new Sequential(backbone, new Flatten(), head);
var options = new OnnxExportOptions { InputNames = ["picture"], OutputNames = ["scores"] };
OnnxExport.Save(whole, output.Value!, options, train[0].X.Unsqueeze(0));
Console.WriteLine($"Wrote {output.Value}.");
return 0;

TensorDataset Features(IDataset part)
{
    using var noGrad = Autograd.NoGrad();
    List<Tensor> features = [], labels = [];
    foreach (var (x, y) in new DataLoader(part, batchSize: 16) { Workers = 1 })
    {
        features.Add(backbone.Forward(x).Flatten(1));
        labels.Add(y);
    }
    return new TensorDataset(Tensor.Cat([.. features], 0), Tensor.Cat([.. labels], 0));
}

/// <summary>Draws discs, squares, crosses and rings of any colour, size and place on noise.</summary>
static class Shapes
{
    const int Size = 128;

    static readonly (string Name, Func<double, double, bool> IsInside)[] All =
    [
        ("cross", (x, y) => Math.Min(Math.Abs(x), Math.Abs(y)) < 0.3 && Math.Max(Math.Abs(x), Math.Abs(y)) < 1),
        ("disc", (x, y) => x * x + y * y < 1),
        ("ring", (x, y) => x * x + y * y is < 1 and > 0.4),
        ("square", (x, y) => Math.Max(Math.Abs(x), Math.Abs(y)) < 0.9),
    ];

    public static string Draw(string folder, int count)
    {
        var random = new Random(7);
        foreach (var (name, isInside) in All)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (int i = 0; i < count; i++) File.WriteAllBytes(Path.Combine(folder, name, $"{i}.bmp"), Bitmap(isInside, random));
        }
        return folder;
    }

    // A BMP file of 24 bits: 54 bytes of header, then rows of blue, green, red.
    static byte[] Bitmap(Func<double, double, bool> isInside, Random random)
    {
        byte[] file = new byte[54 + Size * Size * 3];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, file.Length), (10, 54), (14, 40), (18, Size), (22, Size), (26, 1 | 24 << 16) })
            BitConverter.TryWriteBytes(file.AsSpan(at), value);
        double radius = random.Next(20, 50), x0 = random.Next(50, Size - 50), y0 = random.Next(50, Size - 50);
        int[] ink = Color(), paper = Color();
        for (int i = 0; i < Size * Size; i++)
        {
            var color = isInside((i % Size - x0) / radius, (i / Size - y0) / radius) ? ink : paper;
            for (int c = 0; c < 3; c++) file[54 + 3 * i + c] = (byte)Math.Clamp(color[c] + random.Next(-25, 26), 0, 255);
        }
        return file;

        int[] Color() => [random.Next(256), random.Next(256), random.Next(256)];
    }
}
