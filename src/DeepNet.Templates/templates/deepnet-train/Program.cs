using DeepNet;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

const int Epochs = 4;

// 1. The data.
Images images;
try
{
    images = Images.Load(args.FirstOrDefault());
}
catch (Exception e) when (e is IOException or ArgumentException or FormatException)
{
    Console.Error.WriteLine($"{e.Message}\nUsage: dotnet run [-- FOLDER OF IMAGES]");
    return 2;
}
var train = new DataLoader(images.Train, batchSize: 64, shuffle: true);
var test = new DataLoader(images.Test, batchSize: 500);
Console.WriteLine($"{images.Train.Count} images to learn from, {images.Test.Count} to be judged by: {images.Name}");

// 2. The network, and what trains it.
Generator.SetSeed(1);
var model = new Network(images.Classes.Count);
string run = Path.Combine("runs", $"{DateTime.Now:yyyy-MM-dd-HHmmss}");
var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 2e-3), Loss.CrossEntropy)
{
    Metrics = [new Accuracy()],
    Callbacks =
    [
        new CsvLog(Path.Combine(run, "history.csv")),
        new TrainingReport(Path.Combine(run, "report.html")) { Classes = images.Classes },
    ],
};

// 3. Training. Ctrl-C ends it early, and what was learned stays.
trainer.Fit(train, test, Epochs);
model.Save(Path.Combine(run, "model.safetensors"));

// 4. What came of it.
Console.WriteLine($"""

    {trainer.History.Last?["val_accuracy"]:P1} of the images that it never saw are told right.

    {run}/report.html         curves, confusions and the worst mistakes: open it in a browser
    {run}/model.safetensors   the weights: model.Load reads them, and Python's safetensors

    Next:
      Network.cs              change the network, run again, and see which is better: deepnet runs runs
                              (dotnet tool install --global DeepNet.Tool)
      dotnet run -- FOLDER    learn from images of your own, a folder for each class, or from MNIST's four files
    """);
return 0;
