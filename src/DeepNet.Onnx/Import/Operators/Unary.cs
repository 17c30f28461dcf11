namespace DeepNet.Onnx;

/// <summary>Functions of one tensor, element by element.</summary>
internal static class Unary
{
    public static void AddTo(OperatorTable table)
    {
        table.Map("Abs", x => x.Abs());
        table.Map("Acos", x => x.Acos());
        table.Map("Acosh", x => x.Acosh());
        table.Map("Asin", x => x.Asin());
        table.Map("Asinh", x => x.Asinh());
        table.Map("Atan", x => x.Atan());
        table.Map("Atanh", x => x.Atanh());
        table.Map("Ceil", x => x.Ceil());
        table.Map("Cos", x => x.Cos());
        table.Map("Cosh", x => x.Cosh());
        table.Map("Erf", x => x.Erf());
        table.Map("Exp", x => x.Exp());
        table.Map("Floor", x => x.Floor());
        table.Map("Log", x => x.Log());
        table.Map("Neg", x => -x);
        table.Map("Reciprocal", x => x.Reciprocal());
        table.Map("Round", x => x.Round());
        table.Map("Sign", x => x.Sign());
        table.Map("Sin", x => x.Sin());
        table.Map("Sinh", x => x.Sinh());
        table.Map("Sqrt", x => x.Sqrt());
        table.Map("Tan", x => x.Tan());
        table.Map("Tanh", x => x.Tanh());
        table.Map("Identity", x => x);

        table.Map("Relu", x => x.Relu());
        table.Map("Sigmoid", x => x.Sigmoid());
        table.Map("HardSwish", x => x.HardSwish());
        table.Map("Mish", x => x.Mish());
        table.Map("Softplus", x => x.Softplus(threshold: double.PositiveInfinity));
        table.Map("Softsign", x => x.Softsign());
        table.Same("Celu", call => call[0].Celu(call.Float("alpha", 1)));
        table.Same("Elu", call => Elu(call[0], call.Float("alpha", 1)));
        table.Same("Gelu", call => call.Text("approximate", "none") == "tanh" ? call[0].GeluTanh() : call[0].Gelu());
        table.Same("HardSigmoid", call => (call[0] * call.Float("alpha", 0.2) + call.Float("beta", 0.5)).Clamp(0, 1));
        table.Same("LeakyRelu", call => call[0].LeakyRelu(call.Float("alpha", 0.01)));
        table.Same("PRelu", PRelu);
        table.Same("Selu", Selu);
        table.Same("Shrink", Shrink);
        table.Same("Swish", call => call[0] * (call[0] * call.Float("alpha", 1)).Sigmoid());
        table.Same("ThresholdedRelu", call => call[0].Threshold(call.Float("alpha", 1), 0));
        table.Same("Clip", Clip);
    }

    private static Tensor Elu(Tensor x, double alpha) => x.Elu(alpha);

    // The slope is broadcast to the input from the right; one number for each channel stood alone in the first versions.
    private static Tensor PRelu(Call call)
    {
        Tensor x = call[0], slope = call[1];
        if (call.Version < 7 && slope.Rank == 1 && slope.Count > 1 && x.Rank > 1)
            slope = slope.Reshape([.. Enumerable.Range(0, x.Rank - 1).Select(axis => axis == 0 ? (int)slope.Count : 1)]);
        return Tensor.Where(x < 0, x * slope, x);
    }

    private static Tensor Selu(Call call)
    {
        // The first versions rounded both numbers to five places.
        double alpha = call.Float("alpha", call.Version < 6 ? 1.6732 : 1.67326319217681884765625);
        double gamma = call.Float("gamma", call.Version < 6 ? 1.0507 : 1.05070102214813232421875);
        return call[0].Elu(alpha) * gamma;
    }

    private static Tensor Shrink(Call call)
    {
        double lambda = call.Float("lambd", 0.5), bias = call.Float("bias", 0);
        var x = call[0].DType.IsFloating() ? call[0] : call[0].To(DType.Float64);
        return Tensor.Where(x < -lambda, x + bias, Tensor.Where(x > lambda, x - bias, Tensor.ZerosLike(x)));
    }

    private static Tensor Clip(Call call)
    {
        var x = call[0];
        if (call.Version < 11) return x.Clamp(call.Float("min", double.NegativeInfinity), call.Float("max", double.PositiveInfinity));
        if (call.Optional(1) is { } low) x = x.Maximum(low.To(x.DType));
        if (call.Optional(2) is { } high) x = x.Minimum(high.To(x.DType));
        return x;
    }
}
