using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

/// <summary>An LSTM written out, so that its gates can be looked at.</summary>
internal sealed class LstmGates : Lab
{
    public override string Name => "lstm-gates";

    public override string Title => "An LSTM's gates open and close: write at the marked number, keep until the end";

    public override string Claim => """
        Numbers come one after the other, and one of them is marked; at the end the network has to answer with it. Its gates show how it
        does that. Closing the input gates at the mark, so that nothing is written there, destroys the answer; closing them one step later
        hardly matters. Closing the forget gates once between mark and end destroys it too: the number was stored in the cells. The cell
        that correlates most with the answer is written at the mark and keeps its value by a forget gate near 1.
        """;

    public override string Question => "How does an LSTM remember one number while others pass by?";

    public override Guess Guess => new(
        [
            "Its hidden state holds all numbers, and the last layer picks one",
            "The input gate opens at the number, and the forget gate stays open until the end",
            "The recurrent weights repeat the number at every step",
            "The forget gate opens only at the number and is closed before and after",
        ],
        Right: 1);

    public override string Explanation => """
        The cell state of an LSTM is updated by elementwise (Hadamard) products:
        $\mathbf{c}_t = \mathbf{f}_t \cdot \mathbf{c}_{t-1} + \mathbf{i}_t \cdot \tilde{\mathbf{c}}_t$, and the output is
        $\mathbf{h}_t = \mathbf{o}_t \cdot \tanh(\mathbf{c}_t)$. Each gate is a vector of sigmoids of the input and of the last output, with
        values from 0 (closed) to 1 (open).

        With $\mathbf{f}_t = 1$ and $\mathbf{i}_t = 0$ the state does not change at all: that is storage. A value is written where
        $\mathbf{i}_t$ opens, and erased where $\mathbf{f}_t$ closes. The gradient through the cell is
        $\frac{\partial \mathbf{c}_t}{\partial \mathbf{c}_{t-1}} = \mathbf{f}_t$, near 1 while the number is kept, so it does not vanish
        over many steps as it does in a plain recurrent network, whose state passes a matrix and a $\tanh$ at each step.

        Reading off a gate is not yet proof that the network uses it. Here gates are closed by force in a trained network, an intervention:
        the error rises where the gate mattered and only there. The network may spread the number over several cells and may change the
        sign, so the cell with the highest correlation is the one shown. The forget gates' bias begins at 1, which makes storage the
        default.
        """;

    public override string Falsified => """
        A trained network that still answers correctly with the input gates closed at the mark, or with the forget gates closed once; or one
        that fails as badly when the input gates close a step later.
        """;

    public override IReadOnlyList<string> Next => ["clipping", "attention-sorts", "vanishing"];

    public override void Example(TextWriter output)
    {
        Generator.SetSeed(1);
        var cell = new LstmCell(2, 8);
        var answer = new Linear(8, 1);
        var optimizer = new Adam([.. cell.Parameters(), .. answer.Parameters()], learningRate: 0.02);

        // Six numbers, one of the first three marked; what the cells store can be erased before a step.
        Tensor Error(int erasedBefore = -1)
        {
            var numbers = Tensor.Uniform(new Shape(128, 6), -1, 1);
            var marks = Tensor.RandInt(0, 3, new Shape(128)).OneHot(6).To(DType.Float32);
            LstmState state = new(Tensor.Zeros(128, 8), Tensor.Zeros(128, 8));
            for (int t = 0; t < 6; t++)
            {
                if (t == erasedBefore) state = new LstmState(state.Hidden, Tensor.ZerosLike(state.Cell));
                state = cell.Forward(Tensor.Stack([numbers[.., t], marks[.., t]], 1), state);
            }
            return Loss.Mse(answer.Forward(state.Hidden), (numbers * marks).Sum(1, keepDim: true));
        }
        for (int step = 0; step < 300; step++)
        {
            using var scope = Memory.Scope();
            optimizer.ZeroGrad();
            Error().Backward();
            optimizer.Step();
        }
        output.WriteLine($"mean squared error {Error().Item():0.000}");
        output.WriteLine($"with the cells erased before step 5 {Error(erasedBefore: 4).Item():0.000}");
    }

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
            new Plot($"The cell that correlates most with the answer; the mark is at step {runs[0].Marked + 1}")
            {
                XLabel = "step", YLabel = "value", YMin = -0.1, YMax = 1.1, Width = 720,
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
                ["always answering zero", "0.33"],
            ]);
        lab.Check($"the mean squared error of the answer is {error.Number("0.0000")}", error.Max, atMost: 0.03);
        lab.Check($"with input gates closed at the mark {mark.Number()}", mark.Mean, atLeast: 0.2);
        lab.Check($"with input gates closed one step later {later.Number("0.000")}", mark.Mean / later.Mean, atLeast: 4);
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
