using DeepNet.Nn;

namespace DeepNet.Onnx.Tests.Export;

/// <summary>A model with examples of its inputs.</summary>
/// <param name="Module">The model.</param>
/// <param name="Examples">An example of each input.</param>
internal sealed record ModelCase(Module Module, params Tensor[] Examples)
{
    /// <summary>Gets how the model is called; null for a model of one input.</summary>
    public Func<Tensor[], Tensor[]>? Forward { get; init; }

    /// <summary>Gets a value that is false for a model whose first axis is no batch.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>Gets a value that is true if the second axis, that of steps, is open too.</summary>
    public bool HasSteps { get; init; }

    public OnnxExportOptions Options => new()
    {
        Forward = Forward,
        SymbolicAxes = !IsOpen ? [] : !HasSteps ? null
            : [.. Examples.Select(_ => new Dictionary<int, string> { [0] = "batch", [1] = "steps" })],
    };

    /// <summary>Gets inputs of two sizes, neither of them that of the export where its axes are open.</summary>
    public IEnumerable<Tensor[]> Inputs()
    {
        if (!IsOpen)
        {
            yield return Examples;
            yield break;
        }
        yield return [.. Examples.Select(x => x.Narrow(0, 0, 1))];
        var more = Examples.Select(x => Tensor.Cat([x, x.Flip(0), x], 0));
        yield return [.. more.Select(x => HasSteps ? Tensor.Cat([x, x.Flip(1)], 1) : x)];
    }

    public Tensor[] Run(Tensor[] inputs) => Forward is null ? [Module.Forward(inputs[0])] : Forward(inputs);
}
