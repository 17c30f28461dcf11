using DeepNet.Models;

namespace DeepNet.Samples.Characters;

/// <summary>The options of the program.</summary>
internal sealed class Settings
{
    private readonly Option<int?> context, dimension, layers, heads, batch, epochs, seed, size, topK, length;
    private readonly Option<double?> rate, temperature;
    private readonly Option<string?> output;

    public Settings()
    {
        Line = new CommandLine("Characters", "A small GPT learns to write, character by character.");
        Text = Line.Text("--text", "FILE", null, "the text to learn from [tales that the program makes up]");
        size = Line.Number("--size", "N", 1_000_000, "characters of these tales", least: 10_000);
        epochs = Line.Number("--epochs", "N", 8, "how many times to go through the text", least: 1);
        batch = Line.Number("--batch", "N", 8, "windows a step", least: 1);
        rate = Line.Positive("--lr", "RATE", 0.005, "the highest learning rate");
        context = Line.Number("--context", "N", 256, "characters that it can look back", least: 8);
        dimension = Line.Number("--dimension", "N", 64, "the length of its vectors", least: 4);
        layers = Line.Number("--layers", "N", 3, "its layers", least: 1);
        heads = Line.Number("--heads", "N", 4, "the heads of each attention; they divide the dimension", least: 1);
        seed = Line.Number("--seed", "N", 1, "what all chance comes from", least: 0);
        output = Line.Text("--out", "FOLDER", Path.Combine("runs", "characters"), "where to write the model and the report");
        Prompt = Line.Text("--generate", "PROMPT", null, "learn nothing, but go on from here with the model in --out");
        temperature = Line.Positive("--temperature", "T", 0.7, "how bold it is: below 1 it prefers likely characters");
        topK = Line.Number("--top-k", "N", 0, "choose among so many likeliest characters; 0 for all", least: 0);
        length = Line.Number("--length", "N", 600, "how many characters it writes", least: 1);
        Live = Line.Live();
        Line.Example("Characters --text shakespeare.txt --dimension 128 --epochs 10")
            .Example("Characters --generate \"Once upon a time\" --temperature 0.5");
    }

    public CommandLine Line { get; }
    public Option<string?> Text { get; }
    public Option<string?> Prompt { get; }
    public Option<bool> Live { get; }
    public int Size => size.Value!.Value;
    public int Epochs => epochs.Value!.Value;
    public int Batch => batch.Value!.Value;
    public int Context => context.Value!.Value;

    /// <summary>The fewest characters of which nine tenths make a batch of windows and the rest a window.</summary>
    public int LeastText => Math.Max(12 * (Context + 1), 2 * Context * Batch);

    public double Rate => rate.Value!.Value;
    public ulong Seed => (ulong)seed.Value!.Value;
    public string Out => output.Value!;

    /// <summary>Gets the fault of options that are right one by one and not together; null if there is none.</summary>
    public string? Problem
        => dimension.Value % heads.Value != 0 ? $"--heads {heads.Value} does not divide --dimension {dimension.Value}."
            : Text.Value is { } file && !File.Exists(file) ? $"there is no file {Path.GetFullPath(file)}."
            : Prompt.Value is "" ? "--generate needs a character to go on from."
            : null;

    public Gpt2Config Model(int characters)
        => new(characters, Context, dimension.Value!.Value, layers.Value!.Value, heads.Value!.Value) { Dropout = 0 };

    /// <summary>Gets the settings of generation, with the seed of the run.</summary>
    public GenerationOptions Writing
        => new()
        {
            MaxTokens = length.Value!.Value, Temperature = temperature.Value!.Value, TopK = topK.Value!.Value, Generator = new(Seed),
        };
}
