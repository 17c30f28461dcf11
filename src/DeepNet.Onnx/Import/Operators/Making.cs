namespace DeepNet.Onnx;

/// <summary>Tensors that are made of shapes and numbers.</summary>
internal static class Making
{
    public static void AddTo(OperatorTable table)
    {
        table.One("ConstantOfShape", ConstantOfShape);
        table.One("EyeLike", EyeLike, (node, _) => Logic.WhyNot(node, "dtype"));
        table.One("OneHot", OneHot);
        table.One("Range", Range);
        table.One("Trilu", call => call.Flag("upper", true) ? call[0].Triu(Diagonal(call)) : call[0].Tril(Diagonal(call)));
        table.Many("Dropout", Dropout);
        table.One("Bernoulli", call => Tensor.Bernoulli(call[0]).To(TypeOf(call, call[0].DType)), (node, _) => Logic.WhyNot(node, "dtype"));
        Random(table, "RandomUniform", (call, shape) => Tensor.Uniform(shape, call.Float("low", 0), call.Float("high", 1)));
        Random(table, "RandomNormal", (call, shape) => Tensor.Normal(shape, call.Float("mean", 0), call.Float("scale", 1)));
    }

    private static void Random(OperatorTable table, string name, Func<Call, Shape, Tensor> draw)
    {
        table.One(name, call => draw(call, call.Made(call.Ints("shape") ?? [])).To(TypeOf(call, DType.Float32)),
            (node, _) => Logic.WhyNot(node, "dtype"));
        table.One(name + "Like", call => draw(call, call[0].Shape).To(TypeOf(call, call[0].DType)), (node, _)
            => Logic.WhyNot(node, "dtype"));
    }

    public static DType TypeOf(Call call, DType otherwise, string attribute = "dtype")
        => call.Has(attribute) && ElementTypes.TryGet((ElementType)call.Int(attribute, 1), out var given, out _) ? given : otherwise;

    private static int Diagonal(Call call) => call.Optional(1) is null ? 0 : Call.ToInts(call.Longs(1))[0];

    private static Tensor ConstantOfShape(Call call)
    {
        var shape = call.Made(Call.ToInts(call.Longs(0)));
        if (call.Step.Attribute("value")?.Tensor is not { } proto) return Tensor.Zeros(shape);
        var value = TensorData.Load(proto, "the attribute 'value'", null, OnnxLimits.Default);
        return value.DType.IsFloating() ? Tensor.Full(shape, value.ToArray<double>()[0], value.DType)
            : Tensor.Full(shape, value.ToArray<long>()[0], value.DType);
    }

    private static Tensor EyeLike(Call call)
    {
        var (rows, columns) = call[0].Shape;
        int offset = (int)call.Int("k", 0);
        var dtype = TypeOf(call, call[0].DType);
        Tensor at = Tensor.Arange(rows).Unsqueeze(1) + offset, column = Tensor.Arange(columns);
        return at.Equal(column).To(dtype).To(call[0].Device);
    }

    private static Tensor OneHot(Call call)
    {
        var indices = call[0].To(DType.Int64);
        int depth = (int)call[1].To(DType.Int64).ToArray<long>()[0];
        int axis = Call.Wrap(call.Int("axis", -1), indices.Rank + 1);
        var values = call[2];
        indices = Tensor.Where(indices < 0, indices + depth, indices);
        call.Made([.. indices.Shape.Axes, depth]);
        var classes = Tensor.Arange(0L, depth, 1, DType.Int64, indices.Device)
            .Reshape([.. Enumerable.Range(0, indices.Rank + 1).Select(at => at == axis ? depth : 1)]);
        return Tensor.Where(indices.Unsqueeze(axis).Equal(classes), values.Select(0, 1), values.Select(0, 0));
    }

    private static Tensor Range(Call call)
    {
        var dtype = call[0].DType;
        double start = call[0].ToArray<double>()[0], limit = call[1].ToArray<double>()[0], delta = call[2].ToArray<double>()[0];
        int count = (int)Math.Clamp(Math.Ceiling((limit - start) / delta), 0, int.MaxValue);
        call.Made([count]);
        return dtype.IsFloating() ? (Tensor.Arange(0, count, 1, DType.Float64) * delta + start).To(dtype)
            : (Tensor.Arange(0L, count, 1, DType.Int64) * (long)delta + (long)start).To(dtype);
    }

    // Without a training mode of its own the operator passes its input on.
    private static Tensor?[] Dropout(Call call)
    {
        var x = call[0];
        bool isOn = call.Version >= 12 && call.Optional(2) is { } training && training.ToArray<bool>()[0];
        double ratio = call.Version < 12 ? call.Float("ratio", 0.5) : call.Optional(1) is { } given ? given.ToArray<double>()[0] : 0.5;
        if (!isOn || ratio == 0) return [x, call.Wants(1) ? Tensor.Ones(x.Shape, call.Version < 10 ? x.DType : DType.Bool, x.Device)
            : null];
        var kept = Tensor.Bernoulli(x.Shape, 1 - ratio, x.DType, x.Device);
        return [ratio == 1 ? Tensor.ZerosLike(x) : x * kept * (1 / (1 - ratio)), kept.To(DType.Bool)];
    }
}
