#:project ../../src/DeepNet.Training/DeepNet.Training.csproj
#:project ../Shared/Shared.csproj
#:property PublishAot=false

// Fits a curve to noisy points and draws both. Run: dotnet run samples/scripts/curve-fit.cs

using System.Globalization;
using DeepNet;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Plots;
using DeepNet.Samples;
using DeepNet.Training;

var line = new CommandLine("curve-fit", "Fits a network to noisy points of a curve, and draws what it makes of them.");
var epochs = line.Number("--epochs", "N", 300, "how often to go through the points", least: 1);
var noise = line.Positive("--noise", "SIZE", 0.1, "the standard deviation of what is added to each point");
var file = line.Text("--out", "FILE", Path.Combine("runs", "curve-fit.svg"), "where to put the image");
var seed = line.Number("--seed", "N", 1, "what all chance comes from", least: 0);
if (!line.Read(args, out int exit)) return exit;

static double Curve(double x) => Math.Sin(3 * x) + 0.3 * Math.Cos(9 * x);

var points = SyntheticData.Curve(count: 200, Curve, low: -2, high: 2, noise: noise.Value!.Value, seed: (ulong)seed.Value!.Value);
var (train, validation) = points.Split(test: 0.25, seed: 1);

Generator.SetSeed((ulong)seed.Value.Value);
var model = new Sequential(new Linear(1, 64, activation: new Tanh()), new Linear(64, 64, activation: new Tanh()), new Linear(64, 1));
var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 5e-3), Loss.Mse)
{
    Callbacks = [new EarlyStopping(patience: 60)],
};
trainer.Fit(new DataLoader(train, batchSize: 25, shuffle: true), new DataLoader(validation, batchSize: 50), epochs.Value!.Value);

var grid = Tensor.Linspace(-2, 2, 200).Unsqueeze(1);
double[] x = grid.To(DType.Float64).ToArray<double>(), fitted = trainer.Predict(grid).To(DType.Float64).ToArray<double>();
new Plot("A network fitted to noisy points") { XLabel = "x", YLabel = "y" }
    .Scatter(points.X.To(DType.Float64).ToArray<double>(), points.Y.To(DType.Float64).ToArray<double>(), "points")
    .Line(x, [.. x.Select(Curve)], "the curve they come from", LineStyle.Dashed)
    .Line(x, fitted, "the network")
    .Save(file.Value!);
double error = Math.Sqrt(x.Zip(fitted, (at, y) => (y - Curve(at)) * (y - Curve(at))).Average());
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"off the true curve by {error:0.000} (root mean square); the points are by {noise.Value.Value:0.000}. See {file.Value}."));
return 0;
