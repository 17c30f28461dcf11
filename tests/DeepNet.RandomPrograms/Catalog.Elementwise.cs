namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private static double Zero(double x) => Math.Abs(x);
    private static double Whole(double x) => Math.Abs(x - Math.Round(x));
    private static double Half(double x) => 0.5 - Whole(x);
    private static Func<double, double> At(params double[] kinks) => x => kinks.Min(k => Math.Abs(x - k));

    private void AddElementwise()
    {
        foreach (string name in (string[])["Atan", "Cos", "Erf", "Erfc", "Gelu", "GeluTanh", "LogSigmoid", "Mish", "NormalCdf", "Sigmoid",
            "Silu", "Sin", "Square", "Tanh", "Softsign", "Asinh"])
            Unary(name, -6, 6);
        foreach (string name in (string[])["Exp", "Expm1", "Cosh", "Sinh"]) Unary(name, -4, 4);
        foreach (string name in (string[])["Log", "Sqrt", "Rsqrt", "Reciprocal"]) Unary(name, 0.2, 6);
        foreach (string name in (string[])["Acos", "Asin", "Atanh"]) Unary(name, -0.9, 0.9);
        foreach (string name in (string[])["Abs", "Relu", "Sign", "Selu"]) Unary(name, -6, 6, Zero);
        foreach (string name in (string[])["Floor", "Ceil"]) Unary(name, -6, 6, Whole);
        Unary("Round", -6, 6, Half);
        Unary("Acosh", 1.2, 6);
        Unary("Log1p", -0.8, 6);
        foreach (string name in (string[])["LogGamma", "Digamma", "Trigamma"]) Unary(name, 0.4, 6);
        Add("Tensor.XLogY(Tensor)", d => d.Float() is var a ? [a, d.Partner(a, 0.2, 6)] : null);
        Add("Tensor.Lerp(Tensor, double)", d => d.Float() is var a ? [a, d.Partner(a), d.Real(-0.5, 1.5)] : null);
        Add("Tensor.Lerp(Tensor, Tensor)",
            d => d.Float() is var a && d.Partner(a) is var b && d.Partner(a, 0, 1) is var w && Choices.Broadcasts(b.Shape, w.Shape)
                && d.IsAway(w, Half) ? [a, b, w] : null);
        Unary("Tan", -1.2, 1.2);
        foreach (string name in (string[])["HardSigmoid", "HardSwish"]) Unary(name, -6, 6, At(-3, 3));
        foreach (string name in (string[])["IsFinite", "IsNaN", "IsInfinity"]) Unary(name, -6, 6);
        Add("Tensor.op_UnaryNegation(Tensor)", d => [d.Float()]);
        Add("Tensor.op_UnaryPlus(Tensor)", d => [d.Float()]);
        Add("Tensor.Elu(double)", d => Away(d, d.Float(), Zero, d.Real(0.5, 2)));
        Add("Tensor.LeakyRelu(double)", d => Away(d, d.Float(), Zero, d.Real(0.01, 0.5)));
        Add("Tensor.Softplus(double, double)", d => [d.Float(), d.Real(0.5, 2), 20.0]);
        Add("Tensor.Clamp(double, double)", d =>
        {
            double low = d.Real(-2, 0), high = d.Real(0.1, 2);
            return Away(d, d.Float(), At(low, high), low, high);
        });

        foreach (string name in (string[])["op_Addition", "op_Subtraction", "op_Multiply"])
        {
            Add($"Tensor.{name}(Tensor, Tensor)",
                d => d.Coin(0.15) && d.Bytes() is var x ? [x, d.Bytes([.. x.Shape])] : d.Float() is var a ? [a, Any(d, a)] : null);
            Add($"Tensor.{name}(Tensor, Scalar)", d => d.Coin(0.15) ? [d.Bytes(), d.Int(0, 5)] : [d.Float(), Number(d)]);
            Add($"Tensor.{name}(Scalar, Tensor)", d => [Number(d), d.Float()]);
        }
        Add("Tensor.op_Division(Tensor, Tensor)", d => d.Float() is var a ? [a, d.Partner(a, 0.3, 6)] : null);
        Add("Tensor.op_Division(Tensor, Scalar)", d => [d.Float(), d.Real(0.5, 3)]);
        Add("Tensor.op_Division(Scalar, Tensor)", d => [Number(d), d.Float(0.3, 6)]);
        Add("Tensor.Pow(Scalar)", d => [d.Float(0.3, 4), d.Coin() ? d.Int(-2, 3) : d.Real(-2, 3)]);
        Add("Tensor.Pow(Tensor)", d => d.Float(0.3, 3) is var a ? [a, d.Partner(a, -2, 2)] : null);
        Add("Tensor.Atan2(Tensor)", d => d.Float(0.2, 6) is var a ? [a, d.Partner(a, 0.2, 6)] : null);
        foreach (string name in (string[])["Maximum", "Minimum"])
        {
            Add($"Tensor.{name}(Tensor)", d => Apart(d, (a, b) => a - b));
            Add($"Tensor.{name}(Scalar)", d => d.Real(-2, 2) is var k ? Away(d, d.Float(), At(k), k) : null);
        }
        Add("Tensor.op_Modulus(Tensor, Tensor)", d => Quotient(d));
        Add("Tensor.FloorDivide(Tensor)", d => Quotient(d));
        Add("Tensor.op_Modulus(Tensor, Scalar)", d => d.Real(0.5, 2) is var k ? Away(d, d.Float(), x => Whole(x / k), k) : null);
        Add("Tensor.FloorDivide(Scalar)", d => d.Real(0.5, 2) is var k ? Away(d, d.Float(), x => Whole(x / k), k) : null);
        Add("Tensor.op_Modulus(Scalar, Tensor)",
            d => d.Real(0.5, 4) is var k && d.Float(0.4, 6) is var x && d.IsAway(x, v => Whole(k / v)) ? [k, x] : null);

        foreach (string name in (string[])["op_GreaterThan", "op_GreaterThanOrEqual", "op_LessThan", "op_LessThanOrEqual"])
        {
            Add($"Tensor.{name}(Tensor, Tensor)", d => Apart(d, (a, b) => a - b));
            Add($"Tensor.{name}(Tensor, Scalar)", d => d.Real(-2, 2) is var k ? Away(d, d.Float(), At(k), k) : null);
        }
        foreach (string name in (string[])["Equal", "NotEqual"])
        {
            Add($"Tensor.{name}(Tensor)", d => d.Constant() is var a ? [a, d.Coin() ? a : d.Partner(a)] : null);
            Add($"Tensor.{name}(Scalar)", d => [d.Coin() ? d.Bytes() : d.Indices(d.Shape(0, 3), 4), d.Int(0, 3)]);
        }
        Add("Tensor.IsClose(Tensor, double, double, bool)", d => d.Constant() is var a ? [a, a, 1e-5, 1e-8, false] : null);
        foreach (string name in (string[])["op_BitwiseAnd", "op_BitwiseOr", "op_ExclusiveOr"])
            Add($"Tensor.{name}(Tensor, Tensor)", d => d.Bool() is var a ? [a, d.Mask(a)] : null);
        Add("Tensor.op_LogicalNot(Tensor)", d => [d.Bool()]);
        Add("Tensor.Where(Tensor, Tensor, Tensor)",
            d => d.Float() is var a && d.Partner(a) is var b ? [d.Mask(a.Rank >= b.Rank ? a : b), a, b] : null);
        Add("Tensor.MaskedFill(Tensor, Scalar)", d => d.Float() is var a ? [a, d.Mask(a), Number(d)] : null);
    }

    // Integers of one byte beside fractions count as such.
    private static Value Any(Choices d, Value a) => d.Coin(0.1) ? d.Bytes([.. a.Shape]) : d.Partner(a);

    private static object Number(Choices d) => d.Coin(0.3) ? d.Int(-2, 3) : d.Real(-2, 2);

    private void Unary(string name, double low, double high, Func<double, double>? kink = null)
        => Add($"Tensor.{name}()", d => kink is null ? [d.Float(low, high)] : Away(d, d.Float(low, high), kink));

    private static object?[]? Away(Choices d, Value x, Func<double, double> distance, params object?[] rest)
        => d.IsAway(x, distance) ? [x, .. rest] : null;

    private static object?[]? Apart(Choices d, Func<Tensor, Tensor, Tensor> difference)
    {
        Value a = d.Float(), b = d.Partner(a);
        return d.IsAbove(difference(a.Tensor.Detach(), b.Tensor.Detach()).Abs(), 1e-4) ? [a, b] : null;
    }

    private static object?[]? Quotient(Choices d)
    {
        Value a = d.Float(), b = d.Partner(a, 0.4, 6);
        var quotient = a.Tensor.Detach() / b.Tensor.Detach();
        return d.IsAbove((quotient - quotient.Round()).Abs(), 1e-4) ? [a, b] : null;
    }
}
