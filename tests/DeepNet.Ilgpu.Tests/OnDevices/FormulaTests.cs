using DeepNet.Ops;
using DeepNet.Tests.Formulas;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Every formula, found by reflection, on devices: special values, integers, rows and columns, and both gradients.</summary>
public class FormulaTests
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];

    [ThreadStatic] private static Device? device;
    [ThreadStatic] private static DType dtype;

    public static TheoryData<string, Type, DType> UnaryRows => AllDevices.WithFloats(Operators.Unary.Select(row => (Type)row[0]));

    public static TheoryData<string, Type, DType> BinaryRows => AllDevices.WithFloats(Operators.Binary.Select(row => (Type)row[0]));

    [DeviceTheory]
    [MemberData(nameof(UnaryRows))]
    public void Unary_formulas(string on, Type op, DType type)
    {
        (device, dtype) = (Device.Parse(on), type);
        Operators.Call(typeof(FormulaTests), nameof(CheckUnary), op);
    }

    [DeviceTheory]
    [MemberData(nameof(BinaryRows))]
    public void Binary_formulas(string on, Type op, DType type)
    {
        (device, dtype) = (Device.Parse(on), type);
        Operators.Call(typeof(FormulaTests), nameof(CheckBinary), op);
    }

    private static void CheckUnary<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        foreach (var op in TOp.Samples)
        {
            var x = Tensor.From<double>([.. TOp.Points, .. Special]).To(dtype);
            Check($"{dtype.Name()}", y => y[0].Apply(op), dtype, !TOp.IsPredicate, x);
            if (typeof(TOp).IsGenericType) return;
            if (dtype == DType.Float64) continue;
            foreach (var whole in new[] { DType.Int32, DType.Int64 })
                Check($"{whole.Name()}", y => y[0].Apply(op), DType.Float32, false, Tensor.From<long>([-7, -1, 0, 1, 2, 5]).To(whole));
        }
    }

    private static void CheckBinary<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        double[] left = [.. TOp.Points.ToArray().Select(p => p.A), .. Special],
            right = [.. TOp.Points.ToArray().Select(p => p.B), .. Special.Reverse()];
        Tensor a = Tensor.From<double>(left).To(dtype), b = Tensor.From<double>(right).To(dtype);
        Check($"{dtype.Name()}", x => x[0].Apply(default(TOp), x[1]), dtype, !TOp.IsPredicate, a, b);
        if (dtype == DType.Float64) return;
        var rows = Tensor.Stack([a, a, a]);
        Check("a row for all rows", x => x[0].Apply(default(TOp), x[1]), dtype, !TOp.IsPredicate, rows, b);
        Check("a column for all columns", x => x[0].T.Apply(default(TOp), x[1].Unsqueeze(1)), dtype, false, rows, b);
        foreach (var whole in new[] { DType.Int32, DType.Int64 })
            Check(
                $"{whole.Name()}", x
                    => x[0].Apply(default(TOp), x[1]), DType.Float32, false, Tensor.From<long>([-7, -1, 0, 1, 2, 5]).To(whole),
                        Tensor.From<long>([3, -2, 1, 4, -1, 2]).To(whole));
    }

    private static void Check(string what, Func<Tensor[], Tensor> apply, DType dtype, bool differentiates, params Tensor[] inputs)
    {
        var expected = Results(apply, inputs, Device.Cpu, differentiates);
        var actual = Results(apply, inputs, device!, differentiates);
        for (int i = 0; i < expected.Length; i++)
            Same.Check($"{what}, {(i == 0 ? "value" : $"gradient {i - 1}")}", expected[i], actual[i], Same.Tolerance(dtype));
    }

    private static Tensor[] Results(Func<Tensor[], Tensor> apply, Tensor[] inputs, Device device, bool differentiates)
    {
        var here = inputs.Select(x => differentiates ? x.To(device).Clone().WithGrad() : x.To(device)).ToArray();
        var y = apply(here);
        if (!differentiates) return [y];
        y.Backward(Tensor.Full(y.Shape, 0.75, y.DType, device));
        return [y, .. here.Select(x => x.Grad!)];
    }
}
