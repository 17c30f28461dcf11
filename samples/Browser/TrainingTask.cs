using System.Globalization;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Browser;

/// <summary>A network and what it learns, step by step.</summary>
internal abstract class TrainingTask(string name, string title, string text, int steps)
{
    private const int MostPoints = 100;

    private readonly List<double> losses = [];
    private Module? model;
    private Optimizer? optimizer;

    public string Name { get; } = name;
    public string Title { get; } = title;
    public string Text { get; } = text;

    /// <summary>Gets the state of the training in words.</summary>
    public string Result { get; private set; } = "";

    /// <summary>Gets the points of the curve of the loss, in a box of 300 × 100.</summary>
    public string Curve
    {
        get
        {
            if (losses.Count == 0) return "";
            int stride = Math.Max(1, losses.Count / MostPoints);
            double most = losses.Max();
            return string.Join(' ', losses.Where((_, i) => i % stride == 0).Select((loss, i) => string.Create(
                CultureInfo.InvariantCulture, $"{i * stride * 300.0 / steps:0.#},{100 - 95 * loss / most:0.#}")));
        }
    }

    /// <summary>Makes the network anew.</summary>
    public void Start()
    {
        Generator.SetSeed(1);
        losses.Clear();
        model = Model();
        optimizer = new Adam(model.Parameters(), Rate);
    }

    /// <summary>Takes a step; false after the last one.</summary>
    public bool Step()
    {
        if (losses.Count == steps) return false;
        using var scope = Memory.Scope();
        optimizer!.ZeroGrad();
        var loss = Loss(model!, losses.Count + 1);
        loss.Backward();
        optimizer.Step();
        losses.Add(loss.Item());
        Result = string.Create(CultureInfo.InvariantCulture, $"step {losses.Count} of {steps}, loss {losses[^1]:0.000}");
        return true;
    }

    /// <summary>Says what was learned.</summary>
    public void Finish()
    {
        model!.Eval();
        using var noGrad = Autograd.NoGrad();
        Result = Judge(model);
    }

    protected abstract double Rate { get; }
    protected abstract Module Model();
    protected abstract Tensor Loss(Module model, int step);
    protected abstract string Judge(Module model);
}
