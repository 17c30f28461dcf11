using System.Collections;
using System.Reflection;

namespace DeepNet.BitRecord.Cases;

/// <summary>Every structured operator, found by reflection, on its own samples; and the gradients of its gradients.</summary>
internal static class OperatorCases
{
    public static void Record(Recorder recorder)
    {
        var types = typeof(Tensor).Assembly.GetTypes()
            .Where(t => t.GetInterfaces().Any(i => i.Name == "ISampled") && !t.IsAbstract && !t.IsGenericTypeDefinition)
            .OrderBy(t => t.Name, StringComparer.Ordinal);
        foreach (var type in types)
            foreach (object sample in (IEnumerable)type.GetProperty("Samples", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!)
            {
                var apply = (Func<Tensor[], Tensor>)Get(sample, "Apply");
                var inputs = (Tensor[])Get(sample, "Inputs");
                string name = $"{type.Name} {Get(sample, "Name")}";
                foreach (var dtype in Values.Floats)
                {
                    recorder.Run($"{name}, {dtype}", apply, [.. inputs.Select(x => x.To(dtype))]);
                    recorder.Run($"{name}, {dtype}, strided", apply, [.. inputs.Select(x => Values.Strided(x.To(dtype)))]);
                    string second = $"{name}, {dtype}, second";
                    recorder.Try(second, () => Second(recorder, second, apply, [.. inputs.Select(x => x.To(dtype))]));
                }
            }
    }

    private static void Second(Recorder recorder, string name, Func<Tensor[], Tensor> apply, Tensor[] inputs)
    {
        Tensor[] x = [.. inputs.Select(input => input.Detach().WithGrad())];
        var y = apply(x);
        if (!y.RequiresGrad) return;
        y.Backward(Values.Of(y.Shape, y.DType, seed: 99), createGraph: true);
        Tensor[] first = [.. x.Select(leaf => leaf.Grad).OfType<Tensor>()];
        foreach (var leaf in x) leaf.Grad = null;
        foreach (var gradient in first)
            if (gradient.RequiresGrad) gradient.Backward(Values.Of(gradient.Shape, gradient.DType, seed: 98), retainGraph: true);
        recorder.AddGradients(name, x);
    }

    private static object Get(object sample, string property) => sample.GetType().GetProperty(property)!.GetValue(sample)!;
}
