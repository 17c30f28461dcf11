using DeepNet.Nn;

namespace DeepNet.Models.Tests.Tuning;

/// <summary>The figures of docs/tuning.md, measured on made digits with three seeds.</summary>
public class FigureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_adapter_comes_within_a_point_of_tuning_everything(ulong seed)
    {
        var (x, y) = MadeDigits.Draw(2000, seed);
        var trained = MadeDigits.Net(seed, 512, 128);
        MadeDigits.Train(trained, 1e-3, x, y, 6, seed);
        var (other, otherLabels) = MadeDigits.Draw(1500, 100 + seed);
        var (test, testLabels) = MadeDigits.Draw(1000, 200 + seed);
        (other, test) = (MadeDigits.Mirror(other), MadeDigits.Mirror(test));

        (double Accuracy, double Share) Tune(double rate, Action<Sequential> prepare)
        {
            var model = Module.Clone(trained);
            model.Replace("head", new Linear(128, 10, generator: new Generator(seed)));
            prepare(model);
            MadeDigits.Train(model, rate, other, otherLabels, 12, seed);
            return (MadeDigits.Accuracy(model, test, testLabels), model.TrainedShare());
        }

        var head = Tune(3e-3, model =>
        {
            model.Freeze();
            model.Unfreeze("head");
        });
        var adapter = Tune(3e-3, model =>
        {
            Lora.Add(model, rank: 8, targets: "body", generator: new Generator(seed));
            model.Unfreeze("head");
        });
        var whole = Tune(1e-3, model => { });
        Assert.True(head.Share < 0.01, $"{head.Share:P2} of the parameters");
        Assert.True(adapter.Share < 0.07, $"{adapter.Share:P2} of the parameters");
        Assert.True(adapter.Accuracy > whole.Accuracy - 1, $"adapter {adapter.Accuracy:F1}, whole {whole.Accuracy:F1}");
        Assert.True(head.Accuracy > MadeDigits.Accuracy(trained, test, testLabels) + 20, $"head {head.Accuracy:F1}");
        Assert.True(adapter.Accuracy > head.Accuracy + 5, $"adapter {adapter.Accuracy:F1}, head {head.Accuracy:F1}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_fifth_of_the_weights_trained_again_from_their_start_is_as_good_and_a_random_fifth_is_not(ulong seed)
    {
        const double rate = 2e-3;
        const int epochs = 6, rounds = 3;
        var (x, y) = MadeDigits.Draw(2000, seed);
        var (test, testLabels) = MadeDigits.Draw(2000, 200 + seed);
        var model = MadeDigits.Net(seed, 128, 128);
        var start = Pruning.Snapshot(model);
        MadeDigits.Train(model, rate, x, y, epochs, seed);
        double dense = MadeDigits.Accuracy(model, test, testLabels);
        Module random = model;
        for (int round = 1; round <= rounds; round++)
        {
            Pruning.Magnitude(model, 1 - Math.Pow(0.2, (double)round / rounds));
            random = Module.Clone(model);
            Pruning.Rewind(model, start);
            MadeDigits.Train(model, rate, x, y, epochs, seed);
        }
        Pruning.ShuffleMasks(random, new Generator(50 + seed));
        Pruning.Rewind(random, start);
        MadeDigits.Train(random, rate, x, y, epochs, seed);
        double ticket = MadeDigits.Accuracy(model, test, testLabels), chance = MadeDigits.Accuracy(random, test, testLabels);
        Assert.Equal(0.8, Pruning.Report(model).Sparsity, 1e-4);
        Assert.Equal(0.8, Pruning.Report(random).Sparsity, 1e-4);
        Assert.True(ticket > dense - 0.5, $"dense {dense:F2}, ticket {ticket:F2}");
        Assert.True(chance < ticket - 2, $"ticket {ticket:F2}, random {chance:F2}");
    }

    // Of the same examples this teacher has nothing to tell that the labels do not: the student gains only where the teacher has seen more.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_student_of_few_examples_learns_what_its_teacher_knows_from_many(ulong seed)
    {
        var (x, y) = MadeDigits.Draw(2000, seed);
        var (few, fewLabels) = (x.Narrow(0, 0, 200), y.Narrow(0, 0, 200));
        var (test, testLabels) = MadeDigits.Draw(2000, 200 + seed);
        var teacher = MadeDigits.Net(seed, 400);
        MadeDigits.Train(teacher, 1e-3, x, y, 8, seed);
        Tensor answers;
        using (Autograd.NoGrad()) answers = teacher.Forward(few);
        var (alone, student) = (MadeDigits.Net(seed + 10, 12), MadeDigits.Net(seed + 10, 12));
        MadeDigits.Train(alone, 3e-3, few, fewLabels, 60, seed);
        MadeDigits.Train(student, 3e-3, few, fewLabels, 60, seed,
            (some, labels, at) => Distillation.Loss(student.Forward(some), answers.IndexSelect(0, at), labels, temperature: 4, share: 0.9));
        double taught = MadeDigits.Accuracy(student, test, testLabels), self = MadeDigits.Accuracy(alone, test, testLabels);
        Assert.True(taught > self + 0.5, $"taught {taught:F2}, alone {self:F2}");
    }
}
