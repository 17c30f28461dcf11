namespace DeepNet.Samples.Regression;

/// <summary>The inverse of a small matrix, by Gauss and Jordan's elimination with pivots.</summary>
internal static class Inverse
{
    public static double[,] Of(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var inverse = new double[n, n];
        for (int i = 0; i < n; i++) inverse[i, i] = 1;
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(a[row, column]));
            if (a[pivot, column] == 0)
                throw new InvalidOperationException("The columns of the table depend on each other: leave one of them out.");
            for (int k = 0; k < n; k++)
            {
                (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
                (inverse[column, k], inverse[pivot, k]) = (inverse[pivot, k], inverse[column, k]);
            }
            double scale = 1 / a[column, column];
            for (int k = 0; k < n; k++)
            {
                a[column, k] *= scale;
                inverse[column, k] *= scale;
            }
            for (int row = 0; row < n; row++)
            {
                double factor = row == column ? 0 : a[row, column];
                if (factor == 0) continue;
                for (int k = 0; k < n; k++)
                {
                    a[row, k] -= factor * a[column, k];
                    inverse[row, k] -= factor * inverse[column, k];
                }
            }
        }
        return inverse;
    }
}
