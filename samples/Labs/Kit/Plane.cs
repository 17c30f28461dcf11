namespace DeepNet.Labs.Kit;

/// <summary>A network of two inputs seen over its plane, for figures.</summary>
internal static class Plane
{
    /// <summary>All places of a grid as rows (x, y), to show to a network at once.</summary>
    public static Tensor Points(double[] x, double[] y)
    {
        var points = new float[x.Length * y.Length, 2];
        for (int i = 0; i < y.Length; i++)
            for (int j = 0; j < x.Length; j++) (points[i * x.Length + j, 0], points[i * x.Length + j, 1]) = ((float)x[j], (float)y[i]);
        return Tensor.From(points);
    }

    /// <summary>The network's answers to <see cref="Points"/>, one number each, as a matrix for a figure.</summary>
    public static double[,] Fold(Tensor answers, double[] x, double[] y)
        => answers.Detach().To(DType.Float64).Reshape(y.Length, x.Length).ToMatrix<double>();
}
