using DeepNet.Nn;

namespace DeepNet.Onnx;

/// <summary>softmax(q·kᵀ·scale + mask)·v.</summary>
internal static class AttentionFusion
{
    public static void Apply(Rewriter rewriter)
    {
        foreach (var softmax in rewriter.Steps.Where(step => step.Name == "Softmax").ToList()) Find(rewriter, softmax);
    }

    private static void Find(Rewriter rewriter, Step softmax)
    {
        // Before version 13 an axis other than the last was the first of several.
        long axis = softmax.Attribute("axis")?.Int ?? (softmax.Version < 13 ? 1 : -1);
        if (axis is not (-1 or 3) || rewriter.Reader(softmax, "MatMul") is not { } values || values.Inputs[0] != softmax.Outputs[0]) return;
        List<Step> removed = [softmax];
        int mask = -1;
        double scale = 1;
        var at = softmax;
        if (rewriter.OnlyFor(at, 0, "Add") is { } added)
        {
            int side = rewriter.OnlyFor(added, 0, "MatMul", "Div", "Mul") is not null ? 0 : 1;
            mask = added.Inputs[1 - side];
            removed.Add(added);
            (at, int from) = (added, side);
            if (!Scaled(from)) return;
        }
        else if (!Scaled(0))
        {
            return;
        }
        var scores = removed[^1];
        rewriter.Replace(values, removed, "Attention", call => [Compute(call[0], call[1], call[2], call.Optional(3), scale)],
            scores.Inputs[0], scores.Inputs[1], values.Inputs[1], mask);

        bool Scaled(int from)
        {
            if (rewriter.OnlyFor(at, from, "Div", "Mul") is { } scaled)
            {
                int number = rewriter.Number(scaled, 1) is not null ? 1 : 0;
                if (rewriter.Number(scaled, number) is not { } factor || (scaled.Name == "Div" && number == 0)) return false;
                scale = scaled.Name == "Div" ? 1 / factor : factor;
                removed.Add(scaled);
                (at, from) = (scaled, 1 - number);
            }
            if (rewriter.OnlyFor(at, from, "MatMul") is not { } product) return false;
            removed.Add(product);
            return true;
        }
    }

    private static Tensor Compute(Tensor query, Tensor transposed, Tensor value, Tensor? mask, double scale)
    {
        if (query.Rank == 4 && transposed.Rank == 4 && value.Rank == 4 && query.Shape[1] == transposed.Shape[1]
            && mask is null or { DType: DType.Float32 or DType.Float64 })
            return Attention.Of(query, transposed.Transpose(), value, mask is null ? null : AttentionMask.Add(mask),
                new(false, 0, scale, null, 0));
        var scores = Products.MatMul(query, transposed) * scale;
        return Products.MatMul((mask is null ? scores : scores + mask).Softmax(-1), value);
    }
}
