namespace DeepNet.Ops;

/// <summary>The texts of what can be wrong with the shapes of a product.</summary>
internal static class MatMulErrors
{
    public static ArgumentException Inner(string op, Shape a, Shape b)
    {
        int left = a[^1], right = b.Rank == 1 ? b[0] : b[^2];
        return new ArgumentException($"[{op}] {a} × {b}: inner dimensions {left} and {right} differ.{Hint(a, b, left, right)}");
    }

    private static string Hint(Shape a, Shape b, int left, int right)
    {
        if (b.Rank >= 2 && b[^1] == left) return " Did you mean x.MatMul(w.T)?";
        if (a.Rank >= 2 && a[^2] == right) return " Did you mean x.T.MatMul(w)?";
        // An image that was not flattened: its trailing axes together have the length that the other side asks for.
        long together = left;
        for (int axis = a.Rank - 2; axis >= 1; axis--)
        {
            together *= a[axis];
            if (together == right) return $" Did you mean to flatten: x.Reshape({string.Join(", ", a.Axes[..axis].ToArray())}, {right})?";
        }
        return "";
    }

    public static ArgumentException Batch(string op, Shape a, Shape b, int p, int q, int back)
        => new($"[{op}] {a} × {b}: batch axis -{back} has length {p} on the left and {q} on the right; lengths must be equal, or one "
        + "of them 1.");
}
