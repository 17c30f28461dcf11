namespace DeepNet.Onnx;

/// <summary>x · ½ · (1 + erf(x / √2)), in any order of the factors.</summary>
internal static class GeluFusion
{
    public static void Apply(Rewriter rewriter)
    {
        foreach (var erf in rewriter.Steps.Where(step => step.Name == "Erf").ToList())
            if (Find(rewriter, erf) is var (x, last, removed) && last is not null)
                rewriter.Replace(last, removed, "Gelu", call => [call[0].Gelu()], x);
    }

    private static (int X, Step? Last, List<Step> Removed) Find(Rewriter rewriter, Step erf)
    {
        if (rewriter.OnlyFor(erf, 0, "Div", "Mul") is not { } scaled) return default;
        int number = rewriter.Number(scaled, 1) is not null ? 1 : 0;
        double root = rewriter.Number(scaled, number) ?? 0;
        if (!(scaled.Name == "Div" ? number == 1 && IsNear(root, Math.Sqrt(2)) : IsNear(root, Math.Sqrt(0.5)))) return default;
        int x = scaled.Inputs[1 - number];
        if (rewriter.Reader(erf, "Add") is not { } one
            || rewriter.Number(one, Rewriter.Other(one, erf.Outputs[0])) is not 1.0) return default;
        List<Step> removed = [scaled, erf, one];
        bool hasX = false, hasHalf = false;
        var at = one;
        while (!(hasX && hasHalf))
        {
            if (rewriter.Reader(at, "Mul") is not { } product) return default;
            int other = Rewriter.Other(product, at.Outputs[0]);
            if (rewriter.Number(product, other) is 0.5 && !hasHalf) hasHalf = true;
            else if (product.Inputs[other] == x && !hasX) hasX = true;
            else if (rewriter.OnlyFor(product, other, "Mul") is { } half && !hasX && !hasHalf
                && rewriter.Number(half, Rewriter.Other(half, x)) is 0.5 && half.Inputs.Contains(x))
            {
                hasX = hasHalf = true;
                removed.Add(half);
            }
            else return default;
            removed.Add(product);
            at = product;
        }
        return (x, at, removed);
    }

    private static bool IsNear(double a, double b) => Math.Abs(a - b) < 1e-5;
}
