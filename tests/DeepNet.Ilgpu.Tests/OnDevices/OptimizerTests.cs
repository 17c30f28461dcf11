using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Optimizers whose step is more than a formula of each element, beside the processor's; and a state that moves from one to the other.
/// </summary>
public class OptimizerTests
{
    private const int Steps = 12;

    public static TheoryData<string, string> Rows
        => AllDevices.With(["lamb", "adafactor", "muon", "lookahead", "sam", "sam adaptive", "schedule free"]);

    private static Optimizer Make(string kind, Parameter[] p) => kind switch
    {
        "lamb" => new Lamb(p, 0.02) { ClipNorm = 1 },
        "adafactor" => new Adafactor(p, 0.05),
        "muon" => new Muon(p, 0.02) { L1 = 1e-3, DecoupledDecay = false },
        "lookahead" => new Lookahead(new Adam(p, 0.02), 3),
        "sam" => new Sam(new Sgd(p, 0.05, 0.9), 0.1),
        "sam adaptive" => new Sam(new Adam(p, 0.02), 0.5, adaptive: true),
        _ => new ScheduleFreeAdamW(p, 0.02),
    };

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Follow_the_processor(string device, string kind)
    {
        var there = Device.Parse(device);
        Parameter[] own = Parameters(Device.Cpu), others = Parameters(there), moved = Parameters(Device.Cpu);
        Optimizer first = Make(kind, own), second = Make(kind, others), third = Make(kind, moved);
        Train(first, own, 0, Steps);
        Train(second, others, 0, Steps);
        for (int k = 0; k < own.Length; k++) Same.Check($"parameter {k}", own[k].Value, others[k].Value, 1e-4);

        Train(third, moved, 0, Steps / 2);
        foreach (var parameter in moved) parameter.Replace(parameter.Value.Detach().To(there));
        Train(third, moved, Steps / 2, Steps);
        for (int k = 0; k < own.Length; k++) Same.Check($"parameter {k}, moved", own[k].Value, moved[k].Value, 1e-4);
        if (second is not ScheduleFreeAdamW free) return;
        ((ScheduleFreeAdamW)first).Eval();
        free.Eval();
        Same.Check("the mean", own[0].Value, others[0].Value, 1e-4);
    }

    private static Parameter[] Parameters(Device device) => [.. new Shape[] { new(12, 7), new(9), new(3, 4, 5) }.Select((shape, k)
        => new Parameter(Tensor.Randn(shape, generator: new Generator((ulong)k + 1)).To(device)))];

    private static void Train(Optimizer optimizer, Parameter[] parameters, int from, int to)
    {
        for (int t = from; t < to; t++)
        {
            optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                var loss = parameters.Select((p, k) => (p.Value * (1 + 0.1 * k) - 0.5).Sin().Square().Mean()).Aggregate((a, b) => a + b);
                loss.Backward();
                return loss;
            });
        }
    }
}
