using DeepNet.Labs.Kit;
using DeepNet.Models;

namespace DeepNet.Labs.Tuning;

/// <summary>Distillation.</summary>
internal sealed class DarkKnowledge : Lab
{
    public override string Name => "dark-knowledge";

    public override string Title => "A teacher's softened answers teach a student more than the labels";

    public override string Claim => """
        A small student learns from few digits, a large teacher has seen many. With the teacher's probabilities, softened by a high
        temperature, as targets the student gets far more digits right than with the labels of the same images. The knowledge is in the
        small probabilities: at temperature 1, or with the teacher's answers made one-hot, most of the gain is lost. It even recognises
        many threes although it was never shown one.
        """;

    public override string Question => "Can a student recognise a three that it was never shown, if a teacher tells it about other digits?";

    public override Guess? Guess => new(
        [
            "No: without an example of a class there is nothing to learn",
            "Yes, from how much each other digit looks like a three to the teacher",
            "Only if the labels are given as well",
        ],
        Right: 1);

    public override string Explanation => """
        A label says that an image is an 8. A teacher says more: it is an 8, rather like a 3, and not at all like a 1. These small
        probabilities tell which images resemble each other, and Hinton called them dark knowledge. A label carries at most $\log_2 10
        \approx 3.3$ bits; the logits of the teacher are ten numbers for each image.

        A good teacher is sure: its probabilities are 0.999 and tiny rests, whose gradients vanish beside that of the largest. The
        temperature $T$ brings them out, $p_i = \frac{\exp(z_i / T)}{\sum_j \exp(z_j / T)}$, in teacher and student alike. The loss is
        $T^2 \, \mathrm{KL}(p^{\text{teacher}} \| p^{\text{student}})$; without the factor gradients would shrink like $1/T^2$. For large
        $T$ it becomes half of the mean squared difference of the logits: the student copies all of them, the small ones as well.

        With a one-hot answer only the teacher's decision is passed on, which is the label again. For the threes: in the examples without
        them the output for 3 still gets a target at every image, higher where a 5 or an 8 is drawn like a 3. The student extends this to
        real threes.
        """;

    public override string Falsified => """
        Labels, or the answers at temperature 1, that teach the student as well as the softened ones; or a student of softened answers that
        recognises no threes.
        """;

    public override IReadOnlyList<string> Next => ["lora-rank", "lottery-ticket", "cross-entropy-is-kl"];

    public override void Example(TextWriter output)
    {
        // Three classes on a line. The teacher knows all; the student never sees an example of the third, which begins at 0.5.
        Generator.SetSeed(1);
        Tensor seen = Tensor.Randn(200, 1) * 0.7 - 0.6, far = Tensor.Randn(200, 1) * 0.3 + 1.5;
        seen = seen.Clamp(-3, 0.4);
        var answers = seen.MatMul(Tensor.From(new float[,] { { -4, 0, 4 } })) + Tensor.From<float>(-2, 0, -2);
        foreach (double temperature in new[] { 0.01, 1, 8 })
        {
            var student = new Linear(1, 3);
            var optimizer = new Adam(student.Parameters(), learningRate: 0.1);
            for (int step = 0; step < 300; step++)
            {
                optimizer.ZeroGrad();
                // The temperature of the teacher alone: near 0 its answers are one-hot.
                Loss.CrossEntropy(student.Forward(seen), (answers / temperature).Softmax(1)).Backward();
                optimizer.Step();
            }
            double found = student.Forward(far).ArgMax(1).Equal(2).To(DType.Float64).Mean().Item<double>();
            output.WriteLine($"temperature {temperature}: {found:P0} of the third cloud recognised");
        }
    }

    public override IReadOnlyList<string> Mutations => ["teacher's answers made one-hot", "teacher untrained"];

    private const long Unseen = 3;

    public override void Run(LabContext lab)
    {
        double[] temperatures = lab.Pick<double[]>([1, 4, 16], [1, 16]);
        var trials = lab.Seeds(full: 4).Select(seed => Trial(lab, seed, temperatures)).ToArray();
        Spread Of(Func<Outcome, double> of) => new(trials.Select(of));
        Spread teacher = Of(t => t.Teacher), labels = Of(t => t.Labels.All), hard = Of(t => t.Hard.All);
        Spread[] soft = [.. temperatures.Select((_, i) => Of(t => t.Soft[i].All))],
            unseen = [Of(t => t.Labels.Unseen), Of(t => t.Hard.Unseen), .. temperatures.Select((_, i) => Of(t => t.Soft[i].Unseen))];
        string[] names = ["labels", "teacher, one-hot", .. temperatures.Select(t => $"temperature {t}")];
        lab.Table(
            ["targets of the student", "new digits right", "threes right, none shown"],
            names.Zip([labels, hard, .. soft], unseen).Select(r => (string[])[r.First, r.Second.Percent("0.0"), r.Third.Percent()]));
        static double[] Means(IEnumerable<Spread> spreads) => [.. spreads.Select(s => s.Mean)];
        static double[] Halves(IEnumerable<Spread> spreads) => [.. spreads.Select(s => (s.Max - s.Min) / 2)];
        Spread[] all = [labels, hard, .. soft];
        lab.Figure(
            new PlotGrid(null, 2,
                new Plot("New digits") { YLabel = "share right", YMin = 0.7, YMax = 1, Width = 520 }
                    .Bar(names, Means(all), errors: Halves(all)).HorizontalLine(teacher.Mean, "teacher"),
                new Plot("Threes, of which none was shown") { YLabel = "share right", YMin = 0, YMax = 1, Width = 520 }
                    .Bar(names, Means(unseen), errors: Halves(unseen))),
            $"The same student and the same 200 images, with other targets; {trials.Length} seeds, the ends of the bars reach from the "
                + "least to the greatest.");
        double gain = soft[^1].Mean - labels.Mean;
        lab.Check($"with labels the student is right on {labels.Percent("0.0")}, with softened answers on {soft[^1].Percent("0.0")}", gain,
            atLeast: 0.03);
        lab.Check($"with temperature 1 on {soft[0].Percent("0.0")}", soft[^1].Mean - soft[0].Mean, atLeast: 0.02);
        lab.Check($"with the teacher's answers made one-hot on {hard.Percent("0.0")}", hard.Mean - labels.Mean, atMost: 0.02);
        lab.Check($"with softened answers it recognises {unseen[^1].Percent()} of the threes, with labels {unseen[0].Percent()}",
            unseen[^1].Mean - unseen[0].Mean, atLeast: 0.25);
    }

    private sealed record Outcome(double Teacher, Student Labels, Student Hard, Student[] Soft);

    private sealed record Student(double All, double Unseen);

    private static Outcome Trial(LabContext lab, ulong seed, double[] temperatures)
    {
        SmallDigits many = SmallDigits.Make(lab.Pick(full: 3000, reduced: 1500), seed), few = SmallDigits.Make(200, seed + 10),
            test = SmallDigits.Make(1000, seed + 20);
        SmallDigits fewWithout = Where(few, label => label != Unseen), threes = Where(test, label => label == Unseen);
        Generator.SetSeed(seed);
        var teacher = Networks.Mlp([SmallDigits.Pixels, 128, 10], () => new Relu());
        if (!lab.Mutated("teacher untrained"))
            Learn(lab, teacher, many, 10, seed, part => Loss.CrossEntropy(teacher.Forward(part.X), part.Y));
        bool isHard = lab.Mutated("teacher's answers made one-hot");
        Tensor Answers(Tensor x)
        {
            var logits = Evaluate.Output(teacher, x);
            return isHard ? 30 * logits.ArgMax(1).OneHot(10) : logits;
        }
        Student Taught(Func<Tensor, SmallDigits, Tensor> loss)
        {
            Sequential On(SmallDigits shown)
            {
                Generator.SetSeed(seed + 1);
                var student = Networks.Mlp([SmallDigits.Pixels, 32, 10], () => new Relu());
                Learn(lab, student, shown, lab.Pick(full: 60, reduced: 40), seed, part => loss(student.Forward(part.X), part));
                return student;
            }
            return new(test.AccuracyOf(On(few)), threes.AccuracyOf(On(fewWithout)));
        }
        return new(
            test.AccuracyOf(teacher), Taught((y, part) => Loss.CrossEntropy(y, part.Y)),
            Taught((y, part) => Loss.CrossEntropy(y, Answers(part.X).ArgMax(1))),
            [.. temperatures.Select(t => Taught((y, part) => Distillation.SoftTargets(y, Answers(part.X), t)))]);
    }

    private static SmallDigits Where(SmallDigits digits, Func<long, bool> isWanted)
    {
        var places = Tensor.From<int>([.. digits.Y.ToArray<long>().Index().Where(p => isWanted(p.Item)).Select(p => p.Index)]);
        return new(digits.X.IndexSelect(0, places), digits.Y.IndexSelect(0, places));
    }

    private static void Learn(
        LabContext lab, Sequential network, SmallDigits digits, int epochs, ulong seed, Func<SmallDigits, Tensor> loss)
    {
        var optimizer = new Adam(network.Parameters(), learningRate: 2e-3);
        var order = new Generator(seed + 3);
        foreach (int _ in lab.Steps(epochs))
            foreach (var part in digits.Batches(32, order))
                Descent.Run(optimizer, [0], () => loss(part));
    }
}
