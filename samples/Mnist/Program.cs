using System.Diagnostics;
using System.Globalization;
using DeepNet;
using DeepNet.Data;
using DeepNet.Hosting;
using DeepNet.Optim;
using DeepNet.Samples;
using DeepNet.Samples.Mnist;
using DeepNet.Training;

// From files of images to a trained, evaluated and saved model. Copy it as the start of a program of your own: what is special about
// digits is in Source.cs, the networks are in Mlp.cs and Cnn.cs, and how they are trained is in Recipes/.
var started = Process.GetCurrentProcess().StartTime;
var settings = new Settings();
if (!settings.Line.Read(args, out int exit)) return exit;
if (settings.Problem is { } problem) return settings.Line.Fail(problem);

if (settings.Threads.Value is { } threads) CpuDevice.Threads = threads;
var recipe = settings.Recipe();
string folder = settings.Out.Value!, modelFile = Path.Combine(folder, "model.safetensors"),
    historyFile = Path.Combine(folder, "history.csv"), reportFile = Path.Combine(folder, "report.html");

// 1. The data.
var source = await Source.FindAsync(settings.Data.Value, !settings.NoDownload.Value, Console.WriteLine);
if (source is null) return 1;
var (trainSet, testSet) = (source.Load(train: true), source.Load(train: false));
var train = new DataLoader(
    recipe.Examples is { } some ? trainSet.Take(some) : trainSet, recipe.BatchSize, shuffle: true,
    seed: settings.Seed)
{ Transform = recipe.Augmentation, DropLast = true };
var test = new DataLoader(testSet, batchSize: 500);

// 2. The model, and what trains it.
Generator.SetSeed(settings.Seed);
var model = recipe.Model().To(settings.Device);
var optimizer = recipe.Optimizer(model.Parameters(), recipe.LearningRate);
var report = recipe.WritesReport || settings.Report.Value
    ? new TrainingReport(reportFile)
    {
        Title = $"Digits: {recipe.Name} on {source.Name}", Classes = testSet.Classes, Settings = settings.Choices(recipe),
    }
    : null;
using var page = settings.Live.Value
    ? new LivePage { Title = $"Digits: {recipe.Name}", Classes = testSet.Classes, KeepOpen = true, OpenBrowser = true }
    : null;
var trainer = new Trainer(model, optimizer, recipe.Loss)
{
    Metrics = [new Accuracy()],
    MeasureTraining = recipe.MeasureTraining,
    Schedule = new Schedule(optimizer, recipe.Curve((long)train.Count * recipe.Epochs)),
    ValidateEvery = recipe.ValidateEvery,
    Seed = settings.Seed,
    Precision = settings.Precision,
    Callbacks =
    [
        new CsvLog(historyFile),
        .. report is null ? Array.Empty<Callback>() : [report],
        .. page is null ? Array.Empty<Callback>() : [page],
        new Checkpoints(Path.Combine(folder, "checkpoints"), monitor: "val_accuracy")
        {
            EveryEpochs = recipe.ValidateEvery, ResumeHint = "to go on, run the same command with --resume",
        },
    ],
};
if (settings.Resume.Value && !trainer.Resume(Path.Combine(folder, "checkpoints")))
    Console.WriteLine($"There is nothing to resume in {folder}: this is a new run.");

// 3. Training, with Ctrl-C at any time.
Console.WriteLine(recipe.Summary);
if (settings.DeviceLine is { } line) Console.WriteLine(line);
var history = trainer.Fit(train, test, recipe.Epochs);
if (history.End == TrainingEnd.Interrupted) return 130;

// 4. What came of it.
double accuracy = history.Last!["val_accuracy"];
model.Save(modelFile, new Dictionary<string, string>
{
    ["recipe"] = recipe.Name,
    ["data"] = source.Name,
    // what images are to be scaled by that it is asked about
    ["mean"] = source.Measured.Mean.ToString("R", CultureInfo.InvariantCulture),
    ["std"] = source.Measured.Std.ToString("R", CultureInfo.InvariantCulture),
});
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"\n{accuracy:0.00 %} of {testSet.Count:N0} images that it never learned from are told right, "
        + $"{(DateTime.Now - started).TotalSeconds:0.0} s after the program was started."));
Console.WriteLine($"\nWritten to {folder}:");
if (report is not null)
    Console.WriteLine($"  {Path.GetFileName(reportFile)}         curves, confusions and the worst mistakes, for a browser");
Console.WriteLine($"""
      {Path.GetFileName(modelFile)}   the weights, for model.Load or any reader of safetensors
      {Path.GetFileName(historyFile)}         the figures of each epoch
      checkpoints/        the whole run; --resume --epochs {recipe.Epochs * 2} trains it further
    Next, after the same command and --:
      --model cnn         a convolutional network, which makes half the mistakes
      --data FOLDER       other images in MNIST's files, such as Fashion-MNIST's
      --help              everything else
    """);
if (page is not null)
{
    Console.WriteLine("\nThe live page stays open until you close it there, or press Ctrl-C.");
    page.Wait();
}
return 0;
