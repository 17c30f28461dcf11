using System.Reflection;
using DeepNet.Ops;

namespace DeepNet.BitRecord.Cases;

/// <summary>Every elementwise formula, found by reflection, in all layouts and types, at its points and at special values.</summary>
internal static class FormulaCases
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];

    public static void Record(Recorder recorder)
    {
        foreach (var type in Find(typeof(IUnaryOp<>))) Call(nameof(Unary), type, recorder);
        foreach (var type in Find(typeof(IBinaryOp<>))) Call(nameof(Binary), type, recorder);
    }

    private static void Unary<TOp>(Recorder recorder) where TOp : unmanaged, IUnaryOp<TOp>
    {
        for (int s = 0; s < TOp.Samples.Length; s++)
        {
            var op = TOp.Samples[s];
            foreach (var dtype in Values.FloatsAndHalves)
                foreach (var (layout, x) in Layouts([.. TOp.Points, .. Special], dtype))
                    recorder.Run($"{typeof(TOp).Name} {s} {dtype} {layout}", t => t[0].Apply(op), x);
            foreach (var dtype in new[] { DType.Int32, DType.Int64, DType.Bool })
                recorder.Run($"{typeof(TOp).Name} {s} {dtype}", t => t[0].Apply(op), Repeated([-7, -1, 0, 1, 2, 5], 71).To(dtype));
        }
    }

    private static void Binary<TOp>(Recorder recorder) where TOp : unmanaged, IBinaryOp<TOp>
    {
        double[] left = [.. TOp.Points.ToArray().Select(p => p.A), .. Special];
        double[] right = [.. TOp.Points.ToArray().Select(p => p.B), .. Special.Reverse()];
        for (int s = 0; s < TOp.Samples.Length; s++)
        {
            var op = TOp.Samples[s];
            string name = $"{typeof(TOp).Name} {s}";
            foreach (var dtype in Values.FloatsAndHalves)
            {
                foreach (var ((layout, a), (_, b)) in Layouts(left, dtype).Zip(Layouts(right, dtype)))
                    recorder.Run($"{name} {dtype} {layout}", t => t[0].Apply(op, t[1]), a, b);
                var matrix = Repeated(left, 23 * 37).Reshape(23, 37).To(dtype);
                (string Name, Tensor Value)[] others =
                [
                    ("row", Repeated(right, 37).To(dtype)), ("column", Repeated(right, 23).Reshape(23, 1).To(dtype)),
                    ("scalar", Repeated(right, 1).Reshape().To(dtype)),
                ];
                foreach (var (other, value) in others)
                {
                    recorder.Run($"{name} {dtype} matrix and {other}", t => t[0].Apply(op, t[1]), matrix, value);
                    recorder.Run($"{name} {dtype} {other} and matrix", t => t[0].Apply(op, t[1]), value, matrix);
                }
            }
            foreach (var dtype in new[] { DType.Int32, DType.Int64 })
                recorder.Run($"{name} {dtype}", t => t[0].Apply(op, t[1]),
                    Repeated([-7, -1, 0, 1, 2, 5], 71).To(dtype), Repeated([3, -2, 1, 4, -1], 71).To(dtype));
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Layouts(double[] values, DType dtype)
    {
        foreach (int length in new[] { 1, 3, 8, 17, 33, 129 }) yield return ($"{length}", Repeated(values, length).To(dtype));
        if (dtype == DType.Float32) yield return ("33001", Repeated(values, 33001).To(dtype));
        yield return ("strided", Values.Strided(Repeated(values, 15 * 7).Reshape(15, 7).To(dtype)));
        yield return ("repeated", Repeated(values, 19).Reshape(19, 1).Expand(19, 6).To(dtype));
    }

    private static Tensor Repeated(double[] values, int length)
        => Tensor.From<double>([.. Enumerable.Range(0, length).Select(i => values[i % values.Length])]);

    private static IEnumerable<Type> Find(Type kind)
        => from type in typeof(Tensor).Assembly.GetTypes()
           where type.IsValueType && !type.IsGenericTypeDefinition && !type.IsNested
           where type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == kind)
           orderby type.Name
           select type;

    private static void Call(string method, Type type, Recorder recorder)
        => typeof(FormulaCases).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [recorder]);
}
