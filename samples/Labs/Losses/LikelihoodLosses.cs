using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Losses;

/// <summary>Losses are negative log-likelihoods.</summary>
internal sealed class LikelihoodLosses : Lab
{
    public override string Name => "likelihood";

    public override string Title => "Squared error and cross-entropy are likelihoods";

    public override string Claim => """
        Squared error is the negative log-likelihood of Gaussian noise and cross-entropy that of a categorical choice: the same gradients
        up to a constant factor, and the same minimisers. Another noise (Laplace) is another loss, with another minimiser.
        """;

    public override string Question => "Why squared error for numbers and cross-entropy for classes?";

    public override Guess? Guess => new(
        [
            "By convention: any loss that is zero for the right answer finds the same weights",
            "Because only these two can be differentiated",
            "Each is the negative log-likelihood of a distribution that fits the kind of data",
        ],
        Right: 2);

    public override string Explanation => """
        A model with noise says how probable the data are. Maximum likelihood chooses the weights that make them most probable, which is
        to minimise $-\sum_i \log p(y_i | x_i)$. For Gaussian noise, $p(y | x) = \frac{1}{\sqrt{2 \pi \sigma^2}} \exp\left( -\frac{(y -
        f(x))^2}{2 \sigma^2} \right)$, this is $\frac{1}{2 \sigma^2} \sum_i (y_i - f(x_i))^2$ plus a constant: squared error. The width
        $\sigma$ scales the gradient and moves no minimum.

        If the answer is a class with the probability $q_c$, the likelihood of an example is $\prod_c q_c^{y_c}$ with a one-hot $y$, and
        its negative logarithm is $-\sum_c y_c \log q_c$: cross-entropy.

        A wrong assumption about the noise is a wrong loss. Laplace noise, with a density in proportion to $e^{-|y - f(x)|}$, gives the
        absolute error. For it an outlier ten times as far away pulls no harder, while with squared error it pulls ten times as hard,
        because a Gaussian holds such points to be all but impossible. Data with outliers therefore want the absolute error or Huber's.
        """;

    public override string Falsified => """
        Gradients of a loss and its likelihood that are not proportional, different minimisers of the two, or a Laplace fit that outliers
        move as far as the Gaussian one.
        """;

    public override IReadOnlyList<string> Next => ["cross-entropy-is-kl", "linear-regression", "uncertainty"];

    public override void Example(TextWriter output)
    {
        // Five measurements of one number, the last of them an outlier.
        var y = Tensor.From(1.9, 2.0, 2.1, 2.2, 12.0);
        double Fit(Func<Tensor, Tensor> negativeLogLikelihood)
        {
            var center = new Parameter(Tensor.From(0.0));
            var optimizer = new Sgd([center], learningRate: 0.1);
            for (int step = 0; step < 2000; step++)
            {
                if (step % 400 == 399) optimizer.LearningRate /= 5;     // the absolute error has a kink at its minimum
                optimizer.ZeroGrad();
                negativeLogLikelihood(y - center.Value).Backward();
                optimizer.Step();
            }
            return center.Value.Item<double>();
        }

        double gaussian = Fit(r => (r.Square() / 2 + Math.Log(2 * Math.PI) / 2).Mean());
        double laplace = Fit(r => (r.Abs() + Math.Log(2)).Mean());
        output.WriteLine($"Gaussian noise: {gaussian:0.00}, the mean is {y.Mean().Item<double>():0.00}");
        output.WriteLine($"Laplace noise:  {laplace:0.00}, the median is 2.10");
    }

    public override IReadOnlyList<string> Mutations
        => ["absolute error for squared error", "smoothed labels for cross-entropy", "no outliers"];

    private const double Sigma = 0.7;       // of the Gaussian; it scales the gradient by 1 / (2σ²) and moves no minimum

    public override void Run(LabContext lab)
    {
        // A line with some points far above it, and a network to be fitted to three clouds.
        int count = lab.Pick(full: 60, reduced: 40);
        var (x, y) = SyntheticData.Regression(count, [2.0], intercept: 1, noise: 0.4, seed: 3).All();
        (x, y) = (x.To(DType.Float64), y.To(DType.Float64));
        if (!lab.Mutated("no outliers")) y = Tensor.Where(x > 0.8, y + 8, y);
        var (points, classes) = SyntheticData.Blobs(count, 3, std: 4, seed: 1).All();
        points = points.To(DType.Float64) / 10;

        var line = Float64(new Linear(1, 1));
        var net = Float64(new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 3)));

        // Each loss beside the likelihood, written out from the density.
        Func<Tensor> squares = lab.Mutated("absolute error for squared error")
            ? () => Loss.L1(line.Forward(x), y)
            : () => Loss.Mse(line.Forward(x), y);
        Tensor Gaussian()
            => -(((y - line.Forward(x)).Square() / (-2 * Sigma * Sigma)).Exp() / Math.Sqrt(2 * Math.PI * Sigma * Sigma)).Log().Mean();
        Tensor Laplace() => -(-(y - line.Forward(x)).Abs()).Exp().Log().Mean() + Math.Log(2);
        double smoothing = lab.Mutated("smoothed labels for cross-entropy") ? 0.1 : 0;
        Tensor Entropy() => Loss.CrossEntropy(net.Forward(points), classes, labelSmoothing: smoothing);
        Tensor Categorical() => -net.Forward(points).Softmax(1).Gather(1, classes.Unsqueeze(1)).Log().Mean();

        double gaussianGap = GradientGap(squares, () => Gaussian() * (2 * Sigma * Sigma), line);
        double categoricalGap = GradientGap(Entropy, Categorical, net);
        var bySquares = Minimise(lab, squares, line);
        var byGaussian = Minimise(lab, Gaussian, line);
        var byLaplace = Minimise(lab, Laplace, line);
        double same = Distance(bySquares, byGaussian), other = Distance(bySquares, byLaplace);
        double sameWeights = DescendedApart(lab, Entropy, Categorical, net);
        lab.Figure(Lines(x, y, bySquares, byGaussian, byLaplace),
            "One data set, three likelihoods. Gaussian noise and squared error give one line, which the outliers pull up; "
            + "Laplace noise, whose loss is the absolute error, is hardly moved by them.");
        lab.Check(
            $"gradients of squared error and of the Gaussian agree within {Math.Max(gaussianGap, 1e-16):0e0}", gaussianGap, atMost: 1e-9);
        lab.Check($"those of cross-entropy and of the categorical within {categoricalGap:0e0}", categoricalGap, atMost: 1e-9);
        lab.Check($"the minimisers of the first two within {Math.Max(same, 1e-16):0e0}", same, atMost: 1e-5);
        lab.Check($"the weights that descent on the other two reaches within {sameWeights:0e0}", sameWeights, atMost: 1e-9);
        lab.Check($"that of Laplace noise is {other:0.0} away", other, atLeast: 1);
    }

    private static TModule Float64<TModule>(TModule model) where TModule : Module
    {
        model.To(DType.Float64);
        return model;
    }

    /// <summary>The largest difference of two losses' gradients, relative to the largest element.</summary>
    private static double GradientGap(Func<Tensor> first, Func<Tensor> second, Module model)
    {
        Tensor[] parameters = [.. model.Parameters().Select(p => p.Value)];
        var a = Autograd.Grad(first(), parameters);
        var b = Autograd.Grad(second(), parameters);
        double largest = a.Max(g => g.Abs().Max().Item<double>());
        return a.Zip(b, (g, h) => (g - h).Abs().Max().Item<double>()).Max() / largest;
    }

    /// <summary>How far the weights are apart that descent on two losses reaches from the same start.</summary>
    private static double DescendedApart(LabContext lab, Func<Tensor> first, Func<Tensor> second, Module model)
    {
        var start = new Objective(first, model).Position;
        double[] Descended(Func<Tensor> loss)
        {
            var objective = new Objective(loss, model) { Position = start };
            Descent.Run(new Sgd(model.Parameters(), learningRate: 0.5), lab.Steps(200), loss);
            return objective.Position;
        }
        return Descended(first).Zip(Descended(second), (a, b) => Math.Abs(a - b)).Max();
    }

    /// <summary>Slope and intercept at the bottom, by descent with a rate that ends near 0 (the absolute error has a kink there).</summary>
    private static (double Slope, double Intercept) Minimise(LabContext lab, Func<Tensor> loss, Linear line)
    {
        Init.Zeros(line.Weight);
        Init.Zeros(line.Bias!);
        var optimizer = new Sgd(line.Parameters(), learningRate: 0.2, momentum: 0.5);
        Descent.Run(optimizer, lab.Steps(1200), step =>
        {
            optimizer.LearningRate = 0.2 * Math.Pow(1e-4, Math.Max(0, step - 400) / 800.0);
            return loss();
        });
        return (line.Weight.Value.Item<double>(), line.Bias!.Value.Item<double>());
    }

    private static double Distance((double, double) a, (double, double) b)
        => Math.Max(Math.Abs(a.Item1 - b.Item1), Math.Abs(a.Item2 - b.Item2));

    private static Plot Lines(Tensor x, Tensor y, params (double Slope, double Intercept)[] fits)
    {
        double[] ends = Fit.Grid(-3, 3.5, 2);
        string[] names = ["squared error", "Gaussian likelihood", "Laplace likelihood"];
        var plot = new Plot("Three likelihoods, two lines")
        {
            XLabel = "x", YLabel = "y",
        }.Scatter(x.ToArray<double>(), y.ToArray<double>(), "data");
        LineStyle[] styles = [LineStyle.Solid, LineStyle.Dotted, LineStyle.Dashed];
        for (int i = 0; i < fits.Length; i++)
            plot.Line(ends, [.. ends.Select(e => fits[i].Slope * e + fits[i].Intercept)], names[i], styles[i]);
        return plot;
    }
}
