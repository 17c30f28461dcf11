using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

/// <summary>Classes are names, not numbers.</summary>
internal sealed class OneHotTargets : Lab
{
    public override string Name => "one-hot";

    public override string Title => "One-hot targets against class numbers";

    public override string Claim => """
        To fit class numbers is to say that class 2 lies between the classes 1 and 3. Where the classes have no such order, the answer has
        to pass through the numbers between two neighbours, and a new numbering changes the accuracy. One-hot targets treat all classes
        alike: the numbering does not matter.
        """;

    public override string Question => "A classifier has one output that is trained to be the class number: what goes wrong?";

    public override Guess? Guess => new(
        [
            "Nothing, if the outputs are rounded",
            "It assumes an order and distances of classes, so its accuracy depends on the numbering",
            "It trains more slowly, but ends at the same accuracy",
        ],
        Right: 1);

    public override string Explanation => """
        The squared error $(f(x) - c)^2$ of a class number says that class 1 for class 3 is a worse mistake than class 2 for class 3: four
        times as bad. For temperatures or grades that may be meant. For cats, cars and ships it is an accident of the list.

        A linear model with one output puts the classes side by side as strips across one direction, in the order of their numbers. Clouds
        on a ring, or numbered at random, do not lie so. Between the numbers 1 and 5 the output passes 2, 3 and 4, whatever lies there.

        A one-hot target is a vector with 1 at the place of the class and 0 elsewhere. All classes then are equally far from each other,
        $|\mathbf{e}_i - \mathbf{e}_j| = \sqrt{2}$, and a new numbering only exchanges outputs. With a softmax, $K$ outputs $z_k =
        \mathbf{w}_k^T \mathbf{x} + b_k$ compete and the largest wins. It costs $K$ outputs in place of one, and asks that each class can
        be cut off by straight lines; for classes with a real order, a loss that knows the order may be better.
        """;

    public override string Falsified => """
        One-hot targets whose accuracy changes with the numbering, or class numbers that reach the same accuracy under every numbering.
        """;

    public override IReadOnlyList<string> Next => ["cross-entropy", "cross-entropy-is-kl", "imbalance"];

    public override void Example(TextWriter output)
    {
        // Four clouds at the corners of a square, with numbers that go around it or across it.
        Generator.SetSeed(1);
        var corner = Tensor.RandInt(0, 4, new Shape(200));
        var corners = Tensor.From(new float[,] { { -1, -1 }, { -1, 1 }, { 1, 1 }, { 1, -1 } });
        var x = corners.IndexSelect(0, corner) + 0.2 * Tensor.Randn(new Shape(200, 2));
        foreach (long[] numbering in new long[][] { [0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 1, 2] })
        {
            var label = Tensor.From<long>(numbering).IndexSelect(0, corner);
            double Accuracy(Linear model, Func<Tensor, Tensor> loss, Func<Tensor, Tensor> answer)
            {
                var optimizer = new Adam(model.Parameters(), learningRate: 0.1);
                for (int step = 0; step < 200; step++)
                {
                    optimizer.ZeroGrad();
                    loss(model.Forward(x)).Backward();
                    optimizer.Step();
                }
                return answer(model.Forward(x)).To(DType.Int64).Equal(label).To(DType.Float64).Mean().Item<double>();
            }
            double byNumber = Accuracy(new(2, 1), y => Loss.Mse(y.Squeeze(1), label.To(DType.Float32)), y => y.Squeeze(1).Round());
            double oneHot = Accuracy(new(2, 4), y => Loss.CrossEntropy(y, label), y => y.ArgMax(1));
            output.WriteLine($"corners numbered {string.Join(", ", numbering)}: class numbers {byNumber:P0}, one-hot {oneHot:P0}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["classes in a row, numbered in order", "one-hot replaced by numbers"];

    private const int Classes = 6;

    public override void Run(LabContext lab)
    {
        bool inOrder = lab.Mutated("classes in a row, numbered in order");
        int numberings = lab.Pick(full: 8, reduced: 4);
        var (points, clouds) = Clouds(inOrder, lab.Pick(full: 240, reduced: 120));

        var byNumber = new List<double>();
        var byOneHot = new List<double>();
        Module? numberModel = null, oneHotModel = null;
        Tensor? labels = null;
        for (int k = 0; k < numberings; k++)
        {
            // The same clouds, called by other numbers.
            int[] names = [.. Enumerable.Range(0, Classes)];
            if (!inOrder) new Random(k).Shuffle(names);
            labels = Tensor.From<long>([.. clouds.Select(c => (long)names[c])]);
            (numberModel, double accuracy) = FitNumbers(lab, points, labels);
            byNumber.Add(accuracy);
            (oneHotModel, accuracy) = lab.Mutated("one-hot replaced by numbers") ? (numberModel, accuracy) : FitOneHot(lab, points, labels);
            byOneHot.Add(accuracy);
        }

        lab.Table(
            ["numbering", "class numbers", "one-hot"],
            byNumber.Zip(byOneHot, (a, b) => (a, b)).Select((r, k) => (string[])[$"{k + 1}", $"{r.a:P0}", $"{r.b:P0}"]));
        lab.Figure(
            new PlotGrid(null, 2,
                Regions("Class numbers, rounded", points, clouds, labels!, numberModel!, y => y.Round().Clamp(0, Classes - 1)),
                Regions("One-hot and softmax", points, clouds, labels!, oneHotModel!, y => y.ArgMax(1))),
            "The answer of each linear model at each point (colour of the area), the examples, and their classes (digits). Between two "
                + "class numbers lie all the numbers between them.");
        lab.Check($"one-hot targets give at least {byOneHot.Min():P0} under each of {numberings} numberings", byOneHot.Min(),
            atLeast: 0.95);
        lab.Check($"the numbering moves them by {byOneHot.Max() - byOneHot.Min():P0}", byOneHot.Max() - byOneHot.Min(), atMost: 0.02);
        lab.Check($"class numbers give {byNumber.Min():P0} to {byNumber.Max():P0}", byNumber.Max(), atMost: 0.75);
    }

    /// <summary>A linear model whose one output is to be the class number.</summary>
    private static (Module Model, double Accuracy) FitNumbers(LabContext lab, Tensor points, Tensor labels)
    {
        var model = new Linear(2, 1);
        Descent.Run(
            new Adam(model.Parameters(), learningRate: 0.1), lab.Steps(300), ()
                => Loss.Mse(model.Forward(points), labels.To(DType.Float32).Unsqueeze(1)));
        var answers = model.Forward(points).Detach().Round().Clamp(0, Classes - 1).Squeeze(1);
        return (model, answers.Equal(labels.To(DType.Float32)).To(DType.Float64).Mean().Item<double>());
    }

    /// <summary>A linear model with one output a class.</summary>
    private static (Module Model, double Accuracy) FitOneHot(LabContext lab, Tensor points, Tensor labels)
    {
        var model = new Linear(2, Classes);
        Descent.Run(
            new Adam(model.Parameters(), learningRate: 0.1), lab.Steps(300), () => Loss.CrossEntropy(model.Forward(points), labels));
        return (model, Networks.Accuracy(model, points, labels));
    }

    /// <summary>Clouds on a ring, or in a row.</summary>
    private static (Tensor Points, int[] Clouds) Clouds(bool inRow, int count)
    {
        var generator = new Generator(22);
        var noise = Tensor.Randn(new Shape(count, 2), generator: generator).ToMatrix();
        var clouds = new int[count];
        for (int i = 0; i < count; i++)
        {
            int c = clouds[i] = i % Classes;
            double angle = 2 * Math.PI * c / Classes;
            var (x, y) = inRow ? (c - 2.5, 0.4 * c - 1) : (2 * Math.Cos(angle), 2 * Math.Sin(angle));
            double spread = inRow ? 0.12 : 0.3;
            (noise[i, 0], noise[i, 1]) = ((float)(x + spread * noise[i, 0]), (float)(y + spread * noise[i, 1]));
        }
        return (Tensor.From(noise), clouds);
    }

    private static Plot Regions(string title, Tensor points, int[] clouds, Tensor labels, Module model, Func<Tensor, Tensor> answer)
    {
        double[] axis = Fit.Grid(-3, 3, 61);
        var (xs, ys) = (points[.., 0].ToArray<float>(), points[.., 1].ToArray<float>());
        var plot = new Plot(title)
        {
            XLabel = "x₁", YLabel = "x₂", ZLabel = "class", ZMin = 0, ZMax = Classes - 1, Width = 480, Height = 420, EqualAspect = true,
        }
            .HeatMap(axis, axis, Plane.Fold(answer(model.Forward(Plane.Points(axis, axis)).Detach()), axis, axis))
            .Scatter([.. xs], [.. ys], color: 1, size: 5);
        // A number stands beside its cloud, on the side that faces outwards, where no examples lie over it.
        for (int c = 0; c < Classes; c++)
        {
            int[] own = [.. Enumerable.Range(0, clouds.Length).Where(i => clouds[i] == c)];
            plot.Text(1.4 * own.Average(i => xs[i]), 1.4 * own.Average(i => ys[i]), $"{labels[own[0]].Item<long>()}");
        }
        return plot;
    }
}
