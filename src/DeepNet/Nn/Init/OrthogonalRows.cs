namespace DeepNet.Nn;

/// <summary>Gram and Schmidt's process, each vector cleaned twice, which makes it as good as Householder's.</summary>
internal static class OrthogonalRows
{
    /// <summary>Makes rows of random numbers orthonormal in place; no more rows than columns.</summary>
    public static void Make(double[] rows, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * length, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    var other = rows.AsSpan(j * length, length);
                    double along = Dot(row, other);
                    for (int k = 0; k < length; k++) row[k] -= along * other[k];
                }
            }
            double scale = 1 / Math.Sqrt(Dot(row, row));
            for (int k = 0; k < length; k++) row[k] *= scale;
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);
}
