using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tour;

/// <summary>Two interleaved spirals and a small network that learns to tell them apart: a model, a loss, an optimizer, a loop.</summary>
internal static class Spirals
{
    private const int Points = 200, Steps = 300;

    private sealed class Network : Module
    {
        private readonly Linear fc1 = new(2, 32, activation: new Tanh()), fc2 = new(32, 32, activation: new Tanh()), fc3 = new(32, 2);

        public override Tensor Forward(Tensor x) => fc3.Forward(fc2.Forward(fc1.Forward(x)));
    }

    public static double Train()
    {
        Generator.SetSeed(7);
        var (points, labels) = Make();
        var model = new Network();
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-2);
        Console.WriteLine(model.Summary(points.Shape));

        for (int step = 0; step <= Steps; step++)
        {
            using var scope = Memory.Scope();       // not needed; gives the step's memory back at once
            optimizer.ZeroGrad();
            var logits = model.Forward(points);
            var loss = Loss.CrossEntropy(logits, labels);
            loss.Backward();
            optimizer.Step();
            if (step % 50 == 0) Console.WriteLine($"   step {step,4}: loss {loss.Item():0.0000}, {Accuracy(logits, labels):P1} right");
        }
        model.Eval();
        return Accuracy(model.Forward(points), labels);
    }

    private static double Accuracy(Tensor logits, Tensor labels) => logits.ArgMax(1).Equal(labels).ToArray().Average();

    private static (Tensor Points, Tensor Labels) Make()
    {
        var points = new float[Points, 2];
        var labels = new long[Points];
        for (int i = 0; i < Points; i++)
        {
            int arm = i % 2;
            double along = (double)i / Points, angle = along * 1.5 * 2 * Math.PI + arm * Math.PI;
            points[i, 0] = (float)(2 * along * Math.Cos(angle));
            points[i, 1] = (float)(2 * along * Math.Sin(angle));
            labels[i] = arm;
        }
        return (Tensor.From(points), Tensor.From<long>(labels));
    }
}
