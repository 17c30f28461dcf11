using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>A small network learns a function of two numbers from noise-free examples, from three starts.</summary>
public class ConvergenceTests
{
    private const int Steps = 400;

    public static TheoryData<string, ulong> Cases
    {
        get
        {
            var cases = new TheoryData<string, ulong>();
            foreach (string kind in new[] { "muon", "adafactor", "lamb", "lookahead", "sam", "schedule free" })
                foreach (ulong seed in new ulong[] { 1, 2, 3 }) cases.Add(kind, seed);
            return cases;
        }
    }

    private static Optimizer Make(string kind, IEnumerable<Parameter> p) => kind switch
    {
        "muon" => new Muon(p, new MuonOptions { LearningRate = 0.02, WeightDecay = 0 }),
        "adafactor" => new Adafactor(p, 0.05),
        "lamb" => new Lamb(p, 0.02),
        "lookahead" => new Lookahead(new Adam(p, 0.01)),
        "sam" => new Sam(new Adam(p, 0.01), 0.01),
        _ => new ScheduleFreeAdamW(p, 0.02),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_error_falls_to_a_hundredth(string kind, ulong seed)
    {
        var random = new Generator(seed);
        var x = Tensor.Uniform(new Shape(128, 2), -1.5, 1.5, generator: random);
        var y = (x[.., 0] * 2).Sin() * x[.., 1] + x[.., 1].Square() / 2;
        var model = new Sequential(new Linear(2, 24, generator: random), new Tanh(), new Linear(24, 1, generator: random));
        var optimizer = Make(kind, model.Parameters());
        var schedule = kind is "adafactor" or "lamb" ? new Schedule(optimizer, new PolynomialDecay(Steps)) : null;
        double first = 0;
        for (int i = 0; i < Steps; i++)
        {
            double loss = (double)optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                var error = Loss.Mse(model.Forward(x).Squeeze(1), y);
                error.Backward();
                return error;
            });
            schedule?.Step();
            if (i == 0) first = loss;
        }
        (optimizer as ScheduleFreeAdamW)?.Eval();
        double last = (double)Loss.Mse(model.Forward(x).Squeeze(1), y);
        Assert.True(last < first / 100, $"from {first} to {last}");
    }
}
