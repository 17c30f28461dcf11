using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Training;

namespace DeepNet.Samples.Characters;

/// <summary>Something that the model wrote, how long it had learned, and how many of its words are words of the text.</summary>
internal sealed record TextSample(long Step, string Text, double KnownWords)
{
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"After {Step:N0} steps, {KnownWords:0} % of the words are words of the text");
}

/// <summary>Shows what the model writes after each epoch.</summary>
internal sealed partial class TextSamples(Writer writer, string text) : Callback
{
    private const int Shown = 200;

    private readonly string prompt = text.Contains('\n', StringComparison.Ordinal) ? "\n" : $"{text.EnumerateRunes().First()}";
    private readonly HashSet<string> known = [.. Words().Matches(text).Select(word => word.Value)];

    public List<TextSample> All { get; } = [];

    protected override void OnEpochEnd(Trainer trainer, EpochRecord epoch)
    {
        string written = writer.GoOn(prompt).Trim();
        // The last word may have been cut off.
        string[] words = [.. Words().Matches(written).Select(word => word.Value).SkipLast(1)];
        All.Add(new(trainer.Step, written, words.Length == 0 ? 0 : 100.0 * words.Count(known.Contains) / words.Length));
        string begin = written.Length > Shown ? written[..Shown] + "…" : written;
        trainer.Say($"{All[^1]}:\n    {begin.ReplaceLineEndings("\n    ")}\n");
    }

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Words();
}
