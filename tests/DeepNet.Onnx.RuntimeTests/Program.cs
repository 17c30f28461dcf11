using DeepNet.Onnx.RuntimeTests;

// Compares with ONNX Runtime: what is exported, and models that others published.
//   dotnet run -c Release --project tests/DeepNet.Onnx.RuntimeTests -- layers
//   dotnet run -c Release --project tests/DeepNet.Onnx.RuntimeTests -- operators
//   dotnet run -c Release --project tests/DeepNet.Onnx.RuntimeTests -- models, or models whole
//   dotnet run -c Release --project tests/DeepNet.Onnx.RuntimeTests -- model FILE AXIS=LENGTH…
return args switch
{
    ["layers"] => Exported.Layers(),
    ["operators"] => Exported.Operators(),
    ["models"] => Exported.Models(isWhole: false),
    ["models", "whole"] => Exported.Models(isWhole: true),
    ["model", var path, .. var lengths] => Published.Compare(path, lengths),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("layers | operators | models [whole] | model FILE AXIS=LENGTH…");
    return 2;
}
