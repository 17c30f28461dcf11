using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DeepNet.Onnx.RuntimeTests;

/// <summary>A model in ONNX Runtime, on one thread.</summary>
internal sealed class Runtime : IDisposable
{
    private readonly InferenceSession session;

    public Runtime(byte[] file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(file, options);
    }

    public List<Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        var values = inputs.Where(input => session.InputMetadata.ContainsKey(input.Key)).Select(
            input => Value(input.Key, input.Value)).ToList();
        using var results = session.Run(values, session.OutputNames);
        return [.. results.Select(Read)];
    }

    public void Dispose() => session.Dispose();

    private static NamedOnnxValue Value(string name, Tensor x) => x.DType switch
    {
        DType.Float64 => Make<double>(name, x),
        DType.Int64 => Make<long>(name, x),
        DType.Int32 => Make<int>(name, x),
        DType.Bool => Make<bool>(name, x),
        DType.UInt8 => Make<byte>(name, x),
        _ => Make<float>(name, x),
    };

    private static NamedOnnxValue Make<T>(string name, Tensor x) where T : unmanaged
        => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(x.ToArray<T>(), [.. x.Shape]));

    private static Tensor Read(DisposableNamedOnnxValue value) => value.ElementType switch
    {
        TensorElementType.Double => Read<double>(value),
        TensorElementType.Int64 => Read<long>(value),
        TensorElementType.Int32 => Read<int>(value),
        TensorElementType.Bool => Read<bool>(value),
        TensorElementType.UInt8 => Read<byte>(value),
        _ => Read<float>(value),
    };

    private static Tensor Read<T>(DisposableNamedOnnxValue value) where T : unmanaged
    {
        var tensor = value.AsTensor<T>();
        return Tensor.From<T>(tensor.ToArray(), new Shape(tensor.Dimensions));
    }
}
