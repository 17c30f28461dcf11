using System.Runtime.CompilerServices;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Data.Tests.Made;

public class SyntheticDataTests
{
    private static string DigitsFolder([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "data", "digits"));

    public static TheoryData<string> Names => [.. Sets.Keys];

    private static readonly Dictionary<string, Func<ulong, IDataset>> Sets = new()
    {
        ["blobs"] = seed => SyntheticData.Blobs(seed: seed),
        ["moons"] = seed => SyntheticData.Moons(seed: seed),
        ["spirals"] = seed => SyntheticData.Spirals(seed: seed),
        ["regression"] = seed => SyntheticData.Regression(50, [1, 2], seed: seed),
        ["curve"] = seed => SyntheticData.Curve(50, Math.Sin, seed: seed),
        ["digits"] = seed => SyntheticData.Digits(20, seed),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_decide(string name)
    {
        float[] Made(ulong seed) => Sets[name](seed).All().X.ToArray();
        Assert.Equal(Made(3), Made(3));
        Assert.NotEqual(Made(3), Made(4));
        Assert.All(Made(3), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Shapes_are_as_described()
    {
        var blobs = SyntheticData.Blobs(31, classes: 4, features: 3);
        Assert.Equal((new Shape(31, 3), new Shape(31)), (blobs.X.Shape, blobs.Y.Shape));
        Assert.Equal([8, 8, 8, 7], [.. Enumerable.Range(0, 4).Select(c => blobs.Labels.Count(l => l == c))]);
        Assert.Equal(0, SyntheticData.Moons(0).Count);
    }

    [Fact]
    public void Moons_lie_on_their_circles()
    {
        var moons = SyntheticData.Moons(200, noise: 0);
        for (int i = 0; i < 200; i++)
        {
            float[] p = moons.X[i].ToArray();
            var (x, y) = moons.Labels[i] == 0 ? (p[0], p[1]) : (1 - p[0], 0.5f - p[1]);
            Assert.Equal(1, Math.Sqrt(x * x + y * y), 1e-6);
            Assert.True(y >= 0);
        }
    }

    [Fact]
    public void Regression_has_the_coefficients_it_was_given()
    {
        var data = SyntheticData.Regression(500, [2, -3], intercept: 1, noise: 0);
        var expected = data.X.MatMul(Tensor.From<float>([2, -3], new Shape(2, 1))) + 1;
        Assert.True((data.Y - expected).Abs().Max().Item() < 1e-5);
    }

    [Fact]
    public void The_digits_under_data_are_what_the_generator_makes()
    {
        foreach (var (train, count, seed) in new[] { (true, 8000, 1ul), (false, 2000, 2ul) })
        {
            var stored = Mnist.Load(DigitsFolder(), train);
            var made = SyntheticData.Digits(300, seed);
            Assert.Equal(count, stored.Count);
            Assert.Equal(made.Labels, stored.Labels.Take(300));
            for (int i = 0; i < 300; i++)
                for (int p = 0; p < 784; p++)                           // sines may differ in their last bit elsewhere, and so a grey level
                    Assert.InRange(Math.Abs(made.Image(i)[p] - stored.Image(i)[p]), 0, 17);
        }
        Assert.InRange(Directory.GetFiles(DigitsFolder()).Sum(file => new FileInfo(file).Length), 1, 2_000_000);
    }

    [Fact]
    public void The_digits_can_be_learnt()
    {
        var generator = new Generator(5);
        var model = new Sequential(
            new Flatten(), new Linear(784, 96, generator: generator), new Relu(), new Linear(96, 10, generator: generator));
        var optimizer = new Adam(model.Parameters(), learningRate: 2e-3f);
        var loader = new DataLoader(Mnist.Load(DigitsFolder(), train: true), 64, shuffle: true);
        for (int epoch = 0; epoch < 6; epoch++)
            foreach (var (x, y) in loader)
            {
                using var step = Memory.Scope();
                optimizer.ZeroGrad();
                Loss.CrossEntropy(model.Forward(x), y).Backward();
                optimizer.Step();
            }
        var (tx, ty) = Mnist.Load(DigitsFolder(), train: false).All();
        using var noGrad = Autograd.NoGrad();
        float accuracy = model.Forward(tx).ArgMax(1).Equal(ty).To(DType.Float32).Mean().Item();
        Assert.InRange(accuracy, 0.97f, 1);
    }
}
