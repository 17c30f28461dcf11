using DeepNet.Data;
using DeepNet.Models;

namespace DeepNet.Samples.FineTune;

/// <summary>The options of the program.</summary>
internal sealed class Settings
{
    private static readonly Dictionary<string, ResNetConfig> Published = new()
    {
        ["resnet18"] = ResNetConfig.ResNet18, ["resnet34"] = ResNetConfig.ResNet34, ["resnet50"] = ResNetConfig.ResNet50,
    };

    private readonly Option<string?> weights, model, only, output;
    private readonly Option<int?> signs, pictures, learningEpochs, examples, tests, epochs, rank, seeds;

    public Settings()
    {
        Line = new CommandLine("FineTune", "A network that knows one kind of pictures learns another, in four ways.");
        weights = Line.Text("--weights", "FILE", null, "a ResNet that knows ImageNet, as safetensors with torchvision's names\n[a small "
            + "one, which learns the signs of an invented alphabet first]");
        model = Line.Choice("--model", "resnet18", [.. Published.Keys], "which one that is");
        Data = Line.Text("--data", "FOLDER", null, "CIFAR-10 in its binary form [digits that the program draws]");
        examples = Line.Number("--examples", "N", null, "pictures to tune with [200; of --data 2000]", least: 10);
        tests = Line.Number("--test", "N", null, "pictures to judge by [4000; of --data 1000]", least: 10);
        epochs = Line.Number("--epochs", "N", null, "how many times to go through them [25; of --data 3]", least: 1);
        rank = Line.Number("--rank", "N", 4, "the rank of the adapters", least: 1);
        only = Line.Choice("--only", null, Approach.Keys, "one way alone");
        signs = Line.Number("--signs", "N", 200, "signs of the alphabet that is learned first", least: 2);
        pictures = Line.Number("--pictures", "N", 12_000, "pictures of them", least: 10);
        learningEpochs = Line.Number("--first-epochs", "N", 6, "how many times to go through these", least: 1);
        seeds = Line.Number("--seeds", "N", 1, "how often to do all of this, each time with other pictures and weights", least: 1);
        output = Line.Text("--out", "FOLDER", Path.Combine("runs", "finetune"), "where to write the report and the tuned networks");
        Live = Line.Live();
        Line.Example("FineTune --seeds 3 --live")
            .Example("FineTune --data ~/cifar10 --weights resnet50.safetensors --model resnet50 --only head");
    }

    public CommandLine Line { get; }
    public Option<string?> Data { get; }
    public Option<bool> Live { get; }
    public string? Weights => weights.Value;
    public string Out => output.Value!;
    public int Seeds => seeds.Value!.Value;
    public int Epochs => epochs.Value ?? (Data.IsGiven ? 3 : 25);
    public int FirstEpochs => learningEpochs.Value!.Value;
    public bool IsForImageNet => weights.IsGiven;

    /// <summary>Gets the fault of options that are right one by one and not together; null if there is none.</summary>
    public string? Problem
        => Weights is { } file && !File.Exists(file) ? $"there is no file {Path.GetFullPath(file)}."
            : Data.Value is { } folder && !Cifar10.IsIn(folder) ? $"{Path.GetFullPath(folder)} has no files of CIFAR-10 in its binary form."
            : null;

    /// <summary>The network as it is before it is tuned; its head is for other classes.</summary>
    public ResNetConfig Model
        => IsForImageNet ? Published[model.Value!] : ResNetConfig.Cifar20 with { Blocks = [1, 1, 1], Classes = signs.Value!.Value };

    /// <summary>Gets the task that is learned first.</summary>
    public Pictures First(ulong seed) => Pictures.OfSigns(signs.Value!.Value, pictures.Value!.Value, seed);

    /// <summary>Gets the task that is learned then.</summary>
    public Pictures Second(ulong seed)
        => Data.Value is { } folder
            ? Pictures.OfCifar10(folder, examples.Value ?? 2000, tests.Value ?? 1000, IsForImageNet)
            : Pictures.OfDigits(examples.Value ?? 200, tests.Value ?? 4000, seed, IsForImageNet);

    /// <summary>Gets the ways in which it is learned.</summary>
    public IEnumerable<Approach> Ways
        => Approach.All(rank.Value!.Value, IsForImageNet).Where(way => only.Value is null || way.Key == only.Value);
}
