namespace DeepNet.Tour;

/// <summary>Two interleaved spirals, a small network of two hidden layers, and momentum by hand: training with nothing but the core.</summary>
internal static class Spirals
{
    private const int Points = 200, Hidden = 32, Steps = 600;

    public static double Train()
    {
        var (points, labels) = Make();
        var random = new Random(7);
        Tensor[] parameters = [Weights(random, 2, Hidden), Bias(Hidden), Weights(random, Hidden, Hidden), Bias(Hidden), Weights(random, Hidden, 1), Bias(1)];
        Tensor[] velocities = [.. parameters.Select(p => Tensor.Zeros(p.Shape))];
        var mean = Tensor.Full(new Shape(Points, 1), 1.0 / Points);

        for (int step = 0; step <= Steps; step++)
        {
            foreach (var p in parameters) p.ZeroGrad();
            var logits = Forward(parameters, points);
            // Cross-entropy of a yes-or-no answer, y in {−1, 1}: −ln sigmoid(y·logit).
            var losses = -(labels * logits).LogSigmoid();
            losses.Backward(mean);
            Update(parameters, velocities);
            if (step % 100 == 0)
                Console.WriteLine($"   step {step,4}: loss {losses.ToArray().Average():0.0000}, {Accuracy(logits, labels):P1} right");
        }
        return Accuracy(Forward(parameters, points), labels);
    }

    private static Tensor Forward(Tensor[] p, Tensor x)
    {
        var h = (x.MatMul(p[0]) + p[1]).Tanh();
        h = (h.MatMul(p[2]) + p[3]).Tanh();
        return h.MatMul(p[4]) + p[5];
    }

    private static void Update(Tensor[] parameters, Tensor[] velocities)
    {
        using var off = Autograd.NoGrad();
        for (int i = 0; i < parameters.Length; i++)
        {
            velocities[i].CopyFrom(velocities[i] * 0.9f - parameters[i].Grad! * 0.1f);
            parameters[i].AddInPlace(velocities[i]);
        }
    }

    private static double Accuracy(Tensor logits, Tensor labels) => ((logits * labels) > 0).ToArray().Average();

    private static Tensor Weights(Random random, int from, int to)
    {
        double limit = Math.Sqrt(6.0 / (from + to));
        float[] values = [.. Enumerable.Range(0, from * to).Select(_ => (float)((2 * random.NextDouble() - 1) * limit))];
        return Tensor.From<float>(values, new Shape(from, to)).WithGrad();
    }

    private static Tensor Bias(int length) => Tensor.Zeros(length).WithGrad();

    private static (Tensor Points, Tensor Labels) Make()
    {
        var points = new float[2 * Points];
        var labels = new float[Points];
        for (int i = 0; i < Points; i++)
        {
            int arm = i % 2;
            double along = (double)i / Points, angle = along * 1.5 * 2 * Math.PI + arm * Math.PI;
            points[2 * i] = (float)(2 * along * Math.Cos(angle));
            points[2 * i + 1] = (float)(2 * along * Math.Sin(angle));
            labels[i] = 2 * arm - 1;
        }
        return (Tensor.From<float>(points, new Shape(Points, 2)), Tensor.From<float>(labels, new Shape(Points, 1)));
    }
}
