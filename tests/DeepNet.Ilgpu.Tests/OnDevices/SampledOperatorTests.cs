using System.Reflection;
using DeepNet.Ops;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Every structured operator on its own samples, found by reflection as in DeepNet.Tests: value, gradient and the gradient of the gradient
/// on a device are those of the processor, whose own are checked there by finite differences.
/// </summary>
public class SampledOperatorTests
{
    public static TheoryData<string, string, DType> Rows
        => AllDevices.WithFloats(Types.SelectMany(t => Samples(t).Select(s => $"{t.Name}: {s.Name}")));

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Values_and_derivatives_are_those_of_the_processor(string device, string sample, DType dtype)
    {
        var (apply, inputs) = Find(sample);
        var expected = Results(apply, inputs, dtype, Device.Cpu);
        var actual = Results(apply, inputs, dtype, Device.Parse(device));
        for (int i = 0; i < expected.Count; i++)
            Same.Check(expected[i].What, expected[i].Tensor, actual[i].Tensor, i == 0 ? Same.Tolerance(dtype) : 4 * Same.Tolerance(dtype));
    }

    private static List<(string What, Tensor Tensor)> Results(Func<Tensor[], Tensor> apply, Tensor[] inputs, DType dtype, Device device)
    {
        var here = inputs.Select(x => x.Detach().To(dtype).To(device).Clone().WithGrad()).ToArray();
        var y = apply(here);
        Assert.Same(device, y.Device);
        var results = new List<(string, Tensor)> { ("value", y) };
        if (y.Node is null) return results;
        // Weights, so that no symmetry hides a mistake, and squares, so that there is a second derivative.
        var weights = Sample.Values([.. y.Shape.Axes]).To(dtype).To(device);
        (y.Square() * weights).Sum().Backward(createGraph: true);
        var gradients = here.Select(x => x.Grad!).ToArray();
        for (int i = 0; i < here.Length; i++)
        {
            results.Add(($"gradient of input {i}", gradients[i].Detach().Clone()));
            here[i].Grad = null;
        }
        var sum = gradients.Select(g => g.Square().Sum()).Aggregate((a, b) => a + b);
        if (sum.Node is null) return results;
        sum.Backward();
        for (int i = 0; i < here.Length; i++)
            if ((here[i].SparseGrad?.ToDense() ?? here[i].Grad) is { } second) results.Add(($"second derivative by input {i}", second));
        return results;
    }

    private static IEnumerable<Type> Types => typeof(ISampled).Assembly.GetTypes()
        .Where(t => typeof(ISampled).IsAssignableFrom(t) && !t.IsAbstract && !t.IsGenericTypeDefinition)
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    private static IEnumerable<Sample> Samples(Type type)
        => (IEnumerable<Sample>)type.GetProperty(nameof(ISampled.Samples), BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    private static (Func<Tensor[], Tensor> Apply, Tensor[] Inputs) Find(string name)
    {
        string[] parts = name.Split(": ", 2);
        var sample = Samples(Types.Single(t => t.Name == parts[0])).Single(s => s.Name == parts[1]);
        return (sample.Apply, sample.Inputs);
    }
}
