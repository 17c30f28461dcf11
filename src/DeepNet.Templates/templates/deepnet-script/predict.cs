#:package DeepNet.Training@0.2.0
#:property PublishAot=false

// Learns to predict a column of a table from all others.
//   dotnet run predict.cs                     houses that are made here
//   dotnet run predict.cs -- FILE.csv COLUMN  a table of yours; the column may hold numbers or classes

using DeepNet;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

if (args.Length is not (0 or 2)) { Console.Error.WriteLine("Usage: dotnet run predict.cs [-- FILE.csv COLUMN]"); return 2; }
Table table = args.Length == 0 ? MakeHouses(1000) : CsvTable.Read(args[0]);
string target = args.Length == 0 ? "price" : args[1];

// What columns are is found out; means, deviations and categories come from the training part alone.
var (trainTable, testTable) = table.Split(test: 0.2, seed: 1);
var encoder = TableEncoder.Fit(
    trainTable, new() { Target = target, Missing = MissingRule.Median, StandardizeTarget = true, UnknownIsError = false });
var (train, test) = (encoder.Encode(trainTable), encoder.Encode(testTable));
bool isClass = encoder.Classes.Count > 0;

Generator.SetSeed(1);
var model = new Sequential(
    new Linear(encoder.FeatureNames.Count, 64, activation: new Relu()), new Linear(64, 64, activation: new Relu()),
    new Linear(64, isClass ? encoder.Classes.Count : 1));
var trainer = new Trainer(model, new AdamW(model.Parameters(), learningRate: 3e-3), isClass ? Loss.CrossEntropy : Loss.Mse)
{
    Metrics = isClass ? [new Accuracy()] : [new R2()],
    Callbacks = [new EarlyStopping(patience: 10)],
};
trainer.Fit(new DataLoader(train, batchSize: 32, shuffle: true), new DataLoader(test, batchSize: 256), epochs: 50);

Console.WriteLine($"\nOn the {testTable.Count} rows that were held out: {trainer.Evaluate(new DataLoader(test, batchSize: 256))}");
var said = trainer.Predict(test.X[..5]);
for (int i = 0; i < said.Shape[0]; i++)
    Console.WriteLine(isClass
        ? $"  {encoder.Classes[(int)said[i].ArgMax()]}, and {encoder.Classes[(int)test.Y[i]]} is right"
        : FormattableString.Invariant(
            $"  {(double)encoder.UndoTarget(said[i, 0]):0.0}, and {(double)encoder.UndoTarget(test.Y[i, 0]):0.0} is right"));
if (args.Length == 0) Console.WriteLine("\nNext: dotnet run predict.cs -- FILE.csv COLUMN, with a table of yours.");
return 0;

static Table MakeHouses(int count)
{
    var random = new Random(1);
    string[] quarters = ["harbour", "hill", "old town"];
    var (area, age, quarter, price) = (new double[count], new double[count], new string[count], new double[count]);
    for (int i = 0; i < count; i++)
    {
        int place = random.Next(quarters.Length);
        (area[i], age[i], quarter[i]) = (random.Next(30, 200), random.Next(0, 90), quarters[place]);
        price[i] = 2.1 * area[i] * (1 + 0.2 * place) - 0.8 * age[i] + 20 * random.NextDouble();
    }
    return new Table(
        [TableColumn.Of("area", area), TableColumn.Of("age", age), TableColumn.Of("quarter", quarter), TableColumn.Of("price", price)]);
}
