using System.Reflection;
using Module = DeepNet.Nn.Module;
using DeepNet.Onnx.Tests.Support;
using DeepNet.Ops;

namespace DeepNet.Onnx.Tests.Export;

/// <summary>Every formula of one or two operands, found by reflection, written at its own points and read again.</summary>
public class FormulaTests
{
    public static TheoryData<string> Names => [.. Formulas().Select(type => type.Name)];

    private static IEnumerable<Type> Formulas() => typeof(Relu).Assembly.GetTypes()
        .Where(type => type is { IsValueType: true, IsGenericTypeDefinition: false, Namespace: "DeepNet.Ops" })
        .Where(type => type.GetInterfaces().Any(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IUnaryOp<>)
            || i.GetGenericTypeDefinition() == typeof(IBinaryOp<>)) && i.GenericTypeArguments[0] == type));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_formula_comes_back_as_it_was(string name)
    {
        var type = Formulas().Single(type => type.Name == name);
        bool isUnary = type.GetInterfaces().Any(
            i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IUnaryOp<>) && i.GenericTypeArguments[0] == type);
        GetType().GetMethod(isUnary ? nameof(One) : nameof(Two), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(
            type).Invoke(null, null);
    }

    private static void One<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        double[] points = [.. TOp.Points.ToArray(), .. TOp.Points.ToArray()];
        foreach (var op in TOp.Samples.ToArray())
            Check(new Wrapped(x => x.Apply(op)), Tensor.From<double>(points, new Shape(2, points.Length / 2)).To(DType.Float32));
    }

    private static void Two<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        double[] points = [.. TOp.Points.ToArray().Select(p => p.A), .. TOp.Points.ToArray().Select(p => p.B)];
        foreach (var op in TOp.Samples.ToArray())
            Check(new Wrapped(x => x.Select(1, 0).Apply(op, x.Select(1, 1))),
                Tensor.Stack([Tensor.From<double>(points, new Shape(2, points.Length / 2)),
                    Tensor.From<double>(points, new Shape(2, points.Length / 2))])
                .To(DType.Float32));
    }

    private static void Check(Module module, Tensor x)
    {
        var imported = RoundTrip.Import(RoundTrip.Export(module, null, x));
        RoundTrip.Same(module.Forward(x), imported.Forward(x), 2e-5);
    }

    private sealed class Wrapped(Func<Tensor, Tensor> compute) : Module
    {
        public override Tensor Forward(Tensor x) => compute(x);
    }
}
