using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

/// <summary>An LSTM written out, so that its gates can be looked at.</summary>
internal sealed class LstmGates : Lab
{
    public override string Name => "lstm-gates";

    public override string Title => "An LSTM's gates open and close: write at the marked number, keep until the end";

    public override string Claim => """
        Numbers come one after the other, one of them marked; at the end the marked one is to be said. What an LSTM does for that can be
        read off its gates. Closing the input gate at the mark, so that nothing is written there, destroys the answer; closing it one step
        later hardly matters. Closing the forget gate once between mark and end destroys it too: the number was kept in the cells. Of the
        cells, the one that goes most with the answer is written at the mark and keeps its value by a forget gate near 1.
        """;

    public override IReadOnlyList<string> Mutations => ["no mark", "cell emptied at each step"];

    private const int Hidden = 6, Length = 12;

    public override void Run(LabContext lab)
    {
        var runs = lab.Seeds(full: 3).Select(seed => Train(lab, seed)).ToArray();
        Spread Over(Func<Outcome, double> of) => new(runs.Select(of));
        Spread error = Over(r => r.Error), mark = Over(r => r.ClosedAtMark), later = Over(r => r.ClosedLater),
            emptied = Over(r => r.Emptied);
        double[] steps = Fit.Grid(1, Length, Length);
        lab.Figure(
            new Plot($"The cell that goes most with the answer; the mark is at step {runs[0].Marked + 1}")
            {
                XLabel = "step", YLabel = "gate, or what is written", YMin = -0.1, YMax = 1.1, Width = 720,
            }
                .Line(steps, [.. runs[0].Example.Select(g => g.Written)], "written: |input gate × candidate|", markers: true)
                .Line(steps, [.. runs[0].Example.Select(g => g.Forget)], "forget gate", markers: true)
                .VerticalLine(runs[0].Marked + 1, "the mark"),
            "One sequence through a trained network.");
        lab.Table(
            ["", "mean squared error"],
            [
                ["as trained", error.Number("0.0000")], ["input gates closed at the mark", mark.Number()],
                ["input gates closed one step later", later.Number("0.000")], ["forget gates closed once before the end", emptied.Number()],
                ["to say zero always", "0.33"],
            ]);
        lab.Check($"the marked number is said with a mean squared error of {error.Number("0.0000")}", error.Max, atMost: 0.03);
        lab.Check($"with input gates closed at the mark {mark.Number()}", mark.Mean, atLeast: 0.2);
        lab.Check($"one step later {later.Number("0.000")}", mark.Mean / later.Mean, atLeast: 4);
        lab.Check($"with forget gates closed once {emptied.Number()}", emptied.Mean, atLeast: 0.15);
    }

    private sealed record Look(double Written, double Forget);

    private sealed record Outcome(double Error, double ClosedAtMark, double ClosedLater, double Emptied, Look[] Example, int Marked);

    private static Outcome Train(LabContext lab, ulong seed)
    {
        var generator = new Generator(seed);
        var weights = new Parameter(Init.XavierNormal(Tensor.Empty(new Shape(4 * Hidden, 2 + Hidden)), generator: generator));
        var bias = new Parameter(Tensor.Zeros(new Shape(4 * Hidden)));
        using (Autograd.NoGrad()) bias.Value[Hidden..(2 * Hidden)] = 1;          // forget gates begin open
        var say = new Linear(Hidden, 1, generator: generator);
        Descent.Run(
            new Adam([weights, bias, .. say.Parameters()], learningRate: 0.01), lab.Steps(lab.Pick(full: 1500, reduced: 800)), _ =>
            {
                var (numbers, marks, target) = Examples(lab, 64, generator);
                return Loss.Mse(say.Forward(Unroll(lab, weights.Value, bias.Value, numbers, marks)), target);
            });

        using var quiet = Autograd.NoGrad();
        var (x, m, y) = Examples(lab, 500, new Generator(seed + 1));
        double Error(Tensor? closed, int emptied, List<Gates>? gates = null)
            => Loss.Mse(say.Forward(Unroll(lab, weights.Value, bias.Value, x, m, closed, emptied, gates)), y).Item<float>();
        var seen = new List<Gates>();
        double error = Error(null, -1, seen);
        int shown = Enumerable.Range(0, Hidden).MaxBy(c => Math.Abs(Correlation(seen[^1].Cell[.., c], y[.., 0])));
        Look[] first = [.. seen.Select(g => new Look(
            Math.Abs((g.Input * g.Candidate)[0, shown].Item<float>()), g.Forget[0, shown].Item<float>()))];
        return new(error, Error(m, -1), Error(m.Roll(1, 1), -1), Error(null, Length - 2), first, (int)m[0].ArgMax().Item<long>());
    }

    /// <summary>Numbers from −1 to 1, a mark at one of the first nine, and the number at the mark.</summary>
    private static (Tensor Numbers, Tensor Marks, Tensor Target) Examples(LabContext lab, int count, Generator generator)
    {
        var numbers = Tensor.Uniform(new Shape(count, Length), -1, 1, generator: generator);
        var marks = Tensor.RandInt(0, Length - 3, new Shape(count), generator: generator).OneHot(Length).To(DType.Float32);
        var target = (numbers * marks).Sum(1, keepDim: true);
        return (numbers, lab.Mutated("no mark") ? Tensor.Zeros(marks.Shape) : marks, target);
    }

    private sealed record Gates(Tensor Input, Tensor Forget, Tensor Candidate, Tensor Cell);

    /// <summary>Goes through the numbers and returns the hidden state at the end.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="weights">Of the four gates, one below the other.</param>
    /// <param name="bias">Of the four gates.</param>
    /// <param name="numbers">The numbers (batch, steps).</param>
    /// <param name="marks">1 at the mark.</param>
    /// <param name="closed">1 where input gates are closed by force; null for nowhere.</param>
    /// <param name="emptied">The step at which forget gates are closed by force; −1 for none.</param>
    /// <param name="gates">Takes the gates of each step.</param>
    private static Tensor Unroll(
        LabContext lab, Tensor weights, Tensor bias, Tensor numbers, Tensor marks, Tensor? closed = null, int emptied = -1,
        List<Gates>? gates = null)
    {
        int count = numbers.Shape[0];
        Tensor hidden = Tensor.Zeros(count, Hidden), cell = Tensor.Zeros(count, Hidden);
        bool isEmptied = lab.Mutated("cell emptied at each step");
        for (int t = 0; t < Length; t++)
        {
            var all = Tensor.Cat([numbers[.., t..(t + 1)], marks[.., t..(t + 1)], hidden], 1).MatMul(weights.T) + bias;
            Tensor input = all[.., ..Hidden].Sigmoid(), forget = all[.., Hidden..(2 * Hidden)].Sigmoid(),
                candidate = all[.., (2 * Hidden)..(3 * Hidden)].Tanh(), output = all[.., (3 * Hidden)..].Sigmoid();
            if (closed is not null) input *= 1 - closed[.., t..(t + 1)];
            if (isEmptied || t == emptied) forget *= 0;
            cell = forget * cell + input * candidate;
            hidden = output * cell.Tanh();
            gates?.Add(new(input, forget, candidate, cell));
        }
        return hidden;
    }

    private static double Correlation(Tensor a, Tensor b)
    {
        a -= a.Mean();
        b -= b.Mean();
        return ((a * b).Sum() / (a.Norm() * b.Norm())).Item<float>();
    }
}
