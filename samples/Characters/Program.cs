using System.Diagnostics;
using System.Globalization;
using DeepNet;
using DeepNet.Data;
using DeepNet.Hosting;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Samples;
using DeepNet.Samples.Characters;
using DeepNet.Training;

// From a text to a network that writes like it. A GPT sees some characters and learns to say which comes next; how well it can is measured
// against counting what followed the last four (NGramModel.cs). Without a text of yours the program makes up tales (Tales.cs).
const int order = 5;
var settings = new Settings();
if (!settings.Line.Read(args, out int exit)) return exit;
if (settings.Problem is { } problem) return settings.Line.Fail(problem);
string folder = settings.Out, vocabularyFile = Path.Combine(folder, "characters.json"), reportFile = Path.Combine(folder, "report.html");

if (settings.Prompt.Value is { } prompt)
{
    if (!File.Exists(vocabularyFile)) return settings.Line.Fail($"there is no model in {Path.GetFullPath(folder)}; let one learn first.");
    var known = CharacterVocabulary.Load(vocabularyFile);
    string[] strange = [.. prompt.EnumerateRunes().Select(rune => rune.ToString()).Where(character => known.Find(character) is null)];
    if (strange.Length > 0) return settings.Line.Fail($"the model does not know '{strange[0]}': its text had no such character.");
    Console.WriteLine(new Writer(Gpt2.FromPretrained(folder), known, settings.Writing).GoOn(prompt));
    return 0;
}

// 1. The text: nine tenths to learn from, the rest to be judged by.
string text = settings.Text.Value is { } file ? File.ReadAllText(file) : Tales.Tell(settings.Size, settings.Seed);
if (text.Length < settings.LeastText)
    return settings.Line.Fail($"the text has {text.Length} characters; windows of {settings.Context} need at least {settings.LeastText}.");
var vocabulary = CharacterVocabulary.Fit(text);
var (train, test) = new TextWindows(vocabulary.Encode(text), settings.Context).Split(test: 0.1);
Say($"{text.Length:N0} characters, {vocabulary.VocabularySize} different ones. It begins:\n\n{text[..Math.Min(400, text.Length)]}…\n");

// 2. The yardstick.
double counting = new NGramModel(order, vocabulary.VocabularySize, train.Tokens).Loss(test.Tokens);
Say($"Counting what followed the last {order - 1} characters: {counting:0.000} nats a character.\n");

// 3. The network, and what it writes after each pass through the text.
Generator.SetSeed(settings.Seed);
var model = new Gpt2(settings.Model(vocabulary.VocabularySize));
var batches = new DataLoader(train, settings.Batch, shuffle: true, seed: settings.Seed) { DropLast = true };
var optimizer = new AdamW(model.Parameters(), settings.Rate);
long steps = (long)batches.Count * settings.Epochs;
var samples = new TextSamples(new Writer(model, vocabulary, settings.Writing), text);
using var page = settings.Live.Value
    ? new LivePage
    {
        Title = "Characters", KeepOpen = true, OpenBrowser = true,
        Samples = _ => samples.All.TakeLast(2).Reverse().Select(s => new LiveSample(s.Text) { Title = s.ToString() }),
    }
    : null;
var trainer = new Trainer(model, optimizer, (logits, next) => Loss.CrossEntropy(logits.Flatten(0, 1), next.Flatten()))
{
    Schedule = new Schedule(optimizer, new CosineDecay(steps).WithWarmUp(Math.Clamp(steps / 10, 1, 50))),
    Seed = settings.Seed,
    Callbacks = [samples, .. page is null ? Array.Empty<Callback>() : [page]],
};
var clock = Stopwatch.StartNew();
var history = trainer.Fit(batches, new DataLoader(test, batchSize: 16), settings.Epochs);
if (history.End == TrainingEnd.Interrupted) return 130;

// 4. What came of it.
double loss = history.Last!["val_loss"];
Say($"\nThe network: {loss:0.000} nats a character after {clock.Elapsed.TotalSeconds:0} s, {counting - loss:0.000} less than counting.");
model.SavePretrained(folder);
vocabulary.Save(vocabularyFile);
new Page(settings, history, order, counting, samples.All).Save(reportFile, clock.Elapsed);
Console.WriteLine($"""

    Written to {folder}:
      report.html         how it learned, and what it wrote on the way
      model.safetensors   the weights, with config.json and characters.json
    Next, after the same command and --:
      --generate "Once upon a time" --temperature 0.5
      --text FILE         a text of your own
    """);
if (page is not null)
{
    Console.WriteLine("\nThe live page stays open until you close it there, or press Ctrl-C.");
    page.Wait();
}
return 0;

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
