using System.Reflection;
using DeepNet.Onnx.Tests.Export;
using DeepNet.Ops;
using Microsoft.ML.OnnxRuntime;
using Module = DeepNet.Nn.Module;

namespace DeepNet.Onnx.RuntimeTests;

/// <summary>Exported models, run by ONNX Runtime at two batch sizes.</summary>
internal static class Exported
{
    private const double Tolerance = 1e-5;

    public static int Layers()
    {
        var table = new Table();
        foreach (var (name, make) in LayerCases.All)
        {
            var (module, example) = make();
            foreach (int opset in new[] { 18, 21 })
                table.Add($"{name}, opset {opset}", () => Compare(module, example, LayerCases.IsOpen(name), opset));
        }
        return table.Print();
    }

    public static int Operators()
    {
        var table = new Table();
        foreach (var type in typeof(Relu).Assembly.GetTypes().Where(type => type is { IsInterface: false, IsGenericTypeDefinition: false }
            && type.GetInterfaces().Any(i => i.Name == "ISampled")).OrderBy(type => type.Name))
        {
            var samples = (IEnumerable<Sample>)type.GetProperty("Samples", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            foreach (var sample in samples)
                table.Add($"{type.Name}: {sample.Name}", () => Compare(sample));
        }
        return table.Print();
    }

    public static int Models(bool isWhole)
    {
        var table = new Table();
        foreach (var (name, make) in isWhole ? ModelCases.Whole : ModelCases.Small) table.Add(name, () => Compare(make()));
        return table.Print();
    }

    private static double Compare(ModelCase model)
    {
        using var scope = Memory.Scope();
        using var stream = new MemoryStream();
        OnnxExport.Save(model.Module, stream, model.Options, model.Examples);
        using var runtime = new Runtime(stream.ToArray());
        model.Module.Eval();
        using var noGrad = Autograd.NoGrad();
        double worst = 0;
        foreach (var inputs in model.Inputs())
        {
            var named = inputs.Index().ToDictionary(pair => inputs.Length == 1 ? "input" : $"input{pair.Index}", pair => pair.Item);
            foreach (var (expected, got) in model.Run(inputs).Zip(runtime.Run(named))) worst = Math.Max(worst, Distance(expected, got));
        }
        return worst;
    }

    private static double Compare(Module module, Tensor example, bool isOpen, int opset)
    {
        using var stream = new MemoryStream();
        OnnxExport.Save(module, stream, new OnnxExportOptions { Opset = opset, SymbolicAxes = isOpen ? null : [] }, example);
        using var runtime = new Runtime(stream.ToArray());
        module.Eval();
        using var noGrad = Autograd.NoGrad();
        double worst = 0;
        Tensor[] inputs = isOpen ? [example, Tensor.Cat([example, example, example], 0)] : [example];
        foreach (var x in inputs) worst = Math.Max(
            worst, Distance(module.Forward(x), runtime.Run(new Dictionary<string, Tensor> { ["input"] = x })[0]));
        return worst;
    }

    private static double Compare(Sample sample)
    {
        Tensor[] inputs = [.. sample.Inputs.Select(x => x.To(DType.Float32).Detach())];
        string[] names = [.. inputs.Select((_, i) => $"x{i}")];
        using var stream = new MemoryStream();
        var options = new OnnxExportOptions { SymbolicAxes = [], InputNames = names, Forward = x => [sample.Apply(x)] };
        OnnxExport.Save(new Nothing(), stream, options, inputs);
        using var runtime = new Runtime(stream.ToArray());
        using var noGrad = Autograd.NoGrad();
        return Distance(sample.Apply(inputs), runtime.Run(names.Zip(inputs).ToDictionary(pair => pair.First, pair => pair.Second))[0]);
    }

    /// <summary>The largest difference, relative beyond 1.</summary>
    public static double Distance(Tensor expected, Tensor got)
    {
        if (!expected.Shape.Equals(got.Shape)) throw new InvalidDataException($"shape {got.Shape} instead of {expected.Shape}");
        double[] a = expected.ToArray<double>(), b = got.ToArray<double>();
        double worst = 0;
        for (int i = 0; i < a.Length; i++)
            if (!a[i].Equals(b[i]) && a[i] != b[i]) worst = Math.Max(
                worst, double.IsNaN(a[i] - b[i]) ? double.PositiveInfinity : Math.Abs(a[i] - b[i]) / (1 + Math.Abs(a[i])));
        return worst;
    }

    private sealed class Nothing : Module
    {
        public override Tensor Forward(Tensor x) => x;
    }

    private sealed class Table
    {
        private int agreed, refused, wrong;
        private double worst;

        public void Add(string name, Func<double> compare)
        {
            string what;
            try
            {
                double distance = compare();
                worst = Math.Max(worst, distance);
                if (distance <= Tolerance) agreed++;
                else wrong++;
                what = distance <= Tolerance ? "" : $"differs by {distance:G2}";
            }
            catch (Exception e) when (e is NotSupportedException or ArgumentException)
            {
                refused++;
                what = $"refused: {e.Message}";
            }
            catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException or NullReferenceException)
            {
                wrong++;
                what = $"WRONG {e.Message}";
            }
            if (what.Length > 0) Console.WriteLine($"{name}: {what.ReplaceLineEndings(" ")}");
        }

        public int Print()
        {
            Console.WriteLine(
                $"{agreed} agree within {Tolerance}, {refused} refused, {wrong} differ; the largest difference is {worst:G2}");
            return wrong == 0 ? 0 : 1;
        }
    }
}
