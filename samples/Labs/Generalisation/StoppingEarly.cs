using DeepNet.Labs.Kit;
using DeepNet.Training;

namespace DeepNet.Labs.Generalisation;

/// <summary>Early stopping.</summary>
internal sealed class StoppingEarly : Lab
{
    public override string Name => "early-stopping";

    public override string Title => "Early stopping";

    public override string Claim => """
        With few and noisy examples the training loss keeps falling, while the loss on held-out examples falls, turns and rises. Stopping at
        the turn, which a validation set shows, gives a much better model on a third set that was never looked at, and saves time.
        """;

    public override string Question => "The training loss is still falling. Should training go on?";

    public override Guess Guess => new(
        [
            "Yes, as long as the training loss falls, the model gets better",
            "Only as long as the loss on held-out examples falls too",
            "No, a fixed number of epochs is always best",
            "Only until the training loss is below the noise",
        ],
        Right: 1);

    public override string Explanation => """
        A network first fits what many examples have in common, since their gradients add up, and only later what single examples demand,
        among them those with wrong labels. After the turn the gain on the training set is bought by memorising noise, and the gap between
        validation and training loss widens.

        For a linear model the effect can be computed. After $t$ steps from zero gradient descent has fitted the share
        $1 - (1 - \eta \lambda_i)^t$ of the solution along the eigenvector of curvature $\lambda_i$; a penalty
        $\frac{\alpha}{2} |\mathbf{w}|^2$ leaves the share $\frac{\lambda_i}{\lambda_i + \alpha}$. Both keep the well-determined directions
        and hold back the weak ones, so stopping after $t$ steps acts like an L2 penalty with $\alpha \approx \frac{1}{\eta t}$.

        The validation loss is itself noisy, so one waits a number of epochs (the patience) for an improvement and then restores the best
        weights. The epoch was chosen by the validation set, hence its loss there is slightly optimistic, and a third set measures the
        result. With plenty of clean data there is no turn, and nothing to gain.
        """;

    public override string Falsified => """
        A model stopped at the turn whose loss on the third set is not clearly below that of the fully trained one, or a validation loss
        that never turns with few and noisy examples.
        """;

    public override IReadOnlyList<string> Next => ["noisy-labels", "l1-l2", "model-choice"];

    public override void Example(TextWriter output)
    {
        (Tensor X, Tensor Y) Moons(int count, ulong seed)
        {
            var (x, y) = SyntheticData.Moons(count, noise: 0.2, seed: seed).All();
            var flips = Tensor.Bernoulli(new Shape(count), 0.2, DType.Int64, generator: new Generator(seed));
            return (x, y.NotEqual(flips).To(DType.Int64));               // one label in five is wrong
        }
        var (train, validation, test) = (Moons(60, seed: 1), Moons(200, seed: 2), Moons(1000, seed: 3));
        Generator.SetSeed(1);
        var model = new Sequential(new Linear(2, 64), new Relu(), new Linear(64, 64), new Relu(), new Linear(64, 2));
        var optimizer = new Adam(model.Parameters(), learningRate: 0.01);
        double Of((Tensor X, Tensor Y) part) => Loss.CrossEntropy(model.Forward(part.X), part.Y).Item();

        (int Step, double Validation, double Test) best = (0, double.PositiveInfinity, 0);
        for (int step = 0; step <= 300; step++)
        {
            using var scope = Memory.Scope();
            if (Of(validation) < best.Validation) best = (step, Of(validation), Of(test));
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(train.X), train.Y).Backward();
            optimizer.Step();
        }
        output.WriteLine($"best on validation at step {best.Step}: test loss {best.Test:0.00}");
        output.WriteLine($"after all steps: training loss {Of(train):0.00}, test loss {Of(test):0.00}");
    }

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
            .VerticalLine(stopping.BestEpoch, "weights kept").VerticalLine(last, "stopped"),
            "Training without early stopping. Early stopping ends at the right dashed line, when the validation loss has not improved for "
                + "a number of epochs, and restores the weights of the left one.");
        lab.Frames(watched.Frames, "The boundary of the training without a stop: first a bend, later a turn around every wrong label.");
        lab.Check(
            $"stopped after {last} of {epochs} epochs with the weights of epoch {stopping.BestEpoch}", (double)last / epochs, atMost: 0.8);
        lab.Check($"the loss on the third set is {atStop:0.00}, and {atEnd:0.00} without early stopping", atEnd / atStop, atLeast: 1.5);
        lab.Check(
            $"without early stopping the training loss ends at {curves[^1]["loss"]:0.00}",
            curves[^1]["loss"] / curves[0]["loss"], atMost: 0.6);
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
