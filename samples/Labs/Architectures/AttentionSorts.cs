using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Architectures;

internal sealed class AttentionSorts : Lab
{
    public override string Name => "attention-sorts";

    public override string Title => "A network that sorts: its attention points at the number that belongs at each place";

    public override string Claim => """
        Six numbers go in, and the same numbers sorted are to come out. Each place of the output looks at the numbers with attention and
        puts out their mean, weighted by it, so it has to point at the right one. After training it does: the largest weight of place k is
        on the k-th smallest number. For that the numbers must know of each other, by a round of self-attention before; a network without
        it sees each number alone, cannot know its rank, and points by its size.
        """;

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
            new Plot("Where each place of the output looks") { XLabel = "numbers as they came", Width = 560, ZMin = 0, ZMax = 1 }
                .HeatMap(map.To(DType.Float64).ToMatrix<double>(), places, names, showValues: true),
            "One input. Each row adds up to 1; the first place looks at the smallest number.");
        lab.Table(
            ["", "mean squared error", "largest weight on the right number"],
            [["with self-attention", $"{error:0.0000}", $"{right:P0}"], ["each number alone", $"{errorAlone:0.0000}", $"{rightAlone:P0}"]]);
        lab.Check($"{right:P0} of the places point at the number that belongs there", right, atLeast: 0.75);
        lab.Check($"each number alone {rightAlone:P0}", right - rightAlone, atLeast: 0.25);
        lab.Check($"the error is {errorAlone / error:0.0} times as large then", errorAlone / error, atLeast: 2);
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
