using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Every optimizer that PyTorch has too, over 50 steps.</summary>
public class OptimizerGoldenTests
{
    private static readonly Dictionary<string, Func<Parameter[], Optimizer>> Makers = new()
    {
        ["sgd"] = p => new Sgd(p, 0.1),
        ["sgd decay"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.1, WeightDecay = 0.05 }),
        ["sgd momentum"] = p => new Sgd(p, 0.05, 0.9),
        ["sgd momentum decay"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.05, Momentum = 0.9, WeightDecay = 0.01 }),
        ["sgd dampening"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.05, Momentum = 0.8, Dampening = 0.3 }),
        ["sgd nesterov"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.02, Momentum = 0.9, WeightDecay = 0.01, Nesterov = true }),
        ["sgd groups"] = p => new Sgd(Groups(p, 0.01, 0.5, 0.1), new() { LearningRate = 0.05, Momentum = 0.9 }),
        ["sgd maximize"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.001, Momentum = 0.9, WeightDecay = 0.1 }) { Maximize = true },
        ["adagrad"] = p => new AdaGrad(p, 0.1),
        ["adagrad options"] = p
            => new AdaGrad(p, new AdaGradOptions { LearningRate = 0.1, LearningRateDecay = 0.01, WeightDecay = 0.02, InitialSum = 0.5 }),
        ["rmsprop"] = p => new RmsProp(p, 0.01),
        ["rmsprop decay"] = p => new RmsProp(p, new RmsPropOptions { LearningRate = 0.01, Alpha = 0.9, WeightDecay = 0.05 }),
        ["rmsprop momentum"] = p => new RmsProp(p, new RmsPropOptions { LearningRate = 0.01, Momentum = 0.9 }),
        ["rmsprop centered"] = p => new RmsProp(p, new RmsPropOptions { LearningRate = 0.01, Alpha = 0.95, Centered = true }),
        ["rmsprop centered momentum"] = p
            => new RmsProp(
                p, new RmsPropOptions { LearningRate = 0.003, Alpha = 0.95, WeightDecay = 0.01, Momentum = 0.8, Centered = true }),
        ["adam"] = p => new Adam(p, 0.01),
        ["adam decay"] = p
            => new Adam(p, new AdamOptions { LearningRate = 0.05, Beta1 = 0.8, Beta2 = 0.99, Epsilon = 1e-6, WeightDecay = 0.1 }),
        ["adam amsgrad"] = p => new Adam(p, new AdamOptions { LearningRate = 0.05, Beta1 = 0.9, Beta2 = 0.9, Amsgrad = true }),
        ["adam groups"] = p => new Adam(Groups(p, 0.002, 0.5, 0.2), new() { LearningRate = 0.02 }),
        ["adam maximize"] = p => new Adam(p, 0.01) { Maximize = true },
        ["adamw"] = p => new AdamW(p, new AdamWOptions { LearningRate = 0.02, WeightDecay = 0.1 }),
        ["adamw amsgrad"] = p
            => new AdamW(p, new AdamWOptions { LearningRate = 0.02, Beta1 = 0.9, Beta2 = 0.9, WeightDecay = 0.1, Amsgrad = true }),
        ["adamw groups"] = p => new AdamW(Groups(p, 0.005, null, 0), new() { LearningRate = 0.02, WeightDecay = 0.3 }),
        ["nadam"] = p => new NAdam(p, 0.02),
        ["nadam decay"] = p
            => new NAdam(p, new NAdamOptions { LearningRate = 0.02, Beta1 = 0.85, Beta2 = 0.99, WeightDecay = 0.1, MomentumDecay = 0.01 }),
        ["radam"] = p => new RAdam(p, 0.02),
        ["radam decay"] = p => new RAdam(p, new RAdamOptions { LearningRate = 0.02, Beta1 = 0.85, Beta2 = 0.99, WeightDecay = 0.1 }),
        ["adamax"] = p => new Adamax(p, 0.02),
        ["adamax decay"] = p => new Adamax(p, new AdamaxOptions { LearningRate = 0.02, Beta1 = 0.8, Beta2 = 0.95, WeightDecay = 0.1 }),
        ["adadelta"] = p => new AdaDelta(p, 1),
        ["adadelta decay"] = p => new AdaDelta(p, new AdaDeltaOptions { LearningRate = 0.5, Rho = 0.8, Epsilon = 1e-4, WeightDecay = 0.1 }),
    };

    private static readonly int[] Shown = [1, 7, 50];

    private static ParameterGroup[] Groups(Parameter[] p, double rate, double? momentum, double decay)
        => [new([p[0]]), new([p[1]], rate, momentum) { WeightDecay = decay }];

    public static TheoryData<string> Cases => [.. Makers.Keys];

    public static TheoryData<string> SkippingCases => [.. Problem.Golden("skipping").EnumerateObject().Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_in_float64(string name) => Compare(name, DType.Float64, 1e-9, skip: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_in_float32(string name) => Compare(name, DType.Float32, 1e-5, skip: false);

    [Theory]
    [MemberData(nameof(SkippingCases))]
    public void Parameters_without_gradient_keep_their_own_count(string name) => Compare(name, DType.Float64, 1e-9, skip: true);

    [Fact]
    public void All_golden_cases_are_run()
        => Assert.Equal(
            Problem.Golden("optimizers").EnumerateObject().Select(o => o.Name.Split(" float")[0]).Distinct().Order(), Makers.Keys.Order());

    private static void Compare(string name, DType dtype, double tolerance, bool skip)
    {
        var golden = skip
            ? Problem.Golden("skipping").GetProperty(name)
            : Problem.Golden("optimizers").GetProperty($"{name} {dtype.Name()}");
        var problem = new Problem(dtype);
        var optimizer = Makers[name](problem.Parameters);
        int row = 0;
        for (int t = 1; t <= 50; t++)
        {
            problem.Gradients(t);
            if (skip && t % 3 == 1) problem.Parameters[1].Grad = null;
            optimizer.Step();
            if (Shown.Contains(t))
                Problem.AssertClose([.. golden[row++].EnumerateArray().Select(x => x.GetDouble())], problem.Values, tolerance, $"step {t}");
        }
    }
}
