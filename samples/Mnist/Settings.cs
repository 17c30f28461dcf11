using System.Globalization;
using DeepNet.Ilgpu;
using DeepNet.Samples.Mnist.Recipes;
using DeepNet.Training;

namespace DeepNet.Samples.Mnist;

/// <summary>What the program can be asked for.</summary>
internal sealed class Settings
{
    private const int DefaultSeed = 1;

    private static readonly string[] Models = ["mlp", "cnn"], Recipes = ["fast98", "fast99"],
        Precisions = ["float32", "bfloat16", "float16"];

    private readonly Option<string?> model, recipe, device, precision;
    private readonly Option<int?> epochs, batch, seed;
    private readonly Option<double?> rate;

    public Settings()
    {
        Line = new CommandLine("Mnist", "Trains a network to read digits.");
        model = Line.Choice("--model", "mlp", Models, "a network of two hidden layers, or a convolutional one");
        Data = Line.Text(
            "--data", "FOLDER", null,
            "where MNIST's four files are, plain or .gz; or 'mnist' to download them, 'digits' for\nthe made digits that come with this "
                + "program. If not given: MNIST if it was downloaded\nbefore or can be, else the made digits");
        NoDownload = Line.Flag("--no-download", "do not try to download anything");
        epochs = Line.Number("--epochs", "N", null, "how many times to go through the data [10; cnn 5]", least: 1);
        batch = Line.Number("--batch", "N", null, "images a step [128]", least: 1);
        rate = Line.Positive("--lr", "RATE", null, "the highest learning rate");
        seed = Line.Number("--seed", "N", DefaultSeed, "what all chance comes from", least: 0);
        device = Line.Text("--device", "NAME", "cpu", "where to compute: cpu, cuda, opencl:1, best");
        precision = Line.Choice(
            "--precision", "float32", Precisions,
            "what products run in; the 16-bit types are for GPUs with matrix units,\nand slower elsewhere");
        Threads = Line.Number("--threads", "N", null, "how many to use; results do not depend on it [all]", least: 1);
        Out = Line.Text("--out", "FOLDER", Path.Combine("runs", "mnist"), "where to write model, history and checkpoints");
        Resume = Line.Flag("--resume", "go on where the run in that folder was interrupted");
        recipe = Line.Choice("--recipe", null, Recipes, "98 % of MNIST in five seconds, or 99 % in twenty-five, on two cores");
        Report = Line.Flag("--report", "write a report with a --recipe too, which takes as long again");
        Live = Line.Live();
        Line.Example("Mnist --model cnn --live").Example("Mnist --data ~/mnist --epochs 5 --lr 0.002")
            .Example("Mnist --data mnist --recipe fast99");
    }

    public CommandLine Line { get; }
    public Option<string?> Data { get; }
    public Option<bool> NoDownload { get; }
    public Option<int?> Threads { get; }
    public Option<string?> Out { get; }
    public Option<bool> Resume { get; }
    public Option<bool> Report { get; }
    public Option<bool> Live { get; }
    public ulong Seed => (ulong)seed.Value!.Value;

    /// <summary>What the device is where one was asked for, and why the best one is no GPU where it is none.</summary>
    public string? DeviceLine => device.Value switch
    {
        "cpu" => null,
        "best" => Device.BestRemark,
        _ => $"{Device.Name}: {Device.Description}",
    };

    /// <summary>What is wrong though each option by itself is right; null if nothing is.</summary>
    public string? Problem
    {
        get
        {
            if (recipe.IsGiven && model.IsGiven) return "--recipe brings its own network: leave out --model.";
            try
            {
                // Only who asks for a GPU waits until the drivers have been looked for.
                if (device.Value != "cpu") IlgpuDevices.Register();
                Device = Device.Parse(device.Value!);
                var type = Precision.ProductType();
                return Device.Supports(type)
                    ? null
                    : $"{Device.Name} cannot compute with {type.Name()}. Leave out --precision: float32 runs everywhere.";
            }
            catch (ArgumentException e)
            {
                return e.Message.Split(" (Parameter")[0];
            }
        }
    }

    /// <summary>Where to compute; known once there is no problem.</summary>
    public Device Device { get; private set; } = Device.Cpu;

    public TrainingPrecision Precision => TrainingPrecisions.Parse(precision.Value!);

    /// <summary>What was chosen, for the report.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Choices(Recipe chosen) =>
    [
        new("recipe", chosen.Name),
        new("epochs", chosen.Epochs.ToString(CultureInfo.InvariantCulture)),
        new("batch size", chosen.BatchSize.ToString(CultureInfo.InvariantCulture)),
        new("highest learning rate", chosen.LearningRate.ToString(CultureInfo.InvariantCulture)),
        new("seed", Seed.ToString(CultureInfo.InvariantCulture)),
        new("device", Device.Name),
        new("precision", Precision.Name()),
    ];

    /// <summary>The network and how it is trained, with what was asked for otherwise.</summary>
    public Recipe Recipe()
    {
        var chosen = (recipe.Value ?? model.Value) switch
        {
            "fast98" => Fast98.Recipe,
            "fast99" => Fast99.Recipe,
            "cnn" => CnnRecipe.Recipe,
            _ => MlpRecipe.Recipe,
        };
        return chosen with
        {
            Epochs = epochs.Value ?? chosen.Epochs,
            BatchSize = batch.Value ?? chosen.BatchSize,
            LearningRate = rate.Value ?? chosen.LearningRate
        };
    }
}
