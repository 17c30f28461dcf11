using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

internal sealed class AttentionSorts : Lab
{
    public override string Name => "attention-sorts";

    public override string Title => "A network that sorts: its attention points at the number that belongs at each place";

    public override string Claim => """
        Six numbers go in, and the same numbers are to come out sorted. Each place of the output attends to the numbers and puts out their
        mean, weighted by attention, so it has to point at the right one. After training it does: the largest weight of place k is on the
        k-th smallest number. For that each number must know the others, by self-attention before; without it the network sees each number
        alone, cannot know its rank, and points at a number by its size.
        """;

    public override string Question => "Why does a sorting network need self-attention among its inputs before it can point?";

    public override Guess Guess => new(
        [
            "Without it the weights do not add up to 1",
            "The rank of a number depends on the other numbers, not on its own size alone",
            "It sorts the numbers step by step, as bubble sort does",
            "It is not needed: a larger feed-forward layer would do",
        ],
        Right: 1);

    public override string Explanation => """
        Attention compares queries with keys and mixes values:
        $\mathbf{a} = \mathrm{softmax}\left( \frac{\mathbf{K} \mathbf{q}}{\sqrt{d}} \right)$ and $y = \sum_{j} a_j v_j$. Here each place of
        the output has a learned query $\mathbf{q}_k$, and the values are the numbers themselves, so $y_k = \sum_{j} a_{kj} x_j$ is right
        exactly when $a_{kj}$ is 1 for the k-th smallest number and 0 for all others. The loss sees only the sorted numbers; that the
        weights become a permutation matrix is found by training.

        For that the key of $x_j$ must hold its rank, the number of $x_i \le x_j$. This is a sum over all inputs, $\sum_{i} [x_i \le x_j]$,
        and self-attention can compute such sums: the query of $x_j$ weighs the others by comparison. A layer that is applied to each number
        alone cannot, whatever its size; the best it can do is to guess the rank from the size, since a number near 0 is probably the
        smallest.

        Two numbers that nearly coincide cannot be told apart by smooth weights, and the attention then lies on both, which costs little
        error. So attention maps say where an output comes from, here verified against the known right place; in larger models they are
        evidence and not proof.
        """;

    public override string Falsified => """
        A trained network whose largest weights are on the right number no more often than those of the network without self-attention; or
        the latter sorting as precisely.
        """;

    public override IReadOnlyList<string> Next => ["lstm-gates", "filters-see", "lora-rank"];

    public override void Example(TextWriter output)
    {
        // Two places of an output, which are to be the smallest and the largest of five numbers.
        Generator.SetSeed(1);
        var keys = new Sequential(new Linear(1, 32), new Relu(), new Linear(32, 16));
        var queries = new Parameter(Tensor.Randn(2, 16));
        var optimizer = new Adam([.. keys.Parameters(), queries], learningRate: 0.01);
        Tensor Weights(Tensor numbers) => (queries.Value.MatMul(keys.Forward(numbers.Unsqueeze(2)).Transpose(1, 2)) / 4).Softmax(2);
        for (int step = 0; step < 300; step++)
        {
            using var scope = Memory.Scope();
            var x = Tensor.Rand(64, 5);
            var answers = Weights(x).MatMul(x.Unsqueeze(2)).Squeeze(2);
            optimizer.ZeroGrad();
            Loss.Mse(answers, Tensor.Stack([x.Min(1), x.Max(1)], 1)).Backward();
            optimizer.Step();
        }
        var example = Tensor.From<float>([0.4f, 0.9f, 0.1f, 0.6f, 0.5f], new Shape(1, 5));
        var attention = Weights(example)[0];
        foreach (var (name, place) in new[] { ("smallest", 0), ("largest", 1) })
            output.WriteLine($"{name}: {string.Join("  ", attention[place].ToArray().Select(w => $"{w:0.00}"))}");
    }

    public override IReadOnlyList<string> Mutations => ["no self-attention", "untrained"];

    private const int Count = 6, Width = 32;

    public override void Run(LabContext lab)
    {
        var (sorter, error) = Train(lab, !lab.Mutated("no self-attention"));
        var (alone, errorAlone) = Train(lab, false);
        var numbers = Numbers(500, new Generator(lab.Seed + 7));
        double right = Right(sorter, numbers), rightAlone = Right(alone, numbers);

        using var quiet = Autograd.NoGrad();
        float[] example = numbers[0].ToArray();
        var map = sorter.Attend(numbers[..1]).Weights[0];
        string[] names = [.. example.Select(v => $"{v:0.00}")], places = [.. Enumerable.Range(1, Count).Select(k => $"place {k}")];
        lab.Figure(
            new Plot("Attention of each output place") { XLabel = "numbers in the order of the input", Width = 560, ZMin = 0, ZMax = 1 }
                .HeatMap(map.To(DType.Float64).ToMatrix<double>(), places, names, showValues: true),
            "One input. Each row adds up to 1; the first place attends to the smallest number.");
        lab.Table(
            ["", "mean squared error", "largest weight on the right number"],
            [["with self-attention", $"{error:0.0000}", $"{right:P0}"], ["without", $"{errorAlone:0.0000}", $"{rightAlone:P0}"]]);
        lab.Check($"{right:P0} of the places point at the right number", right, atLeast: 0.75);
        lab.Check($"without self-attention {rightAlone:P0}", right - rightAlone, atLeast: 0.25);
        lab.Check($"without self-attention the error is {errorAlone / error:0.0} times as large", errorAlone / error, atLeast: 2);
    }

    private static Tensor Numbers(int rows, Generator generator) => Tensor.Rand(new Shape(rows, Count), generator: generator);

    private static double Right(Sorter sorter, Tensor numbers)
    {
        using var quiet = Autograd.NoGrad();
        var pointed = sorter.Attend(numbers).Weights.ArgMax(2);
        return pointed.Equal(numbers.Sort(1).Item2).To(DType.Float64).Mean().Item<double>();
    }

    private static (Sorter Sorter, double Error) Train(LabContext lab, bool seesOthers)
    {
        Generator.SetSeed(lab.Seed);
        var sorter = new Sorter(seesOthers);
        var generator = new Generator(lab.Seed + 1);
        int steps = lab.Mutated("untrained") ? 1 : lab.Pick(full: 3000, reduced: 1500);
        var losses = Descent.Run(new Adam(sorter.Parameters(), learningRate: 3e-3), lab.Steps(steps), _ =>
        {
            var numbers = Numbers(64, generator);
            return Loss.Mse(sorter.Attend(numbers).Sorted, numbers.Sort(1).Item1);
        });
        return (sorter, losses.TakeLast(50).Average());
    }

    private sealed class Sorter(bool seesOthers) : Module
    {
        private readonly Linear enter = new(1, Width), query = new(Width, Width), key = new(Width, Width), value = new(Width, Width);
        private readonly Linear think = new(Width, Width, activation: new Relu()), answer = new(Width, Width), keys = new(Width, Width);
        private readonly Parameter places = new(Tensor.Randn(Count, Width));

        /// <summary>The numbers sorted, and for each place of them its weights (batch, place, number).</summary>
        public (Tensor Sorted, Tensor Weights) Attend(Tensor numbers)
        {
            var x = enter.Forward(numbers.Unsqueeze(2) * 2 - 1);
            x += answer.Forward(think.Forward(x));
            if (seesOthers)
            {
                x += Mix(query.Forward(x), key.Forward(x)).MatMul(value.Forward(x));
                x += answer.Forward(think.Forward(x));
            }
            var weights = (places.Value.MatMul(keys.Forward(x).Transpose(1, 2)) / Math.Sqrt(Width)).Softmax(2);
            return (weights.MatMul(numbers.Unsqueeze(2)).Squeeze(2), weights);
        }

        public override Tensor Forward(Tensor x) => Attend(x).Sorted;

        private static Tensor Mix(Tensor queries, Tensor keys) => (queries.MatMul(keys.Transpose(1, 2)) / Math.Sqrt(Width)).Softmax(2);
    }
}
