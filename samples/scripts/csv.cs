#:project ../../src/DeepNet.Training/DeepNet.Training.csproj
#:project ../Shared/Shared.csproj
#:property PublishAot=false

// From a CSV file of your own to predictions. Run: dotnet run samples/scripts/csv.cs -- --data FILE --target COLUMN

using DeepNet;
using DeepNet.Data;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Samples;
using DeepNet.Training;

var line = new CommandLine("csv", "Learns to predict one column of a CSV file from all others: a number, or a class.");
var file = line.Text("--data", "FILE", Path.Combine("data", "houses", "houses.csv"), "the table, with names in its first line");
var target = line.Text("--target", "COLUMN", "price", "the column to predict");
var epochs = line.Number("--epochs", "N", 100, "the most epochs", least: 1);
var seed = line.Number("--seed", "N", 1, "what all chance comes from", least: 0);
if (!line.Read(args, out int exit)) return exit;
if (!File.Exists(file.Value)) return line.Fail($"there is no file {Path.GetFullPath(file.Value!)}.");

// What columns are is found out; means, deviations and categories come from the training part alone.
var table = CsvTable.Read(file.Value);
if (!table.Columns.Any(c => c.Name == target.Value))
    return line.Fail($"{file.Value} has no column '{target.Value}', only {string.Join(", ", table.Columns)}.");
var (trainTable, testTable) = table.Split(test: 0.2, seed: 1);
var encoder = TableEncoder.Fit(
    trainTable, new() { Target = target.Value, Missing = MissingRule.Median, StandardizeTarget = true, UnknownIsError = false });
var (train, test) = (encoder.Encode(trainTable), encoder.Encode(testTable));
bool isClass = encoder.Classes.Count > 0;
Console.WriteLine($"{table.Count} rows: {string.Join(", ", table.Columns)}");

Generator.SetSeed((ulong)seed.Value!.Value);
var model = new Sequential(
    new Linear(encoder.FeatureNames.Count, 64, activation: new Relu()), new Linear(64, 64, activation: new Relu()),
    new Linear(64, isClass ? encoder.Classes.Count : 1));
var trainer = new Trainer(model, new AdamW(model.Parameters(), learningRate: 3e-3), isClass ? Loss.CrossEntropy : Loss.Mse)
{
    Metrics = isClass ? [new Accuracy()] : [],
    Callbacks = [new EarlyStopping(patience: 15)],
};
trainer.Fit(new DataLoader(train, batchSize: 32, shuffle: true), new DataLoader(test, batchSize: 256), epochs.Value!.Value);

Console.WriteLine($"\nSome of the {testTable.Count} rows that were held out:");
var said = trainer.Predict(test.X[..5]);
for (int i = 0; i < said.Shape[0]; i++)
{
    Console.WriteLine(isClass
        ? Printable.Line($"  {encoder.Classes[(int)said[i].ArgMax()]}, and {encoder.Classes[(int)test.Y[i]]} is right")
        : FormattableString.Invariant(
            $"  {(double)encoder.UndoTarget(said[i, 0]):0.0}, and {(double)encoder.UndoTarget(test.Y[i, 0]):0.0} is right"));
}
return 0;
