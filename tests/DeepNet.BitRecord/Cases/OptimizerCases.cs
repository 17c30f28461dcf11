using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.BitRecord.Cases;

/// <summary>Some steps of every optimizer, with each setting that changes the kernel.</summary>
internal static class OptimizerCases
{
    private static readonly (string Name, Func<Parameter[], Optimizer> Make)[] Optimizers =
    [
        ("SGD", p => new Sgd(p, 0.1)),
        ("SGD with momentum", p => new Sgd(p, 0.1, 0.9)),
        ("SGD with Nesterov momentum", p => new Sgd(p, new SgdOptions { LearningRate = 0.1, Momentum = 0.9, Nesterov = true })),
        ("Adam", p => new Adam(p, 0.01)),
        ("AMSGrad", p => new Adam(p, new AdamOptions { LearningRate = 0.01, Amsgrad = true })),
        ("AdamW", p => new AdamW(p, 0.01)),
        ("Adamax", p => new Adamax(p, 0.01)),
        ("NAdam", p => new NAdam(p, 0.01)),
        ("RAdam", p => new RAdam(p, 0.01)),
        ("Lion", p => new Lion(p, 0.01)),
        ("AdaGrad", p => new AdaGrad(p, 0.01)),
        ("AdaDelta", p => new AdaDelta(p, 0.5)),
        ("RMSProp", p => new RmsProp(p, 0.01)),
        ("RMSProp with momentum", p => new RmsProp(p, new RmsPropOptions { LearningRate = 0.01, Momentum = 0.9 })),
        ("centered RMSProp", p => new RmsProp(p, new RmsPropOptions { LearningRate = 0.01, Centered = true })),
    ];

    private static readonly (string Name, Action<Optimizer> Set)[] Settings =
    [
        ("plain", _ => { }),
        ("weight decay", o => o.WeightDecay = 0.1),
        ("decoupled decay", o => (o.WeightDecay, o.DecoupledDecay) = (0.1, true)),
        ("L1", o => o.L1 = 0.01),
        ("proximal L1", o => (o.L1, o.ProximalL1) = (0.01, true)),
        ("clipped norm", o => o.ClipNorm = 0.5),
        ("clipped values", o => o.ClipValue = 0.3),
        ("maximized", o => o.Maximize = true),
    ];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.Floats)
        {
            foreach (var (name, make) in Optimizers)
                foreach (var (setting, set) in Settings)
                    recorder.Try($"{name}, {setting}, {dtype}", () => Train(recorder, $"{name}, {setting}, {dtype}", make, set, dtype));
            recorder.Try($"L-BFGS, {dtype}", () => Search(recorder, $"L-BFGS, {dtype}", dtype));
            recorder.Try($"sparse Adam, {dtype}", () => TrainTable(recorder, $"sparse Adam, {dtype}", p => new SparseAdam(p, 0.01), dtype));
            recorder.Try($"sparse SGD, {dtype}", () => TrainTable(recorder, $"sparse SGD, {dtype}", p => new Sgd(p, 0.1), dtype));
        }
        recorder.Try("average", () => Average(recorder));
    }

    private static Parameter[] Parameters(DType dtype, params int[] sizes)
        => [.. sizes.Select(size => new Parameter(Values.Of(dtype, size)))];

    private static void Train(Recorder recorder, string name, Func<Parameter[], Optimizer> make, Action<Optimizer> set, DType dtype)
    {
        var parameters = Parameters(dtype, 1, 7, 33, 1000, 40_001);
        var optimizer = make(parameters);
        set(optimizer);
        for (int step = 0; step < 7; step++)
        {
            foreach (var parameter in parameters) parameter.Grad = Values.Of(parameter.Shape, dtype, seed: 20 + step);
            optimizer.Step();
        }
        recorder.Add(name, parameters.Select(p => p.Value));
        recorder.Add($"{name}, state", optimizer.SaveState().Tensors.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value));
    }

    private static void Search(Recorder recorder, string name, DType dtype)
    {
        var parameters = Parameters(dtype, 5, 33);
        var optimizer = new Lbfgs(parameters);
        for (int step = 0; step < 3; step++)
            optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                var loss = (parameters[0].Value.Square() - 1).Square().Sum() + ((Tensor)parameters[1]).Cosh().Sum();
                loss.Backward();
                return loss;
            });
        recorder.Add(name, parameters.Select(p => p.Value));
    }

    private static void TrainTable(Recorder recorder, string name, Func<Parameter[], Optimizer> make, DType dtype)
    {
        var table = new Parameter(Values.Of(dtype, 301, 17));
        var optimizer = make([table]);
        for (int step = 0; step < 5; step++)
        {
            optimizer.ZeroGrad();
            Tensor.Embedding(table, Values.Indices(301 - step, 40), sparse: true).Square().Sum().Backward();
            optimizer.Step();
        }
        recorder.Add(name, table.Value);
    }

    private static void Average(Recorder recorder)
    {
        var parameters = Parameters(DType.Float32, 7, 1000);
        var average = new ExponentialAverage(parameters, 0.9);
        var optimizer = new Adam(parameters, 0.01);
        for (int step = 0; step < 5; step++)
        {
            foreach (var parameter in parameters) parameter.Grad = Values.Of(parameter.Shape, DType.Float32, seed: 20 + step);
            optimizer.Step();
            average.Update();
        }
        average.Swap();
        recorder.Add("average", parameters.Select(p => p.Value));
    }
}
