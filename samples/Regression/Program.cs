using System.Globalization;
using DeepNet;
using DeepNet.Data;
using DeepNet.Hosting;
using DeepNet.Plots;
using DeepNet.Samples;
using DeepNet.Samples.Regression;
using DeepNet.Training;

// From a table of houses to their prices: a linear model, whose coefficients are held against the true ones, and a network, which finds
// what no linear model can. What is true of the houses stands in data/houses/README.md.
var line = new CommandLine("Regression", "Predicts the prices of made-up houses, by a linear model and by a network.");
var data = line.Text("--data", "FILE", null, "a table in the form of houses.csv [the one that comes with this program]");
var epochs = line.Number("--epochs", "N", 200, "the most epochs for the network", least: 1);
var hidden = line.Number("--hidden", "N", 64, "units in each of its two hidden layers", least: 1);
var rate = line.Positive("--lr", "RATE", 0.01, "its learning rate at the beginning");
var seed = line.Number("--seed", "N", 1, "what the split and the network's first weights come from", least: 0);
var output = line.Text("--out", "FOLDER", Path.Combine("runs", "regression"), "where to put model, history and plots");
var live = line.Live();
line.Example("Regression --hidden 32 --epochs 50 --live");
if (!line.Read(args, out int exit)) return exit;
string file = data.Value ?? Path.Combine(AppContext.BaseDirectory, "houses.csv"), folder = output.Value!;
if (!File.Exists(file)) return line.Fail($"there is no file {Path.GetFullPath(file)}.");

// 1. The table: four fifths to learn from, the rest held out.
var table = CsvTable.Read(file);
var (trainTable, testTable) = table.Split(test: 0.2, seed: (ulong)seed.Value!);
Console.WriteLine($"{table.Count} houses: {trainTable.Count} to learn from, {testTable.Count} held out");

// 2. A linear model, and how far its coefficients are from the truth.
var linear = LinearFit.Of(trainTable, Truth.Target, Truth.BaseCategories);
Console.WriteLine("\nA linear model:");
linear.Print(Truth.Coefficients);
double linearError = linear.Evaluate(testTable, out var linearPredictions);
Say($"held out: off by {linearError:0.00} (root mean square)");

// 3. A network, stopped when it does not get better on a part of its own.
Console.WriteLine("\nA network:");
var network = new NetworkFit(hidden.Value!.Value, rate.Value!.Value, epochs.Value!.Value, (ulong)seed.Value);
using var page = live.Value ? new LivePage { Title = "Houses", KeepOpen = true, OpenBrowser = true } : null;
var history = network.Train(trainTable, Truth.Target, folder, page);
if (history.End == TrainingEnd.Interrupted) return 130;
double networkError = network.Evaluate(testTable, out var networkPredictions);
Say($"held out: off by {networkError:0.00}; the noise alone, which nothing can predict, is {Truth.Noise:0.00}");

// 4. What is left over, as images: the linear model's residuals still have a pattern, the network's have none.
double[] truth = linear.Targets(testTable), ages = linear.Column(testTable, "age"), distances = linear.Column(testTable, "distance");
double[] product = [.. ages.Zip(distances, (age, distance) => (age - 40) * (distance - 6))];
var plots = new PlotGrid("Residuals of houses that were held out", 2,
    Residuals("Linear model, by predicted price", "predicted", linearPredictions, linearPredictions),
    Residuals("Network, by predicted price", "predicted", networkPredictions, networkPredictions),
    Residuals("Linear model, by (age − 40)(distance − 6)", "(age − 40)(distance − 6)", product, linearPredictions),
    Residuals("Network, by (age − 40)(distance − 6)", "(age − 40)(distance − 6)", product, networkPredictions));
plots.Save(Path.Combine(folder, "residuals.svg"));
new Plot("Loss of the network") { XLabel = "epoch", YLabel = "mean squared error, standardised", YScale = AxisScale.Log }
    .Line(history["loss"], "training").Line(history["val_loss"], "validation").Save(Path.Combine(folder, "loss.svg"));

Console.WriteLine($"""

    Written to {folder}:
      residuals.svg       what both models leave over
      loss.svg            how the network learned
      history.csv         the same in numbers
      network.safetensors its weights
    """);
if (page is not null)
{
    Console.WriteLine("\nThe live page stays open until you close it there, or press Ctrl-C.");
    page.Wait();
}
return 0;

Plot Residuals(string title, string label, IReadOnlyList<double> x, IReadOnlyList<double> predicted)
    => new Plot(title)
    {
        XLabel = label, YLabel = "true − predicted",
    }.Scatter(x, [.. truth.Zip(predicted, (t, p) => t - p)]).HorizontalLine(0);

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
