using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Samples.Regression;

/// <summary>
/// A network for a table: standardised in and out, and stopped when it does not get better on a part that it does not learn from.
/// </summary>
internal sealed class NetworkFit(int hidden, double rate, int epochs, ulong seed)
{
    private TableEncoder? encoder;
    private Module? model;
    private Trainer? trainer;

    public History Train(Table table, string target, string folder, Callback? page)
    {
        var (learn, judge) = table.Split(test: 0.15, seed: seed + 1);
        encoder = TableEncoder.Fit(learn, new() { Target = target, StandardizeTarget = true });
        var train = new DataLoader(encoder.Encode(learn), batchSize: 32, shuffle: true, seed: seed);
        var validation = new DataLoader(encoder.Encode(judge), batchSize: 256);

        Generator.SetSeed(seed);
        model = new Sequential(
            new Linear(encoder.FeatureNames.Count, hidden, activation: new Silu()), new Linear(hidden, hidden, activation: new Silu()),
            new Linear(hidden, 1));
        var optimizer = new AdamW(model.Parameters(), learningRate: rate);
        trainer = new Trainer(model, optimizer, Loss.Mse)
        {
            Schedule = new Schedule(optimizer, new CosineDecay((long)train.Count * epochs)),
            Seed = seed,
            Callbacks =
            [
                new EarlyStopping(patience: 30), new CsvLog(Path.Combine(folder, "history.csv")),
                .. page is null ? Array.Empty<Callback>() : [page],
            ],
        };
        var history = trainer.Fit(train, validation, epochs);
        model.Save(Path.Combine(folder, "network.safetensors"));
        return history;
    }

    /// <summary>The root mean square of what it is off by, in the units of the table.</summary>
    public double Evaluate(Table table, out double[] predictions)
    {
        var data = encoder!.Encode(table);
        var predicted = encoder.UndoTarget(trainer!.Predict(data.X));
        predictions = predicted.To(DType.Float64).ToArray<double>();
        return (predicted - encoder.UndoTarget(data.Y)).Square().Mean().Sqrt().Item();
    }
}
