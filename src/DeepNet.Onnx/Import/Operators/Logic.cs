namespace DeepNet.Onnx;

/// <summary>Comparisons, truth values, choices and conversions.</summary>
internal static class Logic
{
    public static void AddTo(OperatorTable table)
    {
        table.One("Equal", call => call[0].Equal(Binary.Second(call)));
        table.One("Greater", call => call[0] > Binary.Second(call));
        table.One("GreaterOrEqual", call => call[0] >= Binary.Second(call));
        table.One("Less", call => call[0] < Binary.Second(call));
        table.One("LessOrEqual", call => call[0] <= Binary.Second(call));
        table.One("And", call => call[0] & Binary.Second(call));
        table.One("Or", call => call[0] | Binary.Second(call));
        table.One("Xor", call => call[0] ^ Binary.Second(call));
        table.One("Not", call => !call[0]);
        table.One("IsNaN", call => call[0].IsNaN());
        table.One("IsInf", IsInf);
        table.One("Where", call => Tensor.Where(call[0], call[1], call[2]));
        table.One("Cast", call => Cast(call[0], Wanted(call.Step.Node)!.Value), (node, _) => WhyNot(node, "to"));
        table.One("CastLike", call => Cast(call[0], call[1].DType));
    }

    private static Tensor IsInf(Call call)
    {
        bool negative = call.Flag("detect_negative", true), positive = call.Flag("detect_positive", true);
        var found = call[0].IsInfinity();
        if (!negative) found &= call[0] > 0;
        if (!positive) found &= call[0] < 0;
        return found;
    }

    /// <summary>Converts as the standard says: integers that do not fit wrap around.</summary>
    private static Tensor Cast(Tensor x, DType dtype)
    {
        if (dtype is not (DType.UInt8 or DType.Int8) || x.DType.IsFloating() || x.DType == DType.Bool) return x.To(dtype);
        int offset = dtype == DType.Int8 ? 128 : 0;
        return ((x.To(DType.Int64) + offset) % 256 - offset).To(dtype);
    }

    private static DType? Wanted(NodeProto node)
    {
        var to = (ElementType)(node.Attributes.LastOrDefault(attribute => attribute.Name == "to")?.Int ?? 0);
        return ElementTypes.TryGet(to, out var dtype, out _) ? dtype : null;
    }

    /// <summary>Gets the element type that an attribute names and that no tensor here can hold; null if there is none.</summary>
    public static string? WhyNot(NodeProto node, string attribute)
    {
        var found = node.Attributes.LastOrDefault(candidate => candidate.Name == attribute);
        return found is null || ElementTypes.TryGet((ElementType)found.Int, out _, out _) ? null
            : $"to {ElementTypes.NameOf((ElementType)found.Int)}";
    }
}
