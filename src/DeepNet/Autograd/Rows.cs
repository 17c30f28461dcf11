namespace DeepNet;

/// <summary>Writes the rows of a Jacobian: a backward pass for each element of what is differentiated.</summary>
internal static class Rows
{
    /// <summary>
    /// Fills rows of a matrix from <paramref name="first"/> on: a row for each element of <paramref name="output"/>, a column for
    /// each element of the inputs, in order. What an element does not depend on stays as it is.
    /// </summary>
    public static void Fill(Tensor output, Node[] inputs, Tensor matrix, int first, ReadOnlySpan<Tensor> like)
    {
        using var quiet = GradSwitch.Off();
        var unit = Tensor.Zeros(output.Shape, output.DType, output.Device);
        var flat = unit.View(new Shape((int)output.Count), [1], 0);
        nint columns = matrix.Shape[1];
        for (int i = 0; i < output.Count; i++)
        {
            var element = flat.View(Shape.Scalar, [], i);
            element.Kernels.Fill(element, 1);
            var found = Engine.Run([output], [unit], retain: true, createGraph: false, inputs);
            element.Kernels.Fill(element, 0);
            nint at = (first + i) * columns;
            for (int k = 0; k < found.Length; k++)
            {
                if (found[k] is { } part)
                {
                    matrix.Kernels.Copy(part, matrix.View(part.Shape, part.Shape.RowMajor, at));
                    part.Dispose();
                }
                at += like[k].Count;
            }
        }
    }
}
