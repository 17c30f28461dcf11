using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Writes operators by those of the standard; each group of them has a file.</summary>
internal static class OperatorWriters
{
    /// <summary>Writes an operator and gets the name of its result; null if there is no writer for it.</summary>
    public static string? Write(ExportStep step)
    {
        var e = step.Event;
        if (e.Formula is not null) return ElementwiseWriter.Write(step);
        return e.Operator switch
        {
            null when e.Name is "detach" or "clone" => step.In(0),
            DType to => e.Inputs[0].DType == to ? step.In(0) : step.Cast(step.In(0), to),
            Shape to when e.Name == "reshape" => ViewWriter.Reshape(step),
            Shape when e.Name == "expand" => ViewWriter.Expand(step),
            int[] order when e.Name == "permute" => step.Context.Transposed(step.In(0), order),
            AxisMap => ViewWriter.Map(step),
            ValueTuple<AxisMap, Scalar> embedded => ViewWriter.Pad(step, embedded.Item2),
            Affine affine => ProductWriter.Affine(step, affine),
            MatMul => step.Node("MatMul", step.Ins),
            Convolution convolution => ConvolutionWriter.Write(step, convolution),
            MaxPool pool => PoolingWriter.Max(step, pool.Grid),
            AvgPool pool => pool.IsAdjoint ? null : PoolingWriter.Average(step, pool.Grid),
            Normalize norm => NormWriter.Write(step, norm),
            FusedAttention attention => AttentionWriter.Write(step, attention),
            Rotation rotation => AttentionWriter.Rotate(step, rotation),
            IFusedSequence sequence => RecurrentWriter.Write(step, sequence),
            Resample when e.Name == "resample" => ResampleWriter.Write(step),
            Cat cat => step.Node("Concat", step.Ins, ("axis", cat.Along)),
            Where => step.Node("Where", step.Context.Unexpanded(step.Ins, step.Events)),
            Triangle triangle => step.Node(
                "Trilu", [step.In(0), step.Graph.Constant(Tensor.FromScalar(triangle.Diagonal, DType.Int64))], ("upper", triangle.IsUpper)),
            Gather gather => step.Node("GatherElements", step.Ins, ("axis", gather.Along)),
            IndexSelect select => step.Node("Gather", step.Ins, ("axis", select.Along)),
            Scatter scatter => step.Node("ScatterElements", [step.In(0), step.In(2), step.In(1)], ("axis", scatter.Along)),
            IndexSum sum => ScatterWriter.Rows(step, sum.Along),
            ScatterSum sum => ScatterWriter.Elements(step, sum.Along),
            ScatterReduce.Extreme { IncludesOwn: true } extreme => step.Node("ScatterElements", [step.In(0), step.In(2), step.In(1)],
                ("axis", extreme.Along), ("reduction", extreme.IsLargest ? "max" : "min")),
            Transfer => step.In(0),
            _ => ReductionWriter.Write(step),
        };
    }
}
