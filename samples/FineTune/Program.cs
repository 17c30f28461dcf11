using System.Globalization;
using DeepNet;
using DeepNet.Hosting;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Samples;
using DeepNet.Samples.FineTune;

// A network that has learned one task is taught another with few examples: only its new head, adapters beside its weights, or everything.
// What it knows comes from a file, or from signs of an invented alphabet; what it learns is CIFAR-10 or, with the same pens, digits.
var settings = new Settings();
if (!settings.Line.Read(args, out int exit)) return exit;
if (settings.Problem is { } problem) return settings.Line.Fail(problem);
var results = new Results();
Pictures? first = null, second = null;
Outcome? learned = null;
using var page = settings.Live.Value ? new LivePage { KeepOpen = true, OpenBrowser = true } : null;
if (page is not null) Console.WriteLine($"live page: {page.Open()}");
for (int seed = 1; seed <= settings.Seeds; seed++)
{
    // 1. A network that knows something.
    Generator.SetSeed((ulong)seed);
    var known = new ResNet(settings.Model);
    if (settings.Weights is { } file)
    {
        Console.WriteLine(known.LoadPretrained(file));
    }
    else
    {
        first = settings.First((ulong)seed);
        page?.Title = first.Name;
        learned = new Lesson(first, batch: 64, settings.FirstEpochs, looks: 1, page).Teach(known, rate: 3e-3, (ulong)seed);
        if (learned.IsInterrupted) return 130;
        Say($"seed {seed}: it learned {first.Name} from {first.Train.Count:N0} pictures; {learned.Accuracy:0.0} % of others right");
    }

    // 2. The same network with a new head, tuned in each way.
    second = settings.Second((ulong)seed);
    var lesson = new Lesson(second, batch: 32, settings.Epochs, looks: 5, page);
    foreach (var way in settings.Ways)
    {
        Generator.SetSeed((ulong)seed);
        var model = way.IsFromScratch ? new ResNet(settings.Model) : Module.Clone(known);
        model.Head = new Linear(model.Features, second.Classes.Count);
        way.Prepare(model);
        page?.Title = way.Name;
        var outcome = lesson.Teach(model, way.Rate, (ulong)seed);
        if (outcome.IsInterrupted) return 130;
        results.Add(way.Name, outcome);
        Say($"  {way.Name}: {outcome.Accuracy:0.0} %");
        Lora.Remove(model);             // makes adapters part of the weights
        model.Save(Path.Combine(settings.Out, $"{way.Key}.safetensors"));
    }
}

// 3. What came of it.
Console.WriteLine($"\nTuned with {second!.Train.Count:N0} pictures ({second.Name}), judged by {second.Test.Count:N0} others:\n\n{results}");
results.Save(Path.Combine(settings.Out, "report.html"), first, second, learned);
Console.WriteLine($"""

    Written to {settings.Out}:
      report.html         this table, how each way learned, and the pictures
      *.safetensors       the tuned networks, for model.Load
    """);
if (page is not null)
{
    Console.WriteLine("\nThe live page stays open until you close it there, or press Ctrl-C.");
    page.Wait();
}
return 0;

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
