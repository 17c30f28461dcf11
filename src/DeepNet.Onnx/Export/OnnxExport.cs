using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Tracing;

namespace DeepNet.Onnx;

/// <summary>Writes models as ONNX files, which many programs and devices run.</summary>
/// <remarks>
/// The model is run on the examples, and on others of different lengths along the open axes, and what it applied is written: operators
/// of the standard where there are any, formulas written out otherwise. Parameters and buffers are initializers under their names in
/// <see cref="Module.State"/>. Code that takes another way for other values or lengths is an error.
/// </remarks>
/// <example><code>
/// OnnxExport.Save(model, "model.onnx", Tensor.Zeros(1, 3, 224, 224));
/// </code></example>
public static class OnnxExport
{
    /// <summary>Writes a model that evaluates to a file, which is replaced as a whole.</summary>
    /// <param name="module">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="examples">An example of each input; its first axis is that of the batch, whose length stays open.</param>
    /// <exception cref="NotSupportedException">
    /// Something cannot be exported; the message names operator and layer, and nothing was written.
    /// </exception>
    public static void Save(Module module, string path, params Tensor[] examples) => Save(module, path, new OnnxExportOptions(), examples);

    /// <summary>Writes a model to a file, with names, open axes and other options.</summary>
    /// <param name="module">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Names, open axes, version and where weights go.</param>
    /// <param name="examples">An example of each input.</param>
    /// <inheritdoc cref="Save(Module, string, Tensor[])" path="/exception"/>
    public static void Save(Module module, string path, OnnxExportOptions options, params Tensor[] examples)
    {
        ArgumentNullException.ThrowIfNull(path);
        var model = Build(module, options, examples);
        if (NeedsExternalData(model, options)) ExternalData.Save(model, path);
        else AtomicFile.Write(path, model.Write().CopyTo);
    }

    /// <summary>Writes a model to a stream, which stays open.</summary>
    /// <param name="module">The model.</param>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="options">Names, open axes and version.</param>
    /// <param name="examples">An example of each input.</param>
    /// <inheritdoc cref="Save(Module, string, Tensor[])" path="/exception"/>
    public static void Save(Module module, Stream stream, OnnxExportOptions options, params Tensor[] examples)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        if (options.ExternalData == true) throw new ArgumentException("[onnx] a stream has no file beside it for external data.");
        var model = Build(module, options, examples);
        if (NeedsExternalData(model, options))
            throw new NotSupportedException("[onnx] the model is beyond the format's 2 GB: save it to a path, with its weights beside it.");
        model.Write().CopyTo(stream);
    }

    private static bool NeedsExternalData(ModelProto model, OnnxExportOptions options)
        => options.ExternalData ?? model.Graph!.Initializers.Sum(tensor => (long)tensor.Raw!.Value.Length) > 2_000_000_000;

    private static ModelProto Build(Module module, OnnxExportOptions options, Tensor[] examples)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(examples);
        if (options.Opset is < OnnxExportOptions.LowestOpset or > OnnxExportOptions.HighestOpset)
            throw new ArgumentOutOfRangeException(
                nameof(options), $"[onnx] the version {options.Opset} of the operator set cannot be written; "
                + $"{OnnxExportOptions.LowestOpset} to {OnnxExportOptions.HighestOpset} can.");
        if (examples.Length == 0) throw new ArgumentException("[onnx] an example of each input is needed, to see what the model does.");
        var axes = new OpenAxes(examples, options.SymbolicAxes);
        using var noGrad = Autograd.NoGrad();
        var modes = module.Modules().Select(entry => (entry.Module, entry.Module.IsTraining)).ToList();
        try
        {
            module.Train(options.AsTraining);
            try
            {
                return Write();
            }
            catch (NotSupportedException)
            {
                // What a model makes once and keeps, such as a table of positions, is there by now.
                return Write();
            }
        }
        finally
        {
            foreach (var (inner, isTraining) in modes) ModuleMode.Set(inner, isTraining);
        }

        ModelProto Write()
        {
            var traces = new Trace[axes.Traces];
            for (int i = 0; i < traces.Length; i++) traces[i] = Run(module, options, axes.Inputs(examples, i));
            return new GraphExport(module, options, axes, traces).Build();
        }
    }

    private static Trace Run(Module module, OnnxExportOptions options, Tensor[] inputs)
    {
        var recorder = new TraceRecorder();
        Tensor[] outputs;
        using (Recording.Begin(recorder))
            outputs = options.Forward is { } forward ? forward(inputs)
                : module is OnnxModel imported ? imported.Run(inputs.AsSpan())
                : inputs.Length == 1 ? [module.Forward(inputs[0])]
                : throw new ArgumentException(
                    $"[onnx] a model of {inputs.Length} inputs needs OnnxExportOptions.Forward, which says how they "
                    + "are given.");
        return new Trace(inputs, outputs, recorder.Steps);
    }
}
