namespace DeepNet.Onnx;

/// <summary>Specifies how a model is exported.</summary>
/// <example><code>
/// OnnxExport.Save(model, "model.onnx", new OnnxExportOptions { InputNames = ["image"], OutputNames = ["scores"], Opset = 20 }, image);
/// </code></example>
public sealed record OnnxExportOptions
{
    /// <summary>Gets the lowest version of the operator set that can be written.</summary>
    public const int LowestOpset = 18;

    /// <summary>Gets the highest version of the operator set that can be written.</summary>
    public const int HighestOpset = 21;

    /// <summary>Gets the names of the inputs; by default <c>input</c>, or <c>input0</c>, <c>input1</c>… of several.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>Gets the names of the outputs; by default <c>output</c>, or <c>output0</c>, <c>output1</c>… of several.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>
    /// Gets the axes whose length is open: for each input the names by axis. Axes of one name have one length. By default the first axis of
    /// every input is called <c>batch</c>; an empty list leaves all lengths as they are in the examples.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<int, string>>? SymbolicAxes { get; init; }

    /// <summary>Gets the version of the operator set, 18 to 21. The default is 18, which most programs read.</summary>
    public int Opset { get; init; } = LowestOpset;

    /// <summary>Gets the texts to keep beside the model.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// Gets a value that is true to export the model in its training mode, in which batch normalisation uses the batch; what is random
    /// cannot be written.
    /// </summary>
    public bool AsTraining { get; init; }

    /// <summary>
    /// Gets a value that is true to put weights into a file of their own beside the model, <c>….onnx.data</c>; null to do so where one file
    /// would be beyond the format's 2 GB.
    /// </summary>
    public bool? ExternalData { get; init; }

    /// <summary>Gets what computes the outputs, for models of several inputs or outputs; null for <c>Forward</c> of one input.</summary>
    public Func<Tensor[], Tensor[]>? Forward { get; init; }
}
