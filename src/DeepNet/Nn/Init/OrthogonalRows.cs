using System.Numerics.Tensors;

namespace DeepNet.Nn;

/// <summary>
/// Gram and Schmidt's process by blocks: a block of vectors is cleaned of all before it by matrix products, and then within itself. Done
/// twice, which makes it as good as Householder's. As R's diagonal is positive, vectors of normal numbers give each orthogonal matrix with
/// the same probability.
/// </summary>
internal static class OrthogonalRows
{
    private const int Block = 32;

    /// <summary>Makes the rows of a dense float64 matrix of random numbers orthonormal in place; no more rows than columns.</summary>
    public static void Make(Tensor rows)
    {
        int count = rows.Shape[0], length = rows.Shape[1];
        using var exact = Autocast.Off();
        for (int start = 0; start < count; start += Block)
        {
            using var scope = Memory.Scope();
            int size = Math.Min(Block, count - start);
            var block = rows.Narrow(0, start, size);
            var before = rows.Narrow(0, 0, start);
            for (int pass = 0; pass < 2; pass++)
            {
                var cleaned = start == 0 ? block : block - block.MatMul(before.T).MatMul(before);
                double[] elements = cleaned.ToArray<double>();
                Make(elements, size, length);
                block.CopyFrom(Tensor.From<double>(elements, block.Shape));
            }
        }
    }

    private static void Make(double[] rows, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * length, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    var other = rows.AsSpan(j * length, length);
                    TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(row, other), row, row);
                }
            }
            TensorPrimitives.Multiply(row, 1 / TensorPrimitives.Norm<double>(row), row);
        }
    }
}
