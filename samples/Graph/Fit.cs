using System.Diagnostics;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Nodes;

/// <summary>A trained classifier.</summary>
/// <param name="Epochs">The epochs at which it was looked at.</param>
/// <param name="Accuracies">The share of hidden topics that it told right then.</param>
/// <param name="Outputs">(papers, topics), its logits at the end.</param>
/// <param name="Parameters">The number of its parameters.</param>
/// <param name="Milliseconds">The time of an epoch.</param>
internal sealed record Fit(
    IReadOnlyList<double> Epochs, IReadOnlyList<double> Accuracies, Tensor Outputs, long Parameters, double Milliseconds)
{
    private const int LookEvery = 5;

    /// <summary>Gets the accuracy at the end. No epoch and no setting is chosen by it.</summary>
    public double Accuracy => Accuracies[^1];

    /// <summary>
    /// Trains a classifier as the papers on both networks do: all papers at once, the loss on those whose topic is told, Adam with weight
    /// decay, for a fixed number of epochs.
    /// </summary>
    public static Fit Of(Classifier classifier, Papers papers, Division division, int epochs, ulong seed)
    {
        var (model, forward) = classifier.Make(papers, new Generator(seed));
        var optimizer = new Adam(model.Parameters(), new AdamOptions { LearningRate = 0.01, WeightDecay = 5e-4 });
        var labels = papers.Topics.IndexSelect(0, division.Told);
        var (looks, accuracies) = (new List<double>(), new List<double>());
        var clock = new Stopwatch();
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            using var scope = Memory.Scope();
            clock.Start();
            optimizer.ZeroGrad();
            Loss.CrossEntropy(forward(papers.Words).IndexSelect(0, division.Told), labels).Backward();
            optimizer.Step();
            clock.Stop();
            if (epoch % LookEvery != 0 && epoch != epochs) continue;
            looks.Add(epoch);
            accuracies.Add(AccuracyOf(Look(model, forward, papers), papers, division));
        }
        return new(looks, accuracies, Look(model, forward, papers), model.Parameters().Sum(p => p.Value.Count),
            clock.Elapsed.TotalMilliseconds / epochs);
    }

    private static Tensor Look(Module model, Func<Tensor, Tensor> forward, Papers papers)
    {
        using var off = Autograd.NoGrad();
        model.Eval();
        var outputs = forward(papers.Words);
        model.Train();
        return outputs;
    }

    private static double AccuracyOf(Tensor outputs, Papers papers, Division division)
        => outputs.ArgMax(1).Equal(papers.Topics).IndexSelect(0, division.Hidden).To(DType.Float64).Mean().Item();
}
