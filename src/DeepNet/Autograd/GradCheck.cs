namespace DeepNet;

/// <summary>
/// Holds derivatives against central differences, in float64. What a new operator has to pass.
/// </summary>
/// <example><code>
/// GradCheck.Run(x => x[0].MatMul(x[1]), a, b);
/// GradCheck.SecondOrder(x => x[0].MatMul(x[1]), a, b);
/// </code></example>
public static class GradCheck
{
    /// <summary>
    /// Compares the gradient of every element of the result with respect to every element of each float64 input; other inputs
    /// (indices, conditions) are passed on as they are.
    /// </summary>
    /// <exception cref="GradCheckException">A gradient is wrong; the error names the input, the elements and both values.</exception>
    public static void Run(Func<Tensor[], Tensor> f, params Tensor[] inputs) => Run(f, GradCheckOptions.Default, inputs);

    /// <inheritdoc cref="Run(Func{Tensor[], Tensor}, Tensor[])"/>
    public static void Run(Func<Tensor[], Tensor> f, GradCheckOptions options, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(options);
        Compare("gradcheck", x => [Checked(f(x))], inputs, options);
    }

    /// <summary>
    /// The same for the gradients of the gradients: those of the vector-Jacobian product, by the inputs and by the vector.
    /// </summary>
    /// <exception cref="GradCheckException">A gradient is wrong; the error names the input, the elements and both values.</exception>
    public static void SecondOrder(Func<Tensor[], Tensor> f, params Tensor[] inputs) => SecondOrder(f, GradCheckOptions.Default, inputs);

    /// <inheritdoc cref="SecondOrder(Func{Tensor[], Tensor}, Tensor[])"/>
    public static void SecondOrder(Func<Tensor[], Tensor> f, GradCheckOptions options, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inputs);
        var y = Checked(f(inputs));
        // The vector is an input too. Its values are arbitrary, but not so regular that errors could cancel.
        var weights = new double[y.Count];
        for (int i = 0; i < weights.Length; i++) weights[i] = 0.5 + (i + 1) * 0.7548776662466927 % 1;
        var v = Tensor.From<double>(weights, y.Shape);
        Compare("gradcheck, second order", x =>
        {
            var wanted = x[..^1].Where(t => t.RequiresGrad).ToArray();
            var found = Autograd.TryGrad([Checked(f(x[..^1]))], wanted, [x[^1]], createGraph: true);
            return [.. found.Select((g, i) => g ?? Tensor.Zeros(wanted[i].Shape, DType.Float64))];
        }, [.. inputs, v], options);
    }

    private static void Compare(string op, Func<Tensor[], Tensor[]> f, Tensor[] inputs, GradCheckOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var recording = GradSwitch.On();
        var points = inputs.Select((x, i) => Point(op, x, i)).ToArray();
        var outputs = f(points);
        DemandSameAgain(op, outputs, f(points));
        for (int i = 0; i < points.Length; i++)
        {
            if (!points[i].RequiresGrad) continue;
            var numeric = Differences(f, points, i, options.Step);
            for (int k = 0; k < outputs.Length; k++)
                CompareOne(op, outputs[k], k, outputs.Length, points[i], i, numeric[k], options);
        }
    }

    private static Tensor Point(string op, Tensor x, int index)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType == DType.Float64) return x.Detach().Clone().WithGrad();
        if (x.DType.IsFloating())
            throw new ArgumentException(
                $"[{op}] input {index} is {x.DType.Name()}: differences in less than float64 are too coarse to judge by. Use "
                + "x.To(DType.Float64).");
        return x;
    }

    private static Tensor Checked(Tensor y) => y.DType == DType.Float64 ? y : throw new ArgumentException(
        $"[gradcheck] the function gave a {y.DType.Name()} tensor from float64 inputs, and differences in that are too coarse to "
        + "judge by. Does it convert, or mix in a float32 tensor?");

    private static void DemandSameAgain(string op, Tensor[] first, Tensor[] second)
    {
        for (int k = 0; k < first.Length; k++)
        {
            if (!first[k].Shape.Equals(second[k].Shape))
                throw new GradCheckException(
                    $"[{op}] the function gave shape {first[k].Shape} and then {second[k].Shape} for the same inputs. It must be "
                    + "deterministic.");
            double[] a = first[k].ToArray<double>(), b = second[k].ToArray<double>();
            for (int j = 0; j < a.Length; j++)
                if (!a[j].Equals(b[j]))
                    throw new GradCheckException(
                        $"[{op}] the function gave {a[j]:R} and then {b[j]:R} for element {j} of the same inputs. It must be "
                        + "deterministic: does it use random numbers (dropout), or change its state?");
        }
    }

    // For each output: the derivative of each of its elements by each element of the input, an array for each of the latter.
    private static double[][][] Differences(Func<Tensor[], Tensor[]> f, Tensor[] points, int input, double step)
    {
        var x = points[input];
        double[] values = x.ToArray<double>();
        var varied = (Tensor[])points.Clone();
        double[][] At(int j, double value)
        {
            var moved = (double[])values.Clone();
            moved[j] = value;
            varied[input] = Tensor.From<double>(moved, x.Shape).WithGrad();
            return [.. f(varied).Select(y => y.ToArray<double>())];
        }

        var columns = new List<double[][]>();
        for (int j = 0; j < values.Length; j++)
        {
            double up = values[j] + step, down = values[j] - step;
            double[][] above = At(j, up), below = At(j, down);
            columns.Add([.. above.Zip(below, (a, b) => a.Zip(b, (p, q) => (p - q) / (up - down)).ToArray())]);
        }
        int outputs = columns.Count > 0 ? columns[0].Length : f(points).Length;
        return [.. Enumerable.Range(0, outputs).Select(k => columns.Select(c => c[k]).ToArray())];
    }

    private static void CompareOne(
        string op, Tensor y, int output, int outputs, Tensor x, int input, double[][] numeric, GradCheckOptions options)
    {
        for (int i = 0; i < y.Count; i++)
        {
            var unit = new double[y.Count];
            unit[i] = 1;
            var gradient = y.Node is null ? null : Autograd.TryGrad([y], [x], [Tensor.From<double>(unit, y.Shape)], retainGraph: true)[0];
            if (gradient is not null && !gradient.Shape.Equals(x.Shape))
                throw new GradCheckException($"[{op}] the gradient of input {input} has shape {gradient.Shape}, the input {x.Shape}.");
            double[] analytic = gradient?.ToArray<double>() ?? new double[x.Count];
            for (int j = 0; j < analytic.Length; j++)
            {
                double expected = numeric[j][i];
                if (Math.Abs(analytic[j] - expected) <= options.AbsoluteTolerance + options.RelativeTolerance * Math.Abs(expected))
                    continue;
                string which = outputs > 1 ? $"gradient {output}, element {Position(y.Shape, i)}"
                    : $"element {Position(y.Shape, i)} of the result";
                throw new GradCheckException(
                    $"[{op}] the derivative of {which} by element {Position(x.Shape, j)} of input {input} (shape {x.Shape}) is "
                    + $"{analytic[j]:R} by the backward pass ({y.Node?.Name ?? "not recorded"}) and {expected:R} by differences of "
                    + $"{options.Step:R}. If the formula is right, is there a kink or a pole nearby?",
                    input, j, analytic[j], expected);
            }
        }
    }

    private static string Position(Shape shape, int index)
    {
        var at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--) (index, at[axis]) = Math.DivRem(index, shape[axis]);
        return $"[{string.Join(", ", at)}]";
    }
}
