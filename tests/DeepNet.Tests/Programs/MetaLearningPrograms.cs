using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Gradients through steps of learning, and networks that make weights.</summary>
public class MetaLearningPrograms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Maml_adapts_to_a_new_sine_in_one_step(int seed)
    {
        var random = new Generator((ulong)seed);
        var layers = Loop.Mlp(random, () => new Tanh(), 1, 32, 32, 1);
        Parameter[] weights = [.. layers.Parameters()];
        static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => x.Affine(weight, bias, transposed: true);
        static Tensor Forward(IReadOnlyList<Tensor> w, Tensor x)
            => Linear(Linear(Linear(x, w[0], w[1]).Tanh(), w[2], w[3]).Tanh(), w[4], w[5]);
        static Tensor[] Adapt(IReadOnlyList<Tensor> w, Tensor x, Tensor y)
        {
            var gradients = Autograd.Grad(Loss.Mse(Forward(w, x), y), [.. w], createGraph: true);
            return [.. w.Zip(gradients, (p, g) => p - 0.1 * g)];
        }
        Func<Tensor, Tensor> Task()
        {
            double amplitude = 0.5 + 2 * random.NextDouble(), phase = Math.PI * random.NextDouble();
            return x => amplitude * (x + phase).Sin();
        }
        Tensor Points(int n) => Tensor.Uniform([n, 1], -3, 3, generator: random);
        (Tensor Before, Tensor After) Losses()
        {
            var (task, seen, unseen) = (Task(), Points(10), Points(20));
            Tensor[] start = [.. weights.Select(p => p.Value)];
            var adapted = Adapt(start, seen, task(seen));
            return (Loss.Mse(Forward(start, unseen), task(unseen)), Loss.Mse(Forward(adapted, unseen), task(unseen)));
        }

        Loop.Fit(new Adam(weights, 5e-3), 150, () => (Losses().After + Losses().After + Losses().After + Losses().After) / 4);
        double before = 0, after = 0;
        for (int i = 0; i < 50; i++)
        {
            var losses = Losses();
            before += losses.Before.Item() / 50;
            after += losses.After.Item() / 50;
        }
        Assert.InRange(after / before, 0, 0.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_hypernetwork_makes_the_weights_of_a_network_for_each_task(int seed)
    {
        var random = new Generator((ulong)seed);
        var hyper = Loop.Mlp(random, () => new Tanh(), 1, 32, 8 + 8 + 8 + 1);
        var x = Tensor.Linspace(-1, 1, 32).Reshape(1, 32, 1);
        Tensor Predict(Tensor task)
        {
            var parts = hyper.Forward(task).Split([8, 8, 8, 1], axis: 1);
            var hidden = (x.MatMul(parts[0].Unsqueeze(1)) + parts[1].Unsqueeze(1)).Tanh();
            return hidden.MatMul(parts[2].Unsqueeze(2)) + parts[3].Unsqueeze(2);
        }
        Tensor Truth(Tensor task) => (3 * task.Unsqueeze(2) * x).Sin();

        Loop.Fit(new Adam(hyper.Parameters(), 1e-2), 300, () =>
        {
            var tasks = Tensor.Rand([16, 1], generator: random);
            return Loss.Mse(Predict(tasks), Truth(tasks));
        });
        using var off = Autograd.NoGrad();
        var unseen = Tensor.Linspace(0.05, 0.95, 10).Unsqueeze(1);
        Assert.InRange(Loss.Mse(Predict(unseen), Truth(unseen)).Item(), 0, 0.01f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_student_learns_from_a_teacher_whose_labels_it_never_sees(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Uniform([512, 2], -1, 1, generator: random);
        var labels = (x[.., 0] * x[.., 1] > 0).To(DType.Int64);
        var teacher = Loop.Mlp(random, () => new Relu(), 2, 64, 2);
        Loop.Fit(new Adam(teacher.Parameters(), 1e-2), 200, () => Loss.CrossEntropy(teacher.Forward(x), labels));
        teacher.Freeze();

        var student = Loop.Mlp(random, () => new Relu(), 2, 24, 2);
        const double temperature = 3;
        Loop.Fit(new Adam(student.Parameters(), 2e-2), 300, () => Loss.KlDivergence(
            (student.Forward(x) / temperature).LogSoftmax(1), (teacher.Forward(x) / temperature).Softmax(1)));
        float accuracy = student.Forward(x).ArgMax(1).Equal(labels).To(DType.Float32).Mean().Item();
        Assert.InRange(accuracy, 0.93f, 1f);
        Assert.All(teacher.Parameters(), p => Assert.Null(p.Grad));
    }
}
