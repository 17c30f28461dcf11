using DeepNet.Labs.Kit;
using DeepNet.Training;

namespace DeepNet.Labs.Generalisation;

/// <summary>Early stopping.</summary>
internal sealed class StoppingEarly : Lab
{
    public override string Name => "early-stopping";

    public override string Title => "Early stopping";

    public override string Claim => """
        With few and noisy examples the training loss falls for ever, and the loss on held-out examples falls, turns, and rises. To stop at
        the turn, which the validation part shows, leaves a much better model for a third part that nobody has looked at, and saves the
        time.
        """;

    public override IReadOnlyList<string> Mutations => ["patience without end", "plenty of clean examples"];

    public override void Run(LabContext lab)
    {
        bool plenty = lab.Mutated("plenty of clean examples");
        int epochs = lab.Pick(full: 200, reduced: 100);
        // Points on two moons; some labels are wrong.
        var train = Moons(plenty ? 1000 : 80, plenty ? 0 : 0.2, seed: 1);
        var validation = Moons(plenty ? 1000 : 300, plenty ? 0 : 0.2, seed: 2);
        var test = Moons(1000, plenty ? 0 : 0.2, seed: 3);

        var stopping = new EarlyStopping(lab.Mutated("patience without end") ? 1_000_000 : 15)
        {
            RestoreBest = !lab.Mutated("patience without end"),
        };
        var watched = new BoundaryFrames(train, (-2, 3), (-1.5, 2));
        var stopped = Train(lab, epochs, train, validation, stopping);
        var endless = Train(lab, epochs, train, validation, watched);
        double atStop = Evaluate.Loss(stopped.Model, test.X, test.Y, Loss.CrossEntropy),
            atEnd = Evaluate.Loss(endless.Model, test.X, test.Y, Loss.CrossEntropy);

        var curves = endless.History.Epochs;
        double[] numbers = [.. curves.Select(e => (double)e.Epoch)];
        int last = stopped.History.Epochs.Count;
        lab.Figure(new Plot("Loss by epoch") { XLabel = "epoch", YLabel = "cross-entropy", YMin = 0, Legend = LegendPlace.Below }
            .Line(numbers, [.. curves.Select(e => e["loss"])], "training")
            .Line(numbers, [.. curves.Select(e => e["val_loss"])], "validation")
            .VerticalLine(stopping.BestEpoch, "kept").VerticalLine(last, "stopped"),
            "Training without a stop. Early stopping would have ended at the right dashed line, when the validation loss had not been "
                + "better for so long, "
            + "and gone back to the left one, whose weights it keeps.");
        lab.Frames(watched.Frames, "The boundary of the training without a stop: first a bend, later a turn around every wrong label.");
        lab.Check(
            $"stopped after {last} of {epochs} epochs with the weights of epoch {stopping.BestEpoch}", (double)last / epochs, atMost: 0.8);
        lab.Check($"loss on the third part {atStop:0.00}, and {atEnd:0.00} without a stop", atEnd / atStop, atLeast: 1.5);
        lab.Check($"training loss at that end {curves[^1]["loss"]:0.00}", curves[^1]["loss"] / curves[0]["loss"], atMost: 0.6);
    }

    private static (Tensor X, Tensor Y) Moons(int count, double wrong, ulong seed)
    {
        var (x, y) = SyntheticData.Moons(count, 0.2, seed).All();
        var flips = Tensor.Bernoulli(new Shape(count), wrong, DType.Int64, generator: new Generator(seed));
        return (x, y.NotEqual(flips).To(DType.Int64));
    }

    private static Trainer Train(
        LabContext lab, int epochs, (Tensor X, Tensor Y) train, (Tensor X, Tensor Y) validation, Callback callback)
    {
        Generator.SetSeed(lab.Seed);
        var model = Networks.Mlp([2, 64, 64, 2], () => new Relu());
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 0.005), Loss.CrossEntropy)
        {
            Progress = ProgressStyle.None, HandleSignals = false, Callbacks = [callback],
        };
        trainer.Fit(Loader(train, 20), Loader(validation, 300), epochs, lab.Cancellation);
        return trainer;

        DataLoader Loader((Tensor X, Tensor Y) part, int batch) => new(new TensorDataset(part.X, part.Y), batch, shuffle: true, lab.Seed);
    }
}
