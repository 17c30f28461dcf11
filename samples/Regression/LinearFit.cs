using System.Globalization;
using DeepNet.Data;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Samples.Regression;

/// <summary>
/// A linear model of a table: found by training, in float64, with standard errors from the curvature of its loss. At the minimum of a mean
/// squared error the covariance of the coefficients is 2 s² / n · H⁻¹, where s² is the variance of the residuals and H the Hessian.
/// </summary>
internal sealed class LinearFit
{
    public const string InterceptName = "(intercept)";

    private readonly TableEncoder encoder;
    private readonly int[] kept;                // features, without the categories that others are compared with
    private readonly Tensor coefficients;       // of the kept features, and last the intercept

    private LinearFit(TableEncoder encoder, int[] kept, Tensor coefficients, double[] errors)
    {
        (this.encoder, this.kept, this.coefficients) = (encoder, kept, coefficients);
        Names = [.. kept.Select(i => encoder.FeatureNames[i]), InterceptName];
        Errors = errors;
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The standard errors of the coefficients.</summary>
    public IReadOnlyList<double> Errors { get; }

    public static LinearFit Of(Table table, string target, IReadOnlyList<string> baseCategories)
    {
        var encoder = TableEncoder.Fit(table, new() { Target = target, Standardize = false });
        int[] kept = [.. Enumerable.Range(0, encoder.FeatureNames.Count).Where(i => !baseCategories.Contains(encoder.FeatureNames[i]))];
        var (x, y) = Matrix(encoder, kept, table);

        // Trained on features of mean 0 and deviation 1, where the loss is a round bowl; then taken back to the units of the table.
        var features = x[.., ..^1];
        var (mean, std) = (features.Mean(0), features.Std(0));
        var model = new Linear(kept.Length, 1);
        model.To(DType.Float64);
        var trainer = new Trainer(model, new Lbfgs(model.Parameters(), new LbfgsOptions { MaxIterations = 50 }), Loss.Mse)
        {
            Progress = ProgressStyle.None,
        };
        trainer.Fit(new DataLoader(new TensorDataset((features - mean) / std, y), table.Count));
        var slopes = model.Weight.Value.Detach().Reshape(-1) / std;
        var intercept = model.Bias!.Value.Detach() - (slopes * mean).Sum();
        var coefficients = Tensor.Cat([slopes, intercept]);

        var hessian = Autograd.Hessian(b => Loss.Mse(x.MatMul(b.Unsqueeze(1)), y), coefficients);
        double variance = Residuals(x, y, coefficients).Square().Sum().Item<double>() / (table.Count - coefficients.Shape[0]);
        double[,] covariance = Inverse.Of(hessian.ToMatrix<double>());
        double[] errors = [.. Enumerable.Range(0, coefficients.Shape[0])
            .Select(i => Math.Sqrt(2 * variance / table.Count * covariance[i, i]))];
        return new LinearFit(encoder, kept, coefficients, errors);
    }

    /// <summary>The coefficients beside the true ones: how far apart they are, in standard errors.</summary>
    public void Print(IReadOnlyDictionary<string, double> truth)
    {
        double[] found = coefficients.ToArray<double>();
        int withinOne = 0, withinTwo = 0, known = 0;
        Console.WriteLine($"  {"",-18}{"found",10}{"± error",10}{"true",10}{"apart",12}");
        for (int i = 0; i < found.Length; i++)
        {
            string row = string.Create(CultureInfo.InvariantCulture, $"  {Names[i],-18}{found[i],10:0.000}{Errors[i],10:0.000}");
            if (truth.TryGetValue(Names[i], out double value))
            {
                double apart = (found[i] - value) / Errors[i];
                row += string.Create(CultureInfo.InvariantCulture, $"{value,10:0.000}{apart,9:+0.00;-0.00} SE");
                known++;
                if (Math.Abs(apart) <= 1) withinOne++;
                if (Math.Abs(apart) <= 2) withinTwo++;
            }
            Console.WriteLine(Printable.Line(row));
        }
        if (known > 0)
            Console.WriteLine(
                $"  within one standard error: {withinOne} of {known} (68 % are to be expected); within two: {withinTwo} "
                    + $"of {known} (95 %)");
    }

    /// <summary>The root mean square of what it is off by.</summary>
    public double Evaluate(Table table, out double[] predictions)
    {
        var (x, y) = Matrix(encoder, kept, table);
        predictions = x.MatMul(coefficients.Unsqueeze(1)).ToArray<double>();
        return Residuals(x, y, coefficients).Square().Mean().Sqrt().Item<double>();
    }

    public double[] Targets(Table table) => Matrix(encoder, kept, table).Y.ToArray<double>();

    /// <summary>A feature of each row.</summary>
    public double[] Column(Table table, string name)
        => Matrix(encoder, kept, table).X.Select(1, Names.ToList().IndexOf(name)).ToArray<double>();

    private static Tensor Residuals(Tensor x, Tensor y, Tensor coefficients) => y - x.MatMul(coefficients.Unsqueeze(1));

    // The features, and a column of ones for the intercept.
    private static (Tensor X, Tensor Y) Matrix(TableEncoder encoder, int[] kept, Table table)
    {
        var data = encoder.Encode(table);
        var features = data.X.IndexSelect(1, Tensor.From(kept)).To(DType.Float64);
        return (Tensor.Cat([features, Tensor.Ones(new Shape(table.Count, 1), DType.Float64)], axis: 1), data.Y.To(DType.Float64));
    }
}
